import { describe, expect, it } from 'vitest'
import { explicitLimit } from '../../../../src/runtime/hogql/explicit-limit.ts'

describe('explicitLimit', () => {
  it.each([
    ['select 1', undefined],
    ['select 1 limit 10', 10],
    ['select 1 LIMIT 10 OFFSET 5', 10],
    ['select 1 limit 5, 10', 10],
    ['select 1 limit {p0}', 7],
    ['select 1 limit { p0 } -- limit 3', 7],
    ['select 1 limit {other}', undefined],
    ['select 1 limit 2 by x limit 10', 10],
    ['select 1 limit 2 by x', undefined],
    ['select * from (select 1 limit 10)', undefined],
    ['with (select 1 limit 3) as x select x limit 20', 20],
    ["select 'limit 5' from events", undefined],
    ["select 'it''s limit 5', `limit`, \"limit 6\"", undefined],
    ['select 1 /* limit 4 */', undefined],
    ['select 1 limit 5 + 5', undefined],
    ['select 1 limit', undefined],
  ])('of %s is %s', (query, limit) => {
    expect(explicitLimit(query, { p0: 7 })).toBe(limit)
  })
})
