import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnectionError } from '../../../../src/runtime/errors/call-errors.ts'
import { failure } from '../harness.ts'
import { collect, numbered, paged, things } from './paged-server.ts'

const rejections: unknown[] = []
const onRejection = (reason: unknown): void => void rejections.push(reason)
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

beforeEach(() => {
  rejections.length = 0
  process.on('unhandledRejection', onRejection)
})
afterEach(async () => {
  await settle()
  process.off('unhandledRejection', onRejection)
  expect(rejections).toEqual([])
})

const three = numbered(things(1, 2), things(3), things(4, 5))
const lost = (): ConnectionError => new ConnectionError({ operation: 'GET /api/things/', message: 'lost' })

describe('a list that is awaited', () => {
  it('asks for the first page once, and for nothing else', async () => {
    const { list, asked } = paged(three, { search: 'limit=2' })
    expect(asked).toEqual([])
    const page = await list
    expect(await list).toBe(page)
    expect(page).toMatchObject({ items: things(1, 2), next: 'page=2', count: 5, requestId: 'r1' })
    await settle()
    expect(asked).toEqual(['limit=2'])
  })

  it('may be caught and finished like any promise', async () => {
    let finished = 0
    const { list } = paged(lost)
    expect(await list.finally(() => finished++).catch((error: unknown) => error)).toMatchObject({
      message: 'lost',
    })
    expect(finished).toBe(1)
  })

  it('can be looped over afterwards without asking for the first page again', async () => {
    const { list, asked } = paged(three)
    await list
    expect(await collect(list)).toEqual(things(1, 2, 3, 4, 5))
    expect(asked).toEqual(['', 'page=2', 'page=3'])
  })
})

