import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnectionError } from '../../../../src/runtime/errors/call-errors.ts'
import { watchSignal } from '../../../../src/runtime/transport/deadline.ts'
import { failure, runPending } from '../harness.ts'
import { byOffset, collect, numbered, type PageResponder, paged, things } from './paged-server.ts'

const rejections: unknown[] = []
const onRejection = (reason: unknown): void => void rejections.push(reason)

beforeEach(() => {
  rejections.length = 0
  process.on('unhandledRejection', onRejection)
})
afterEach(async () => {
  await runPending()
  process.off('unhandledRejection', onRejection)
  expect(rejections).toEqual([])
})

const upTo = (count: number): { id: number }[] => things(...Array.from({ length: count }, (_, n) => n + 1))
const lost = (): ConnectionError => new ConnectionError({ operation: 'GET /api/things/', message: 'lost' })
const offsetOf = (search: string): number => Number(new URLSearchParams(search).get('offset'))

/** Holds each response until it is released. */
function held(respond: PageResponder) {
  const pending = new Map<number, () => void>()
  let most = 0
  return {
    /** Offsets of the requests in flight, in the order in which they were sent. */
    inFlight: () => [...pending.keys()],
    /** Maximum number of requests in flight. */
    most: () => most,
    async release(...offsets: readonly number[]): Promise<void> {
      for (const offset of offsets) {
        pending.get(offset)?.()
        pending.delete(offset)
        await runPending(3)
      }
    },
    respond: ((search, signal) =>
      new Promise((resolve) => {
        pending.set(offsetOf(search), () => resolve(respond(search, signal)))
        most = Math.max(most, pending.size)
        if (signal) watchSignal(signal).onAbort(() => pending.delete(offsetOf(search)))
      })) satisfies PageResponder,
  }
}

describe('a list with concurrency', () => {
  it('requests so many pages at once, after the first one', async () => {
    const server = held(byOffset(() => upTo(20)))
    const { list } = paged(server.respond, { concurrency: 4 })
    const items = collect(list)
    await runPending()
    expect(server.inFlight()).toEqual([0])
    await server.release(0)
    expect(server.inFlight()).toEqual([2, 4, 6, 8])
    await server.release(2)
    expect(server.inFlight()).toEqual([4, 6, 8, 10])
    await server.release(4, 6, 8, 10, 12, 14, 16, 18)
    expect(await items).toEqual(upTo(20))
    expect(server.most()).toBe(4)
  })

  it('yields pages in order, whichever arrives first', async () => {
    const server = held(byOffset(() => upTo(8)))
    const { list } = paged(server.respond, { concurrency: 3 })
    const pages = collect(list.pages())
    await runPending()
    await server.release(0, 6, 4, 2)
    expect((await pages).map(({ items }) => items.map(({ id }) => id))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ])
    expect((await pages).map(({ next }) => next)).toEqual([
      'limit=2&offset=2',
      'limit=2&offset=4',
      'limit=2&offset=6',
      undefined,
    ])
  })

  it('holds at most so many pages ahead of a slow reader', async () => {
    const { list, requested } = paged(
      byOffset(() => upTo(40)),
      { concurrency: 3 },
    )
    const pages = list.pages()
    await pages.next()
    await runPending()
    expect(requested).toHaveLength(4)
    await pages.next()
    await runPending()
    expect(requested).toHaveLength(5)
    await pages.return?.()
  })

  it('requests no page beyond its count', async () => {
    const { list, requested } = paged(
      byOffset(() => upTo(7)),
      { concurrency: 16 },
    )
    expect(await collect(list)).toEqual(upTo(7))
    expect(requested.map(offsetOf)).toEqual([0, 2, 4, 6])
  })

  it('takes the page size from the link when the server lowers the limit', async () => {
    const { list, requested } = paged(
      byOffset(() => upTo(9), { max: 3 }),
      { concurrency: 4, search: 'limit=1000&search=a' },
    )
    expect(await collect(list)).toEqual(upTo(9))
    expect(requested).toEqual([
      'limit=1000&search=a',
      'limit=3&offset=3&search=a',
      'limit=3&offset=6&search=a',
    ])
  })

  it.each([
    ['resumes from a cursor', 'limit=2&offset=4'],
    ['starts at an offset', undefined],
  ])('%s', async (_, cursor) => {
    const { list, requested } = paged(
      byOffset(() => upTo(12)),
      { concurrency: 2, cursor, search: 'offset=4' },
    )
    expect(await collect(list)).toEqual(upTo(12).slice(4))
    expect(requested.map(offsetOf)).toEqual([4, 6, 8, 10])
  })

  it('reuses an awaited first page', async () => {
    const { list, requested } = paged(
      byOffset(() => upTo(6)),
      { concurrency: 4 },
    )
    await list
    expect(await collect(list)).toEqual(upTo(6))
    expect(requested.map(offsetOf)).toEqual([0, 2, 4])
  })
})

