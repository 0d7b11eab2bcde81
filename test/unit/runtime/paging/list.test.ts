import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnectionError } from '../../../../src/runtime/errors/call-errors.ts'
import { failure, runPending } from '../harness.ts'
import { collect, numbered, paged, things } from './paged-server.ts'

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

const three = numbered(things(1, 2), things(3), things(4, 5))
const lost = (): ConnectionError => new ConnectionError({ operation: 'GET /api/things/', message: 'lost' })

describe('an awaited list', () => {
  it('requests only the first page, once', async () => {
    const { list, requested } = paged(three, { search: 'limit=2' })
    expect(requested).toEqual([])
    const page = await list
    expect(await list).toBe(page)
    expect(page).toMatchObject({ items: things(1, 2), next: 'page=2', count: 5, requestId: 'r1' })
    await runPending()
    expect(requested).toEqual(['limit=2'])
  })

  it('supports catch and finally', async () => {
    let finished = 0
    const { list } = paged(lost)
    expect(await list.finally(() => finished++).catch((error: unknown) => error)).toMatchObject({
      message: 'lost',
    })
    expect(finished).toBe(1)
  })

  it('reuses the first page in a later loop', async () => {
    const { list, requested } = paged(three)
    await list
    expect(await collect(list)).toEqual(things(1, 2, 3, 4, 5))
    expect(requested).toEqual(['', 'page=2', 'page=3'])
  })
})

