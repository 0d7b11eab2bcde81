import { describe, expect, it } from 'vitest'
import { createClient, type TypehogClient } from '../../../../src/client/create-client.ts'

interface Listing {
  readonly posthog: TypehogClient
  readonly searches: string[]
}

/** A client whose server answers these pages in turn, each but the last with a `next`. */
function listing(...pages: readonly (readonly string[])[]): Listing {
  const searches: string[] = []
  const posthog = createClient({
    apiKey: 'phx_Secret0123456789abcdef',
    host: 'https://posthog.test',
    projectId: 7,
    fetch: async (url) => {
      const page = searches.length
      searches.push(new URL(url).search)
      const next = page < pages.length - 1 ? `https://elsewhere.test/?offset=${page + 1}` : null
      return Response.json({ count: 99, next, results: pages[page]?.map((name) => ({ name })) })
    },
  })
  return { posthog, searches }
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
    expect(searches).toEqual(['?limit=2', '?offset=1', '?offset=2'])
  })

  it('asks for the page size and the filter that it was given', async () => {
    const { posthog, searches } = listing(['a'])
    await names(posthog.endpoints.list({ isActive: false, pageSize: 1 }))
    expect(searches).toEqual(['?limit=1&is_active=false'])
  })

  it('leaves the page size to PostHog by default', async () => {
    const { posthog, searches } = listing([])
    expect(await names(posthog.endpoints.list())).toEqual([])
    expect(searches).toEqual([''])
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
    expect(searches).toHaveLength(1)
  })

  it('asks for nothing before the loop begins, and for one page ahead at most', async () => {
    const { posthog, searches } = listing(['a', 'b'], ['c'], ['d'])
    const list = posthog.endpoints.list()
    expect(searches).toEqual([])
    for await (const { name } of list) if (name === 'b') break
    expect(searches).toHaveLength(2)
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
    let url = ''
    const posthog = createClient({
      apiKey: 'phx_Secret0123456789abcdef',
      host: 'https://posthog.test',
      projectId: 7,
      fetch: async (asked) => {
        url = asked
        return Response.json({})
      },
    })
    await call(posthog)
    return url.replace('https://posthog.test/api/projects/7', '')
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