describe('a loop over a list', () => {
  it('gives every item in order, page after page', async () => {
    expect(await collect(paged(three).list)).toEqual(things(1, 2, 3, 4, 5))
  })

  it('goes on from a cursor, which every page tells', async () => {
    const pages = await collect(paged(three).list.pages())
    expect(pages.map(({ next }) => next)).toEqual(['page=2', 'page=3', undefined])
    expect(await collect(paged(three, { cursor: 'page=2' }).list)).toEqual(things(3, 4, 5))
  })

  it('goes on after short and empty pages that name a next one', async () => {
    const { list } = paged(numbered(things(1), [], [], things(2)))
    expect(await collect(list)).toEqual(things(1, 2))
  })

  it('asks for the next page while the current one is read, and never further', async () => {
    const { list, asked } = paged(three)
    const items = list[Symbol.asyncIterator]()
    await items.next()
    expect(asked).toEqual(['', 'page=2'])
    await items.next()
    await settle()
    expect(asked).toEqual(['', 'page=2'])
    await items.next()
    expect(asked).toEqual(['', 'page=2', 'page=3'])
    await items.return?.(undefined)
  })

  it('asks for a page only when it is its turn without prefetch', async () => {
    const { list, asked } = paged(three, { prefetch: false })
    const pages = list.pages()
    await pages.next()
    await settle()
    expect(asked).toEqual([''])
    await pages.return?.()
  })

  it('stops the requests when it is left', async () => {
    const hang = new Promise(() => {})
    const { list, asked, aborted } = paged((search, signal) => (search === '' ? three(search, signal) : hang))
    for await (const { id } of list) if (id === 1) break
    await settle()
    expect(asked).toEqual(['', 'page=2'])
    expect(aborted).toEqual(['page=2'])
  })

  it('is over at once when it is left while a page is under way', async () => {
    const { list, aborted } = paged(() => new Promise(() => {}))
    const pages = list.pages()
    const pending = pages.next()
    await settle()
    await pages.return?.()
    expect(await pending).toEqual({ done: true, value: undefined })
    expect(aborted).toEqual([''])
    expect(await pages.next()).toEqual({ done: true, value: undefined })
  })

  it('gives each item once to calls of next that overlap', async () => {
    const { list, asked } = paged(three)
    const items = list[Symbol.asyncIterator]()
    const results = await Promise.all(Array.from({ length: 7 }, () => items.next()))
    expect(results.map(({ value }) => value?.id)).toEqual([1, 2, 3, 4, 5, undefined, undefined])
    expect(results.map(({ done }) => done)).toEqual([false, false, false, false, false, true, true])
    expect(asked).toHaveLength(3)
  })

  it('begins anew each time', async () => {
    const { list } = paged(three)
    expect(await collect(list)).toEqual(await collect(list))
  })

  it('gives the items before an error, and says where to go on', async () => {
    const answer = numbered(things(1, 2), things(3))
    const { list } = paged((search, signal) => (search === 'page=2' ? lost() : answer(search, signal)))
    const got: number[] = []
    const error = await failure(
      (async () => {
        for await (const { id } of list) got.push(id)
      })(),
    )
    expect(got).toEqual([1, 2])
    expect(error).toMatchObject({ name: 'ConnectionError', cursor: 'page=2' })
    expect(await collect(paged(answer, { cursor: String(error['cursor']) }).list)).toEqual(things(3))
  })

  it('tells the failure of a page that was asked for ahead when its turn comes', async () => {
    const { list } = paged((search, signal) => (search === '' ? three(search, signal) : lost()))
    const items = list[Symbol.asyncIterator]()
    await items.next()
    await settle()
    expect((await items.next()).value).toEqual({ id: 2 })
    await expect(items.next()).rejects.toThrow('lost')
  })

  it("ends with the caller's reason, and leaves no listener", async () => {
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

describe('a list without an end', () => {
  it.each([
    ['itself', (search: string) => `/?${search || 'page=1'}`, 'page=1'],
    ['an earlier page', (search: string) => `/?page=${search === 'page=2' ? 1 : 2}`, 'page=1'],
  ])('is noticed when a page leads to %s, after its items', async (_, next, start) => {
    let id = 0
    const { list } = paged((search) => ({ next: next(search), results: things(++id) }), { search: start })
    const got: unknown[] = []
    const error = await failure(
      (async () => {
        for await (const item of list) got.push(item)
      })(),
    )
    expect(error).toMatchObject({ name: 'DecodeError', message: expect.stringContaining('no end') })
    expect(got.length).toBeGreaterThan(0)
  })

  it('is noticed after a hundred pages without an item', async () => {
    let page = 0
    const { list, asked } = paged(() => ({ next: `/?page=${++page}`, results: [] }))
    const error = await failure(collect(list))
    expect(error.message).toContain('100 pages without an item')
    expect(error['cursor']).toBe('page=100')
    expect(asked).toHaveLength(100)
  })
})

describe('a list that answers the same items again', () => {
  it.each([1, 2])('is noticed after three pages, when %i of them repeat for ever', async (period) => {
    let page = 0
    const { list, asked } = paged(() => ({ next: `/?page=${++page}`, results: things(1 + (page % period)) }))
    const got: unknown[] = []
    const error = await failure(
      (async () => {
        for await (const item of list) got.push(item)
      })(),
    )
    expect(error).toMatchObject({
      name: 'DecodeError',
      message: 'GET /api/things/ answered 3 pages without a new item: the list has no end.',
      cursor: `page=${period + 3}`,
    })
    expect(got).toHaveLength(period)
    expect(asked).toHaveLength(period + 3)
  })

  it('ends well where only some pages repeat', async () => {
    const { list } = paged(numbered(things(1, 2), things(1, 2), things(2), things(3), things(3), things(4)))
    expect(await collect(list)).toEqual(things(1, 2, 3, 4))
  })

  it('drops what the page before had, which inserts shift', async () => {
    const { list } = paged(numbered(things(1, 2, 3), things(2, 3, 4), things(4, 5)))
    expect(await collect(list)).toEqual(things(1, 2, 3, 4, 5))
  })
})

it('gives up a list whose items have no id and repeat', async () => {
  let page = 0
  const { list } = paged(() => ({ next: `/?page=${++page}`, results: [{ name: 'a' }] }))
  expect((await failure(collect(list))).message).toContain('3 pages without a new item')
})

describe('items of a list that look alike', () => {
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
    ['nothing that differs', [{ id: 1 }, { id: 1 }]],
  ])('are all given on one page when they share %s', async (_, items) => {
    expect(await collect(paged(numbered(items)).list)).toEqual(items)
  })

  it('are all given on different pages when anything differs', async () => {
    const items = [{ id: 1, at: 1 }, { id: 1, at: 2 }, { id: '1', at: 1 }, { at: 1 }, { at: 2 }]
    expect(await collect(paged(numbered(...items.map((item) => [item]))).list)).toEqual(items)
  })

  it('are compared in a time that grows with their count', async () => {
    const pages = Array.from({ length: 40 }, (_, page) =>
      Array.from({ length: 250 }, (_, at) => ({ id: '', key: `${'x'.repeat(500)}${page}-${at}` })),
    )
    const started = performance.now()
    expect(await collect(paged(numbered(...pages)).list)).toHaveLength(10_000)
    expect(performance.now() - started).toBeLessThan(8_000)
  })
})

describe('toArray', () => {
  it('takes all items', async () => {
    expect(await paged(three).list.toArray({ max: 5 })).toEqual(things(1, 2, 3, 4, 5))
  })

  it('throws when there are more, with what came and where to go on', async () => {
    const { list, asked } = paged(three)
    const error = await failure(list.toArray({ max: 2 }))
    expect(error).toMatchObject({ name: 'TruncatedResultError', kind: 'truncated_result', cursor: 'page=3' })
    expect(error['items']).toEqual(things(1, 2))
    expect(Object.keys(JSON.parse(JSON.stringify(error)))).not.toContain('items')
    expect(asked).toEqual(['', 'page=2'])
  })

  it('takes the first ones when that is allowed, and asks for no page beyond', async () => {
    const { list, asked } = paged(three)
    expect(await list.toArray({ max: 2, allowPartial: true })).toEqual(things(1, 2))
    await settle()
    expect(asked).toEqual([''])
  })

  it('is complete when nothing follows but an empty page', async () => {
    expect(await paged(numbered(things(1, 2), [])).list.toArray({ max: 2 })).toEqual(things(1, 2))
  })

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses max %s', async (max) => {
    expect(await failure(paged(three).list.toArray({ max }))).toMatchObject({ kind: 'configuration' })
  })
})