describe('a loop over a list', () => {
  it('yields every item in order', async () => {
    expect(await collect(paged(three).list)).toEqual(things(1, 2, 3, 4, 5))
  })

  it('resumes from the cursor of any page', async () => {
    const pages = await collect(paged(three).list.pages())
    expect(pages.map(({ next }) => next)).toEqual(['page=2', 'page=3', undefined])
    expect(await collect(paged(three, { cursor: 'page=2' }).list)).toEqual(things(3, 4, 5))
  })

  it('continues after short and empty pages with a next one', async () => {
    const { list } = paged(numbered(things(1), [], [], things(2)))
    expect(await collect(list)).toEqual(things(1, 2))
  })

  it('prefetches exactly one page', async () => {
    const { list, requested } = paged(three)
    const items = list[Symbol.asyncIterator]()
    await items.next()
    expect(requested).toEqual(['', 'page=2'])
    await items.next()
    await runPending()
    expect(requested).toEqual(['', 'page=2'])
    await items.next()
    expect(requested).toEqual(['', 'page=2', 'page=3'])
    await items.return?.(undefined)
  })

  it('requests pages on demand without prefetch', async () => {
    const { list, requested } = paged(three, { prefetch: false })
    const pages = list.pages()
    await pages.next()
    await runPending()
    expect(requested).toEqual([''])
    await pages.return?.()
  })

  it('stops requesting after a break', async () => {
    const hang = new Promise(() => {})
    const { list, requested, aborted } = paged((search, signal) =>
      search === '' ? three(search, signal) : hang,
    )
    for await (const { id } of list) if (id === 1) break
    await runPending()
    expect(requested).toEqual(['', 'page=2'])
    expect(aborted).toEqual(['page=2'])
  })

  it('ends at once on return during a request', async () => {
    const { list, aborted } = paged(() => new Promise(() => {}))
    const pages = list.pages()
    const pending = pages.next()
    await runPending()
    await pages.return?.()
    expect(await pending).toEqual({ done: true, value: undefined })
    expect(aborted).toEqual([''])
    expect(await pages.next()).toEqual({ done: true, value: undefined })
  })

  it('yields each item once to concurrent calls of next', async () => {
    const { list, requested } = paged(three)
    const items = list[Symbol.asyncIterator]()
    const results = await Promise.all(Array.from({ length: 7 }, () => items.next()))
    expect(results.map(({ value }) => value?.id)).toEqual([1, 2, 3, 4, 5, undefined, undefined])
    expect(results.map(({ done }) => done)).toEqual([false, false, false, false, false, true, true])
    expect(requested).toHaveLength(3)
  })

  it('starts at the first page each time', async () => {
    const { list } = paged(three)
    expect(await collect(list)).toEqual(await collect(list))
  })

  it('yields the items before an error, which has the cursor', async () => {
    const respond = numbered(things(1, 2), things(3))
    const { list } = paged((search, signal) => (search === 'page=2' ? lost() : respond(search, signal)))
    const got: number[] = []
    const error = await failure(
      (async () => {
        for await (const { id } of list) got.push(id)
      })(),
    )
    expect(got).toEqual([1, 2])
    expect(error).toMatchObject({ name: 'ConnectionError', cursor: 'page=2' })
    expect(await collect(paged(respond, { cursor: String(error['cursor']) }).list)).toEqual(things(3))
  })

  it('throws the error of a prefetched page on its turn', async () => {
    const { list } = paged((search, signal) => (search === '' ? three(search, signal) : lost()))
    const items = list[Symbol.asyncIterator]()
    await items.next()
    await runPending()
    expect((await items.next()).value).toEqual({ id: 2 })
    await expect(items.next()).rejects.toThrow('lost')
  })

  it("rejects with the caller's reason, and leaves no listener", async () => {
    const controller = new AbortController()
    const { list } = paged(
      (search, signal) => (search === '' ? three(search, signal) : new Promise(() => {})),
      {
        signal: controller.signal,
      },
    )
    const items = list[Symbol.asyncIterator]()
    await items.next()
    await items.next()
    const pending = items.next()
    controller.abort('enough')
    await expect(pending).rejects.toBe('enough')
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it.each(['end', 'break', 'error'])('leaves no listener after its %s', async (how) => {
    const { signal } = new AbortController()
    const { list } = paged(how === 'error' ? lost : three, { signal })
    const loop = async (): Promise<void> => {
      for await (const _ of list) if (how === 'break') break
    }
    await loop().catch(() => {})
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('an endless list', () => {
  it.each([
    ['itself', (search: string) => `/?${search || 'page=1'}`, 'page=1'],
    ['an earlier page', (search: string) => `/?page=${search === 'page=2' ? 1 : 2}`, 'page=1'],
  ])('is detected when a page links to %s, after its items', async (_, next, start) => {
    let id = 0
    const { list } = paged((search) => ({ next: next(search), results: things(++id) }), { search: start })
    const got: unknown[] = []
    const error = await failure(
      (async () => {
        for await (const item of list) got.push(item)
      })(),
    )
    expect(error).toMatchObject({ name: 'DecodeError', message: expect.stringContaining('endless') })
    expect(got.length).toBeGreaterThan(0)
  })

  it('is detected after a hundred pages without items', async () => {
    let page = 0
    const { list, requested } = paged(() => ({ next: `/?page=${++page}`, results: [] }))
    const error = await failure(collect(list))
    expect(error.message).toContain('100 pages without items')
    expect(error['cursor']).toBe('page=100')
    expect(requested).toHaveLength(100)
  })
})

describe('a list that repeats items', () => {
  it.each([1, 2])('is detected after three pages, when %i of them repeat forever', async (period) => {
    let page = 0
    const { list, requested } = paged(() => ({
      next: `/?page=${++page}`,
      results: things(1 + (page % period)),
    }))
    const got: unknown[] = []
    const error = await failure(
      (async () => {
        for await (const item of list) got.push(item)
      })(),
    )
    expect(error).toMatchObject({
      name: 'DecodeError',
      message: 'GET /api/things/ returned 3 pages without new items: the list is endless.',
      cursor: `page=${period + 3}`,
    })
    expect(got).toHaveLength(period)
    expect(requested).toHaveLength(period + 3)
  })

  it('ends normally when only some pages repeat', async () => {
    const { list } = paged(numbered(things(1, 2), things(1, 2), things(2), things(3), things(3), things(4)))
    expect(await collect(list)).toEqual(things(1, 2, 3, 4))
  })

  it('drops items that inserts shift to the next page', async () => {
    const { list } = paged(numbered(things(1, 2, 3), things(2, 3, 4), things(4, 5)))
    expect(await collect(list)).toEqual(things(1, 2, 3, 4, 5))
  })
})

it('throws for repeated items without an id', async () => {
  let page = 0
  const { list } = paged(() => ({ next: `/?page=${++page}`, results: [{ name: 'a' }] }))
  expect((await failure(collect(list))).message).toContain('3 pages without new items')
})

describe('similar items of a list', () => {
  it.each<[string, readonly object[]]>([
    ['an empty id', ['a', 'b', 'c'].map((key) => ({ id: '', key }))],
    [
      'the id of another thing',
      [3, 2, 1].map((version) => ({ id: 'e0', version, version_id: `v${version}` })),
    ],
    [
      'a uuid',
      [
        { uuid: 'u', a: 1 },
        { uuid: 'u', a: 2 },
      ],
    ],
    ['no id', [{ a: 1 }, { a: 2 }]],
    ['all fields', [{ id: 1 }, { id: 1 }]],
  ])('are all kept on one page when they share %s', async (_, items) => {
    expect(await collect(paged(numbered(items)).list)).toEqual(items)
  })

  it('are all kept on different pages when any field differs', async () => {
    const items = [{ id: 1, at: 1 }, { id: 1, at: 2 }, { id: '1', at: 1 }, { at: 1 }, { at: 2 }]
    expect(await collect(paged(numbered(...items.map((item) => [item]))).list)).toEqual(items)
  })

  it('are compared in linear time', async () => {
    const pages = Array.from({ length: 40 }, (_, page) =>
      Array.from({ length: 250 }, (_, at) => ({ id: '', key: `${'x'.repeat(500)}${page}-${at}` })),
    )
    const started = performance.now()
    expect(await collect(paged(numbered(...pages)).list)).toHaveLength(10_000)
    expect(performance.now() - started).toBeLessThan(8_000)
  })
})

describe('toArray', () => {
  it('returns all items', async () => {
    expect(await paged(three).list.toArray({ max: 5 })).toEqual(things(1, 2, 3, 4, 5))
  })

  it('throws an error with items and cursor when there are more', async () => {
    const { list, requested } = paged(three)
    const error = await failure(list.toArray({ max: 2 }))
    expect(error).toMatchObject({ name: 'TruncatedResultError', kind: 'truncated_result', cursor: 'page=3' })
    expect(error['items']).toEqual(things(1, 2))
    expect(Object.keys(JSON.parse(JSON.stringify(error)))).not.toContain('items')
    expect(requested).toEqual(['', 'page=2'])
  })

  it('returns the first items with allowPartial, without a further request', async () => {
    const { list, requested } = paged(three)
    expect(await list.toArray({ max: 2, allowPartial: true })).toEqual(things(1, 2))
    await runPending()
    expect(requested).toEqual([''])
  })

  it('is complete when only an empty page follows', async () => {
    expect(await paged(numbered(things(1, 2), [])).list.toArray({ max: 2 })).toEqual(things(1, 2))
  })

  it.each([0, -1, 1.5, Number.NaN, Infinity])('rejects max %s', async (max) => {
    expect(await failure(paged(three).list.toArray({ max }))).toMatchObject({ kind: 'configuration' })
  })
})