describe('a list with concurrency reads one page at a time', () => {
  const pages = [things(1, 2), things(3, 4), things(5, 6), things(7)]
  const rest = (search: string, next: (page: number) => string, count?: number): unknown => {
    const page = Number(/\d+$/.exec(search)?.[0] ?? 0)
    return { count, next: page < 3 ? next(page + 1) : null, results: pages[page] }
  }
  it.each<[string, PageResponder]>([
    ['without a count', (search) => rest(search, (page) => `/?offset=${page}`)],
    ['with opaque cursors', (search) => rest(search, (page) => `/?cursor=${page}`, 7)],
    ['with page numbers', (search) => rest(search, (page) => `/?page=${page}`, 7)],
    ['when the link has another query', (search) => rest(search, (page) => `/?at=${page}&offset=${page}`, 7)],
  ])('%s', async (_, respond) => {
    const server = held(respond)
    const { list, requested } = paged(server.respond, { concurrency: 4 })
    const items = collect(list)
    for (let page = 0; page < 4; page++) {
      await runPending()
      await server.release(...server.inFlight())
    }
    expect(await items).toEqual(pages.flat())
    expect(server.most()).toBe(1)
    expect(requested).toHaveLength(4)
  })

  it('after a link that does not lead to the expected page', async () => {
    const offsets = [0, 2, 3, 5, 6]
    const { list } = paged(
      (search) => {
        const at = offsets.indexOf(offsetOf(search))
        const next = offsets[at + 1]
        const results = at === -1 ? things(99) : upTo(7).slice(offsets[at], next ?? 7)
        return { count: 7, next: next === undefined ? null : `/?offset=${next}`, results }
      },
      { concurrency: 4 },
    )
    expect(await collect(list)).toEqual(upTo(7))
  })
})

describe('toArray with concurrency', () => {
  it.each([
    [5, [0, 2, 4]],
    [4, [0, 2]],
    [1, [0]],
  ])('requests no page beyond %i items', async (max, offsets) => {
    const { list, requested } = paged(
      byOffset(() => upTo(40)),
      { concurrency: 8 },
    )
    expect(await list.toArray({ max, allowPartial: true })).toEqual(upTo(max))
    await runPending()
    expect(requested.map(offsetOf)).toEqual(offsets)
  })

  it('throws an error with items and cursor when there are more', async () => {
    const { list } = paged(
      byOffset(() => upTo(40)),
      { concurrency: 8 },
    )
    const error = await failure(list.toArray({ max: 5 }))
    expect(error).toMatchObject({ name: 'TruncatedResultError', items: upTo(5), cursor: 'limit=2&offset=6' })
  })

  it('reads further pages where pages are short', async () => {
    const all = [{ id: 1 }, { id: 1 }, { id: 1 }, { id: 1 }, { id: 2 }, { id: 3 }]
    const { list } = paged(
      byOffset(() => all),
      { concurrency: 8 },
    )
    expect(await list.toArray({ max: 4 })).toEqual(things(1, 1, 2, 3))
  })
})

