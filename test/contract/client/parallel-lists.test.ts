import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientOptions, createClient, type TypehogClient } from '../../../src/index.ts'
import { type LocalPostHog, startLocalPostHog } from '../../../src/testing.ts'

let local: LocalPostHog
beforeAll(async () => {
  local = await startLocalPostHog({ events: 0, throttle: false })
  const { annotations } = clientOf().posthog
  for (let n = 1; n <= 25; n++) await annotations.create({ content: `note ${n}` })
})
afterAll(() => local.close())

/** A client that counts its requests. `before` runs before PostHog answers. */
function clientOf(options: ClientOptions = {}, before?: (url: URL) => Promise<void>) {
  const offsets: number[] = []
  let inFlight = 0
  let most = 0
  const posthog: TypehogClient = createClient({
    apiKey: local.personalApiKey,
    projectId: local.projectId,
    host: 'http://local.test',
    logLevel: 'off',
    async fetch(url, init) {
      offsets.push(Number(new URL(url).searchParams.get('offset')))
      most = Math.max(most, ++inFlight)
      await before?.(new URL(url))
      const response = await local.handle(new Request(url, init))
      inFlight -= 1
      return response
    },
    ...options,
  })
  return { posthog, offsets, most: () => most }
}

const contents = (items: readonly { content?: string | null }[]): unknown[] =>
  items.map(({ content }) => content)

describe('a list of PostHog with concurrency', () => {
  it('yields the items of one request at a time, with the same requests', async () => {
    const alone = clientOf()
    const expected = await alone.posthog.annotations.list({ limit: 3 }).toArray({ max: 100 })
    const parallel = clientOf()
    const list = parallel.posthog.annotations.list({ limit: 3 }, { concurrency: 4 })
    expect(await list.toArray({ max: 100 })).toEqual(expected)
    expect(expected).toHaveLength(25)
    expect(parallel.offsets).toEqual(alone.offsets)
    expect(alone.most()).toBe(1)
    expect(parallel.most()).toBe(4)
  })

  it('keeps filters and the cursor of each page', async () => {
    const { posthog } = clientOf()
    const list = posthog.annotations.list({ limit: 3, search: 'note 1' }, { concurrency: 4 })
    const all = contents(await list.toArray({ max: 100 }))
    expect(all).toHaveLength(11)
    let seen = 0
    for await (const { items, next } of list.pages()) {
      seen += items.length
      if (next === undefined) continue
      const rest = posthog.annotations.list({ limit: 3, search: 'note 1' }, { cursor: next, concurrency: 2 })
      expect(contents(await rest.toArray({ max: 100 }))).toEqual(all.slice(seen))
    }
    expect(seen).toBe(11)
  })

  it('yields each item once when objects are created while it is read', async () => {
    const { annotations } = clientOf().posthog
    const before = contents(await annotations.list().toArray({ max: 100 }))
    const created: number[] = []
    const { posthog } = clientOf({}, async (url) => {
      if (url.searchParams.get('offset') !== '12') return
      created.push((await annotations.create({ content: `later ${created.length}` })).id)
    })
    const items = await posthog.annotations.list({ limit: 3 }, { concurrency: 6 }).toArray({ max: 100 })
    for (const id of created) await annotations.delete(id)
    expect(contents(items)).toEqual(before)
    expect(created.length).toBeGreaterThan(0)
  })

  it('requests persons one page at a time, which PostHog does not count', async () => {
    const { posthog, most } = clientOf()
    for (let n = 0; n < 7; n++) {
      await posthog.events.capture({
        event: '$identify',
        distinctId: `user ${n}`,
        properties: { $set: { n } },
      })
    }
    const list = posthog.persons.list({ limit: 2 }, { concurrency: 4 })
    expect(await list.toArray({ max: 100 })).toHaveLength(7)
    expect(most()).toBe(1)
  })

  it('stays within the rate limits, and names the page that has to wait', async () => {
    const { posthog, offsets } = clientOf({
      limits: { mode: 'count', rates: { default: [{ requests: 5, seconds: 60 }] } },
    })
    const list = posthog.annotations.list({ limit: 3 }, { concurrency: 4, totalTimeout: 1_000 })
    const got: unknown[] = []
    const read = (async () => {
      for await (const item of list) got.push(item)
    })()
    await expect(read).rejects.toMatchObject({ name: 'RateLimitError', cursor: 'limit=3&offset=15' })
    expect(got).toHaveLength(15)
    expect(offsets).toEqual([0, 3, 6, 9, 12])
  })
})
