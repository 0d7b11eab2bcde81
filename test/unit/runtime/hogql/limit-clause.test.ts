import { describe, expect, it } from 'vitest'
import { explicitLimits } from '../../../../src/runtime/hogql/limit-clause.ts'

const values = { p0: 7, text: '12', big: 60_000, list: [1], half: 0.5, negative: -1, nothing: null }

describe('explicitLimits of one SELECT', () => {
  it.each([
    // Plain clauses.
    ['', undefined],
    ['select 1', undefined],
    ['select 1 limit 10', 10],
    ['select 1 LiMiT\n10', 10],
    ['select 1 LIMIT 10 OFFSET 5', 10],
    ['select 1 limit 5, 10', 10],
    ['select 1 limit 60000', 60_000],
    ['select 1 limit 0', 0],
    ['select 1 limit 10;', 10],
    ['select 1 limit 3 with ties', 3],
    ['select 1 limit 3 settings max_threads = 1', 3],
    ['select 1 offset 5 rows fetch first 10 rows only', 'computed'],
    ['select 1 offset 5', undefined],
    ['select 1 limit', 'computed'],
    ['(select 1 limit 10)', 10],
    ['((select 1 limit 10))', 10],
    ['(select 1) limit 10', 10],
    // Placeholders and expressions.
    ['select 1 limit {p0}', 7],
    ['select 1 limit { p0 } -- limit 3', 7],
    ['select 1 limit 7 # limit 3', 7],
    ['select 1 limit {p0} offset {text}', 7],
    ['select 1 limit 3, {p0}', 7],
    ['select 1 limit {text}', 12],
    ['select 1 limit {big}', 60_000],
    ['select 1 limit {other}', 'computed'],
    ['select 1 limit {toString}', 'computed'],
    ['select 1 limit {list}', 'computed'],
    ['select 1 limit {half}', 'computed'],
    ['select 1 limit {negative}', 'computed'],
    ['select 1 limit {nothing}', 'computed'],
    ['select 1 limit {variables.n}', 'computed'],
    ['select 1 limit 5 + 5', 'computed'],
    ['select 1 limit 2 * {p0}', 'computed'],
    ['select 1 limit 0.5', 'computed'],
    ['select 1 limit -5', 'computed'],
    ['select 1 limit (select max(n) from t limit 3)', 'computed'],
    ['select 1 limit toInt({p0})', 'computed'],
    // LIMIT … BY.
    ['select 1 limit 2 by x', undefined],
    ['select 1 limit 2 by x limit 10', 10],
    ['select 1 limit 2 by x, y, z limit 10', 10],
    ['select 1 limit 1, 2 by x', undefined],
    ['select 1 limit 2 offset 1 by x limit 10', 10],
    ['select 1 limit {p0} by x', undefined],
    // Elsewhere in the query.
    ['select * from (select 1 limit 10)', undefined],
    ['select (select 1 limit 10), [limit 5]', undefined],
    ['select x in (select 1 limit 3) from t limit 20', 20],
    ['with (select 1 limit 3) as x select x limit 20', 20],
    ['with a as (select 1 limit 3), b as (select 2) select * from a', undefined],
    ['select * except (a, b) from t limit 5', 5],
    ['select * except (a) from t', undefined],
    ['select t.* except a from t limit 5', 5],
    // Strings, comments and quoted names.
    ["select 'limit 5' from events", undefined],
    ["select 'it''s limit 5', `limit`, \"limit 6\"", undefined],
    ["select '\\' limit 5', `a\\` limit 6` from t limit 8", 8],
    ["select f'a {concat('}', x)} limit 5' from t", undefined],
    ["select f'a''{x} limit 5' from t limit 8", 8],
    ['select 1 /* limit 4 */', undefined],
    ['select 1 // limit 4', undefined],
    ['select 1 -- limit 4\n limit 5', 5],
    ['select 1 limit /* how many */ 5', 5],
    ["select 'limit 5", undefined],
    ['select 1 limit 5 /* open', 5],
    // `limit` as a name.
    ['select limit from t', undefined],
    ['select t.limit from t', undefined],
    ['select properties.limit from t limit 5', 5],
    ['select count() as limit from t', undefined],
    ['select count() as limit limit 5', 5],
    ['select 1 as limit limit 5', 5],
    ['select a * limit from t', undefined],
    ['select * limit 5', 5],
    ['select t.* limit 5', 5],
    ['select a from limit where limit > 5 and limit < 9 order by limit limit 5', 5],
    ['select a, limit, 5 from t', undefined],
    ['select rate_limit, limits from t', undefined],
    ['select $limit 5', undefined],
    ['select élimit 5', undefined],
    ['select 1. limit 5', 5],
    ['select t.1 limit 5', 5],
    ['select case when limit then limit else limit end from t limit 5', 5],
    ['with limit as (select 1) select * from limit limit 5', 5],
    ['select 1 group by all with totals order by a desc limit 5', 5],
    ['select a[1] limit 5', 5],
  ])('reads %s as %s', (query, limit) => {
    expect(explicitLimits(query, values)).toEqual([limit])
  })
})

describe('explicitLimits of a set operation', () => {
  it.each([
    ['select 1 limit 3 union all select 2', [3, undefined]],
    ['select 1 union all select 2 limit 3', [undefined, 3]],
    ['select 1 limit 3 union all select 2 limit {p0}', [3, 7]],
    ['(select 1 limit 3) union all (select 2 limit 4)', [3, 4]],
    ['((select 1 limit 3) union distinct ((select 2 limit 4)))', [3, 4]],
    ['select 1 limit 3 except select 2 limit 4 intersect (select 3)', [3, 4, undefined]],
    [
      'with a as (select 1) select * from a limit 3 union all with b as (select 2) select * from b',
      [3, undefined],
    ],
    ['select 1 limit 2 by x union all select 2 limit 3', [undefined, 3]],
    ['select * from (select 1 union all select 2) limit 5', [5]],
    ['select union from t limit 5', [5]],
  ])('reads %s as %j', (query, limits) => {
    expect(explicitLimits(query, values)).toEqual(limits)
  })
})

describe('explicitLimits of a long query', () => {
  const length = 2_000_000
  it.each([
    ['a string', `select '${'x'.repeat(length)}'`],
    ['doubled quotes', `select '${"''".repeat(length / 2)}'`],
    ['backslashes', `select '${'\\\\'.repeat(length / 2)}'`],
    ['an open string', `select 'a' from t limit 3 union all select '${'\\x'.repeat(length / 2)}`],
    ['a comment', `select 1 /* ${'*'.repeat(length)} */`],
    ['open comments', `select 1 /*${'/*'.repeat(length / 2)}`],
    ['dashes', `select 1 ${'- '.repeat(length / 2)}1`],
    ['braces', `select ${'{'.repeat(length)}`],
    ['brackets', `select ${'('.repeat(length)}1${')'.repeat(length)}`],
    ['brackets around the query', `${'('.repeat(length)}select 1${')'.repeat(length)}`],
    ['template strings', `select ${"f'{".repeat(length / 3)}`],
    ['a word', `select ${'x'.repeat(length)}`],
    ['LIMITs', `select 1 ${'limit 5 '.repeat(length / 8)}`],
    ['set operators', `select 1 ${'union ('.repeat(length / 7)}`],
  ])('runs in linear time without recursion: %s', (_, query) => {
    const began = performance.now()
    explicitLimits(query, {})
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})