describe('leaving a list with concurrency', () => {
  it('aborts all pages in flight after a break', async () => {
    const server = held(byOffset(() => upTo(40)))
    const { list, aborted } = paged(server.respond, { concurrency: 3 })
    const loop = (async () => {
      for await (const { id } of list) if (id === 3) break
    })()
    await runPending()
    await server.release(0, 2)
    await loop
    await runPending()
    expect(aborted.map(offsetOf)).toEqual([4, 6, 8])
    expect(server.inFlight()).toEqual([])
  })

  it("aborts all pages in flight with the caller's reason, and leaves no listener", async () => {
    const controller = new AbortController()
    const server = held(byOffset(() => upTo(40)))
    const { list, aborted } = paged(server.respond, { concurrency: 3, signal: controller.signal })
    const items = collect(list)
    await runPending()
    await server.release(0)
    controller.abort('enough')
    await expect(items).rejects.toBe('enough')
    await runPending()
    expect(aborted.map(offsetOf)).toEqual([2, 4, 6])
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it.each(['return', 'abort'])('sends nothing after %s while it discards pages', async (how) => {
    const controller = new AbortController()
    let all = upTo(12)
    const server = held(byOffset(() => all))
    const { list, requested } = paged(server.respond, { concurrency: 3, signal: controller.signal })
    const pages = list.pages()
    const first = pages.next()
    await runPending()
    await server.release(0, 4)
    await first
    all = upTo(13)
    const second = pages.next()
    await server.release(2)
    await second
    const third = pages.next().catch((error: unknown) => error)
    if (how === 'abort') controller.abort('enough')
    else await pages.return?.()
    expect(await third).toEqual(how === 'abort' ? 'enough' : { done: true, value: undefined })
    await runPending()
    expect(requested.map(offsetOf)).toEqual([0, 2, 4, 6, 8])
  })
})

describe('an error of a list with concurrency', () => {
  it('has the cursor of the first page that was not delivered', async () => {
    const respond = byOffset(() => upTo(12))
    const server = held((search, signal) =>
      [4, 8].includes(offsetOf(search)) ? lost() : respond(search, signal),
    )
    const { list } = paged(server.respond, { concurrency: 5 })
    const got: number[] = []
    const reading = failure(
      (async () => {
        for await (const { id } of list) got.push(id)
      })(),
    )
    await runPending()
    await server.release(0, 8, 10, 6, 4, 2)
    expect(await reading).toMatchObject({ name: 'ConnectionError', cursor: 'limit=2&offset=4' })
    expect(got).toEqual([1, 2, 3, 4])
    const rest = paged(respond, { concurrency: 5, cursor: String((await reading)['cursor']) })
    expect(await collect(rest.list)).toEqual(upTo(12).slice(4))
  })

  it('does not matter beyond the end of a list that became shorter', async () => {
    let all = upTo(10)
    const respond = byOffset(() => all)
    const server = held((search, signal) => (offsetOf(search) >= 4 ? lost() : respond(search, signal)))
    const { list } = paged(server.respond, { concurrency: 4 })
    const items = collect(list)
    await runPending()
    await server.release(0)
    all = upTo(4)
    await server.release(8, 6, 4, 2)
    // The early page has another count: it is requested once more.
    await server.release(2)
    expect(await items).toEqual(upTo(4))
  })

  it('is the one about an endless list', async () => {
    let id = 0
    const { list } = paged(
      (search) => ({ count: 1e9, next: `/?offset=${(offsetOf(search) + 1) % 9}`, results: things(++id) }),
      { concurrency: 4 },
    )
    expect((await failure(collect(list))).message).toContain('endless')
  })
})

describe('a list that changes while it is read with concurrency', () => {
  it('loses no item when a later page was answered before an insert', async () => {
    let all = things(6, 5, 4, 3, 2, 1)
    const server = held(byOffset(() => all))
    const { list, requested } = paged(server.respond, { concurrency: 2 })
    const items = collect(list)
    await runPending()
    await server.release(0, 4)
    all = [...things(7), ...all]
    await server.release(2, 4, 6)
    expect((await items).map(({ id }) => id)).toEqual([6, 5, 4, 3, 2, 1])
    expect(requested.map(offsetOf)).toEqual([0, 2, 4, 6, 4, 6])
  })

  it('does not request the next page twice, which was requested after the one in front of it', async () => {
    let all = upTo(4)
    const respond = byOffset(() => all)
    const { list, requested } = paged(
      (search, signal) => {
        const page = respond(search, signal)
        all = upTo(all.length + 1)
        return page
      },
      { concurrency: 1 },
    )
    expect(await collect(list)).toHaveLength(all.length - 1)
    expect(new Set(requested).size).toBe(requested.length)
  })

  it.each([1, 4])('follows links after the last counted page with concurrency %i', async (concurrency) => {
    const pages = numbered(...Array.from({ length: 12 }, (_, page) => things(page)))
    const { list } = paged(
      (search, signal) => {
        const page = Math.max(0, offsetOf(search))
        // The body of `numbered`.
        const body = pages(`page=${page + 1}`, signal) as { next: string | null }
        return { ...body, count: 3, next: body.next === null ? null : `/?offset=${page + 1}` }
      },
      { concurrency },
    )
    expect((await collect(list)).map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, page) => page))
  })

  it('requests at most twice as many pages as without concurrency when the count always changes', async () => {
    const respond = byOffset(() => upTo(60))
    let count = 1_000
    const { list, requested } = paged(
      (search, signal) => ({ ...Object(respond(search, signal)), count: count++ }),
      { concurrency: 8 },
    )
    expect(await collect(list)).toEqual(upTo(60))
    // The first page announces a stable list.
    expect(requested.length).toBeLessThanOrEqual(2 * 30 + 8)
  })

  it('continues after short and empty pages with a next one', async () => {
    const respond = byOffset(() => upTo(12))
    const { list } = paged(
      (search, signal) => {
        const page = Object(respond(search, signal))
        return { ...page, results: page.results.filter(({ id }: { id: number }) => id < 4 || id > 8) }
      },
      { concurrency: 4 },
    )
    expect(await collect(list)).toEqual(things(1, 2, 3, 9, 10, 11, 12))
  })

  it('ends at the page without a next one, in front of the counted end', async () => {
    const respond = byOffset(() => upTo(6))
    const { list } = paged((search, signal) => ({ ...Object(respond(search, signal)), count: 100 }), {
      concurrency: 4,
    })
    expect(await collect(list)).toEqual(upTo(6))
  })
})

