import { describe, expect, it } from 'vitest'
import { type RowPage, rowWindow, trimRows, uncountedPage } from '../../../src/local/http/page.ts'

/** Pages over `available` rows as an endpoint run does: reads the window, then trims it. */
const readPage = (available: number, page: RowPage): { rows: number[]; hasMore: boolean } | undefined => {
  const window = rowWindow(page)
  if (window === undefined) return undefined
  const all = Array.from({ length: available }, (_, index) => index)
  const { rows, hasMore } = trimRows(all.slice(window.offset, window.offset + window.limit), page)
  return { rows: [...rows], hasMore }
}

describe('row pages', () => {
  it('reads one extra row and removes it', () => {
    expect(readPage(5, { limit: 2, offset: 0, maxRows: undefined })).toEqual({ rows: [0, 1], hasMore: true })
  })

  it('reports no more rows on the last page, full or not', () => {
    expect(readPage(4, { limit: 2, offset: 2, maxRows: undefined })).toEqual({ rows: [2, 3], hasMore: false })
    expect(readPage(5, { limit: 2, offset: 4, maxRows: undefined })).toEqual({ rows: [4], hasMore: false })
  })

  it('reads no rows beyond the LIMIT in the SQL', () => {
    expect(rowWindow({ limit: 2, offset: 4, maxRows: 4 })).toBeUndefined()
    expect(rowWindow({ limit: 2, offset: 9, maxRows: 4 })).toBeUndefined()
  })

  it('reports no more rows when the page ends at the LIMIT in the SQL', () => {
    expect(readPage(9, { limit: 2, offset: 2, maxRows: 4 })).toEqual({ rows: [2, 3], hasMore: false })
  })

  it('shows one extra row when the page is larger than the LIMIT in the SQL', () => {
    expect(readPage(9, { limit: 10, offset: 0, maxRows: 4 })).toEqual({
      rows: [0, 1, 2, 3, 4],
      hasMore: false,
    })
  })

  it('returns no rows beyond the data', () => {
    expect(readPage(3, { limit: 2, offset: 5, maxRows: undefined })).toEqual({ rows: [], hasMore: false })
  })
})

describe('uncounted pages', () => {
  const page = (query: string): { next: string | null; previous: string | null; results: number[] } =>
    uncountedPage([0, 1, 2, 3], new URL(`http://localhost/persons${query}`), Number.POSITIVE_INFINITY)

  it('links to a next page after every full page, even an empty one', () => {
    expect(page('?limit=2&offset=2')).toMatchObject({
      next: 'http://localhost/persons?limit=2&offset=4',
      results: [2, 3],
    })
    expect(page('?limit=2&offset=4')).toMatchObject({ next: null, results: [] })
  })

  it('repeats the offset in `previous` when the previous page starts at 0', () => {
    expect(page('?limit=2&offset=1').previous).toBe('http://localhost/persons?limit=2&offset=1')
    expect(page('?limit=2&offset=3').previous).toBe('http://localhost/persons?limit=2&offset=1')
  })
})
