import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PagingKind, readPage } from '../../../../src/runtime/paging/pages.ts'
import { failure } from '../harness.ts'
import { collect, paged, things } from './paged-server.ts'

const read = (body: unknown, paging: PagingKind = 'link', search = ''): ReturnType<typeof readPage> =>
  readPage(body, paging, search, 'GET /api/things/')

describe('readPage', () => {
  it.each<[string, unknown, PagingKind, object]>([
    [
      'offset',
      { count: 9, next: 'https://a.test/?limit=2&offset=2', previous: null, results: [1, 2] },
      'link',
      { next: 'limit=2&offset=2', count: 9 },
    ],
    [
      'cursor',
      { next: 'http://inner:8000/api/?cursor=cD0x', previous: null, results: [1, 2] },
      'link',
      { next: 'cursor=cD0x', count: undefined },
    ],
    [
      'activity',
      { next: '/api/x/?page=2', previous: null, total_count: 4, results: [1, 2] },
      'link',
      { next: 'page=2', count: 4 },
    ],
    [
      'events',
      { next: 'https://a.test/?before=2026-01-01T00%3A00%3A00Z', results: [1, 2] },
      'link',
      { next: 'before=2026-01-01T00%3A00%3A00Z' },
    ],
    ['the last one', { count: 2, next: null, previous: null, results: [1, 2] }, 'link', { next: undefined }],
    ['no next link', { results: [1, 2] }, 'link', { next: undefined }],
    ['an empty next link', { next: '', results: [1, 2] }, 'link', { next: undefined }],
    ['recordings', { has_next: true, version: 4, results: [1, 2] }, 'flag', { next: 'offset=2' }],
    [
      'breakpoint hits',
      { has_more: true, count: 50, results: [1, 2] },
      'flag',
      { next: 'offset=2', count: 50 },
    ],
    ['the last recordings', { has_next: false, results: [1, 2] }, 'flag', { next: undefined }],
    ['a bare array', [1, 2], 'link', { next: undefined, count: 2 }],
  ])('%s', (_, body, paging, expected) => {
    expect(read(body, paging)).toMatchObject({ items: [1, 2], ...expected })
  })

  it('increases the offset by the requested limit, not by the received items', () => {
    const body = { has_next: true, results: [1] }
    expect(read(body, 'flag', 'limit=20&offset=40&search=a').next).toBe('limit=20&offset=60&search=a')
  })

  it.each([
    ['an object', { detail: 'x', code: 'y' }, 'detail, code'],
    ['null', null, 'object'],
    ['a string', 'x', 'string'],
    ['an empty body', undefined, 'undefined'],
    ['results that are not an array', { results: {} }, 'results'],
  ])('rejects %s without showing a value', async (_, body, found) => {
    const error = await failure(Promise.resolve().then(() => read(body)))
    expect(error).toMatchObject({ name: 'DecodeError', message: expect.stringContaining(found) })
  })

  it.each([42, {}, 'https://', 'https://a.test/api/'])('rejects the next link %j', (next) => {
    expect(() => read({ next, results: [] })).toThrow(/without a query string/)
  })
})

describe('the link to the next page', () => {
  const name = fc.stringMatching(/^[a-z_]{1,8}$/)
  const query = fc.array(fc.tuple(name, fc.string()), { minLength: 1, maxLength: 5 })

  it.each([
    'https://us.posthog.com/api/projects/1/',
    'http://inner:8000/posthog/api/environments/1/',
    '//evil.test/',
    '/api/',
    '?',
  ])('keeps every parameter of a link that starts with %s', (start) => {
    fc.assert(
      fc.property(query, fc.option(fc.constant('#top')), (entries, fragment) => {
        const search = new URLSearchParams(entries).toString()
        const next = `${start.replace('?', '')}?${search}${fragment ?? ''}`
        expect([...new URLSearchParams(read({ next, results: [] }).next)]).toEqual(entries)
      }),
    )
  })
})

describe('the boundary between two pages', () => {
  it('yields each item once and in order, whatever is inserted between two requests', async () => {
    const steps = fc.array(fc.record({ size: fc.integer({ min: 2, max: 5 }), inserted: fc.nat(1) }), {
      minLength: 30,
      maxLength: 30,
    })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), steps, async (total, plan) => {
        // Newest first, as PostHog lists: inserts come at the head and shift the rest.
        let stored = things(...Array.from({ length: total }, (_, n) => total - n))
        let newest = total
        let step = 0
        const { list } = paged(
          (search) => {
            const offset = Number(new URLSearchParams(search).get('offset') ?? 0)
            const { size, inserted } = plan[step++ % plan.length] ?? { size: 1, inserted: 0 }
            const results = stored.slice(offset, offset + size)
            const next = offset + size < stored.length ? `/?offset=${offset + size}` : null
            stored = [
              ...things(...Array.from({ length: inserted }, (_, n) => newest + inserted - n)),
              ...stored,
            ]
            newest += inserted
            return { next, results }
          },
          { prefetch: false },
        )
        const ids = (await collect(list)).map(({ id }) => id)
        expect(ids).toEqual(Array.from({ length: total }, (_, n) => total - n))
      }),
      { numRuns: 100 },
    )
  })

  it('resumes from the cursor of any page without loss', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { minLength: 1, maxLength: 12 }), async (sizes) => {
        let id = 0
        const pages = sizes.map((size) => things(...Array.from({ length: size }, () => ++id)))
        const respond = (search: string): unknown => {
          const at = Number(new URLSearchParams(search).get('page') ?? 0)
          return { next: at + 1 < pages.length ? `/?page=${at + 1}` : null, results: pages[at] }
        }
        const before: unknown[] = []
        const resumed: unknown[][] = []
        for await (const { items, next } of paged(respond).list.pages()) {
          before.push(...items)
          if (next === undefined) continue
          const rest = await collect(paged(respond, { cursor: next }).list)
          resumed.push([...before, ...rest])
        }
        expect(resumed).toEqual(pages.slice(1).map(() => pages.flat()))
      }),
      { numRuns: 50 },
    )
  })

  it('keeps items without an id, and equal ones on one page', async () => {
    const { list } = paged<unknown>((search) =>
      search === ''
        ? { next: '/?page=2', results: [{ a: 1 }, { a: 1 }] }
        : { next: null, results: [{ a: 1 }] },
    )
    expect(await collect(list)).toHaveLength(3)
  })
})