describe('concurrency', () => {
  const listed = fc.record({
    total: fc.integer({ min: 0, max: 40 }),
    size: fc.integer({ min: 1, max: 7 }),
    concurrency: fc.integer({ min: 2, max: 8 }),
    broken: fc.option(fc.nat(40), { nil: undefined }),
  })

  /** Ids in order, and the cursor of the error, if any. */
  async function outcome(list: AsyncIterable<{ id: number }>): Promise<unknown> {
    const ids: number[] = []
    try {
      for await (const { id } of list) ids.push(id)
      return { ids }
    } catch (error) {
      return { ids, cursor: Object(error).cursor, name: Object(error).name }
    }
  }

  it('reads what one request at a time reads, with the same requests, in any order of responses', async () => {
    await fc.assert(
      fc.asyncProperty(listed, fc.scheduler(), async ({ total, size, concurrency, broken }, scheduler) => {
        const respond = byOffset(() => upTo(total), { size })
        const answer: PageResponder = (search, signal) =>
          broken !== undefined && Math.floor(broken / size) * size === offsetOf(search)
            ? lost()
            : respond(search, signal)
        const alone = paged(answer, { prefetch: false })
        const expected = await outcome(alone.list)
        const parallel = paged(
          (search, signal) => scheduler.schedule(Promise.resolve(answer(search, signal))),
          {
            concurrency,
          },
        )
        expect(await scheduler.waitFor(outcome(parallel.list))).toEqual(expected)
        if (broken === undefined) expect(parallel.requested).toEqual(alone.requested)
      }),
      { numRuns: 200 },
    )
  })

  it('yields each item once and in order, whatever is inserted while pages are in flight', async () => {
    await fc.assert(
      fc.asyncProperty(
        listed,
        fc.array(fc.nat(1), { minLength: 50, maxLength: 50 }),
        fc.scheduler(),
        async ({ total, size, concurrency }, inserts, scheduler) => {
          // Newest first, as PostHog lists. An insert shifts all other items.
          let stored = upTo(total).reverse()
          let answered = 0
          const respond = byOffset(() => stored, { size: size + 3 })
          const { list } = paged(
            (search, signal) =>
              scheduler.schedule(Promise.resolve()).then(() => {
                const page = respond(search, signal)
                // Rarely enough that each page has a new item.
                answered += 1
                const inserted = answered % concurrency === 0 ? (inserts[answered] ?? 0) : 0
                const newest = stored[0]?.id ?? 0
                stored = [...upTo(inserted).map(({ id }) => ({ id: newest + id })), ...stored]
                return page
              }),
            { concurrency },
          )
          const ids = (await scheduler.waitFor(collect(list))).map(({ id }) => id)
          expect(ids.filter((id) => id <= total)).toEqual(
            upTo(total)
              .reverse()
              .map(({ id }) => id),
          )
          expect(new Set(ids).size).toBe(ids.length)
        },
      ),
      { numRuns: 200 },
    )
  })
})
