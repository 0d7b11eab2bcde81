import { describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../../src/client/create-client.ts'
import { clientOf, fakeServer, json, scriptedServer } from '../../fake-server.ts'

interface PagedEndpoints {
  readonly posthog: TypehogClient
  /** Query strings of the requests. */
  readonly searches: () => string[]
}

/** A client whose server returns these pages of names in turn. Each page but the last has a `next`. */
function pagedEndpoints(...pages: readonly (readonly string[])[]): PagedEndpoints {
  const server = fakeServer((_, call) => {
    const next = call < pages.length ? `https://elsewhere.test/?offset=${call}` : null
    return json({ count: 99, next, results: pages[call - 1]?.map((name) => ({ name })) })
  })
  const searches = (): string[] => server.requests.map(({ url }) => new URL(url).search)
  return { posthog: clientOf(server), searches }
}

async function names(list: AsyncIterable<{ name: string }>): Promise<string[]> {
  const all: string[] = []
  for await (const { name } of list) all.push(name)
  return all
}

describe('listing endpoints', () => {
  it('follows next links until the last page, whatever the page sizes', async () => {
    const { posthog, searches } = pagedEndpoints(['a', 'b'], ['c'], ['d', 'e'])
    expect(await names(posthog.endpoints.list({ pageSize: 2 }))).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(searches()).toEqual(['?limit=2', '?offset=1', '?offset=2'])
  })

  it('sends the page size and the filter', async () => {
    const { posthog, searches } = pagedEndpoints(['a'])
    await names(posthog.endpoints.list({ isActive: false, pageSize: 1 }))
    expect(searches()).toEqual(['?limit=1&is_active=false'])
  })

  it('sends no page size by default', async () => {
    const { posthog, searches } = pagedEndpoints([])
    expect(await names(posthog.endpoints.list())).toEqual([])
    expect(searches()).toEqual([''])
  })

  it('continues after an empty page with a next link', async () => {
    const { posthog } = pagedEndpoints(['a'], [], ['b'])
    expect(await names(posthog.endpoints.list())).toEqual(['a', 'b'])
  })

  it('requests only the first page when awaited', async () => {
    const { posthog, searches } = pagedEndpoints(['a', 'b'], ['c'])
    const page = await posthog.endpoints.list()
    expect(page.items.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(page).toMatchObject({ count: 99, next: 'offset=1' })
    expect(searches()).toHaveLength(1)
  })

  it('sends nothing before the loop starts, and prefetches one page', async () => {
    const { posthog, searches } = pagedEndpoints(['a', 'b'], ['c'], ['d'])
    const list = posthog.endpoints.list()
    expect(searches()).toEqual([])
    for await (const { name } of list) if (name === 'b') break
    expect(searches()).toHaveLength(2)
  })

  it('throws the reason of its signal', async () => {
    const { posthog } = pagedEndpoints(['a'], ['b'])
    const abort = new AbortController()
    const reason = new Error('enough')
    const loop = async (): Promise<void> => {
      for await (const _ of posthog.endpoints.list({}, { signal: abort.signal })) abort.abort(reason)
    }
    await expect(loop()).rejects.toBe(reason)
  })
})

describe('one endpoint', () => {
  const read = async (call: (posthog: TypehogClient) => Promise<unknown>): Promise<string> => {
    const server = scriptedServer()
    await call(clientOf(server))
    return server.requests.map(({ path }) => path).join()
  }

  it.each<[string, (posthog: TypehogClient) => Promise<unknown>, string]>([
    ['get', (posthog) => posthog.endpoints.get('a b'), '/endpoints/a%20b/'],
    ['get at a version', (posthog) => posthog.endpoints.get('a', { version: 2 }), '/endpoints/a/?version=2'],
    ['openapi', (posthog) => posthog.endpoints.openapi('a'), '/endpoints/a/openapi.json/'],
    [
      'openapi at a version',
      (posthog) => posthog.endpoints.openapi('a', { version: 2 }),
      '/endpoints/a/openapi.json/?version=2',
    ],
  ])('%s requests the expected path', async (_, call, path) => {
    expect(await read(call)).toBe(path)
  })
})
