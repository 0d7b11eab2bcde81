import { describe, expect, it } from 'vitest'
import { cutPage, type PageRequest, pageToFetch } from '../../../src/local/resources/endpoints/paging.ts'

/** Pages over `available` rows as a run does: fetch, then cut. */
const page = (available: number, request: PageRequest): { rows: number[]; hasMore: boolean } | undefined => {
  const wanted = pageToFetch(request)
  if (wanted === undefined) return undefined
  const all = Array.from({ length: available }, (_, index) => index)
  const cut = cutPage(all.slice(wanted.offset, wanted.offset + wanted.limit), request)
  return { rows: [...cut.rows], hasMore: cut.hasMore }
}

describe('paging an endpoint', () => {
  it('asks for one row more and cuts it off', () => {
    expect(page(5, { limit: 2, offset: 0, ceiling: undefined })).toEqual({ rows: [0, 1], hasMore: true })
  })

  it('ends without more on the last page, full or not', () => {
    expect(page(4, { limit: 2, offset: 2, ceiling: undefined })).toEqual({ rows: [2, 3], hasMore: false })
    expect(page(5, { limit: 2, offset: 4, ceiling: undefined })).toEqual({ rows: [4], hasMore: false })
  })

  it('has no rows from the saved LIMIT on', () => {
    expect(pageToFetch({ limit: 2, offset: 4, ceiling: 4 })).toBeUndefined()
    expect(pageToFetch({ limit: 2, offset: 9, ceiling: 4 })).toBeUndefined()
  })

  it('says no more when the page ends at the saved LIMIT', () => {
    expect(page(9, { limit: 2, offset: 2, ceiling: 4 })).toEqual({ rows: [2, 3], hasMore: false })
  })

  it('shows one row too many when the page is larger than the saved LIMIT', () => {
    expect(page(9, { limit: 10, offset: 0, ceiling: 4 })).toEqual({ rows: [0, 1, 2, 3, 4], hasMore: false })
  })

  it('has nothing to give past the data', () => {
    expect(page(3, { limit: 2, offset: 5, ceiling: undefined })).toEqual({ rows: [], hasMore: false })
  })
})
