import { describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../../src/client/create-client.ts'
import { clientOf, fakeServer, json, scriptedServer } from '../../fake-server.ts'

interface Listing {
  readonly posthog: TypehogClient
  /** Query strings of the requests. */
  readonly searches: () => string[]
}

/** A client whose server sends these pages in turn, each except the last with a `next`. */
function listing(...pages: readonly (readonly string[])[]): Listing {
  const server = fakeServer((_, call) => {
    const next = call < pages.length ? `https://elsewhere.test/?offset=${call}` : null
    return json({ count: 99, next, results: pages[call - 1]?.map((name) => ({ name })) })
  })
  const searches = (): string[] => server.requests.map(({ url }) => new URL(url).search)
  return { posthog: clientOf(server), searches }
}

async function names(list: AsyncIterable<{ name: string }>): Promise<string[]> {
  const found: string[] = []
  for await (const { name } of list) found.push(name)
  return found
}

describe('listing endpoints', () => {
  it('follows the links, whatever the length of a page, until there is no next one', async () => {
    const { posthog, searches } = listing(['a', 'b'], ['c'], ['d', 'e'])
    expect(await names(posthog.endpoints.list({ pageSize: 2 }))).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(searches()).toEqual(['?limit=2', '?offset=1', '?offset=2'])
  })

  it('asks for the page size and the filter that it was given', async () => {
    const { posthog, searches } = listing(['a'])
    await names(posthog.endpoints.list({ isActive: false, pageSize: 1 }))
    expect(searches()).toEqual(['?limit=1&is_active=false'])
  })

  it('leaves the page size to PostHog by default', async () => {
    const { posthog, searches } = listing([])
    expect(await names(posthog.endpoints.list())).toEqual([])
    expect(searches()).toEqual([''])
  })

  it('goes on after an empty page that names a next one', async () => {
    const { posthog } = listing(['a'], [], ['b'])
    expect(await names(posthog.endpoints.list())).toEqual(['a', 'b'])
  })

  it('gives the first page when it is awaited, and asks for no other', async () => {
    const { posthog, searches } = listing(['a', 'b'], ['c'])
    const page = await posthog.endpoints.list()
    expect(page.items.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(page).toMatchObject({ count: 99, next: 'offset=1' })
    expect(searches()).toHaveLength(1)
  })

  it('asks for nothing before the loop begins, and for one page ahead at most', async () => {
    const { posthog, searches } = listing(['a', 'b'], ['c'], ['d'])
    const list = posthog.endpoints.list()
    expect(searches()).toEqual([])
    for await (const { name } of list) if (name === 'b') break
    expect(searches()).toHaveLength(2)
  })

  it('ends with the reason of its signal', async () => {
    const { posthog } = listing(['a'], ['b'])
    const abort = new AbortController()
    const reason = new Error('enough')
    const loop = async (): Promise<void> => {
      for await (const _ of posthog.endpoints.list({}, { signal: abort.signal })) abort.abort(reason)
    }
    await expect(loop()).rejects.toBe(reason)
  })
})

describe('reading one endpoint', () => {
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
  ])('%s asks the right address', async (_, call, path) => {
    expect(await read(call)).toBe(path)
  })
})
