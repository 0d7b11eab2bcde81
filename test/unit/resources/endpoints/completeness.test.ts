import { describe, expect, it } from 'vitest'
import { completeness } from '../../../../src/resources/endpoints/endpoint-result.ts'

const none = undefined

describe('completeness of an endpoint result', () => {
  it.each<
    [
      string,
      rows: number,
      hasMore: boolean,
      requested: number | undefined,
      applied: number | undefined,
      expected: object | true,
    ]
  >([
    ['no rows', 0, false, none, none, true],
    ['no rows under a limit', 0, false, 10, 10, true],
    ['fewer rows than the default', 99, false, none, none, true],
    ['as many rows as the default', 100, false, none, none, { reason: 'row_limit', limit: 100 }],
    ['more rows than the default, by a LIMIT of the query', 101, false, none, none, true],
    ['as many rows as the limit in the response', 250, false, none, 250, { reason: 'row_limit', limit: 250 }],
    ['fewer rows than the limit in the response', 249, false, none, 250, true],
    ['a hundred rows under another limit in the response', 100, false, none, 250, true],
    ['no rows under an applied limit of 0', 0, false, none, 0, true],
    ['as many rows as requested, and hasMore is false', 10, false, 10, 10, true],
    ['a full page with more rows', 10, true, 10, 10, { reason: 'page', limit: 10 }],
    ['a short page with more rows', 7, true, 10, 10, { reason: 'page', limit: 10 }],
    ['a page that PostHog clamped', 10, false, 20, 10, { reason: 'row_cap', limit: 10 }],
    ['a page with more rows, by the response only', 10, true, none, 10, { reason: 'page', limit: 10 }],
    ['a page with more rows and no limit anywhere', 7, true, none, none, { reason: 'page', limit: 7 }],
    ['an empty page with more rows', 0, true, 10, 10, { reason: 'page', limit: 10 }],
    ['one row below the cap', 49_999, false, none, none, true],
    ['the cap', 50_000, false, none, none, { reason: 'row_cap', limit: 50_000 }],
    ['the cap under a higher limit', 50_000, false, 60_000, 60_000, { reason: 'row_cap', limit: 50_000 }],
    ['the cap with more rows', 50_000, true, 50_000, 50_000, { reason: 'page', limit: 50_000 }],
  ])(
    '%s: %i rows, hasMore %s, requested %s, applied %s',
    (_, rows, hasMore, requested, applied, expected) => {
      const facts = { rows, hasMore, requestedLimit: requested, appliedLimit: applied }
      expect(completeness(facts)).toEqual(expected)
    },
  )
})
