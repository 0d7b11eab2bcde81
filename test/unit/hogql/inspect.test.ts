import { describe, expect, it } from 'vitest'
import { findPlaceholders, literalLimit, usesOffset } from '../../../src/hogql/inspect.ts'
import { parseQuery } from '../../../src/local/hogql/compile.ts'

describe('the placeholders of a query', () => {
  it('are unique, in the order of first use, wherever they are', () => {
    const query = parseQuery(
      'with a as (select {b}) select {variables . c}, f({b}), (select {d}) from a where x in ({e}) limit {n}',
    )
    expect(findPlaceholders(query)).toEqual(['b', 'variables.c', 'd', 'e', 'n'])
  })

  it('are not those in strings, names and comments', () => {
    expect(findPlaceholders(parseQuery("select '{a}', `{b}` /* {c} */ -- {d}"))).toEqual([])
  })

  it('include those in f-strings', () => {
    expect(findPlaceholders(parseQuery("select f'{{a}} b'"))).toEqual(['a'])
  })
})

describe('OFFSET', () => {
  it.each([
    'select 1 limit 1 offset 1',
    'select 1 limit 1, 1',
    'select 1 offset 1',
    'select * from (select 1 offset 1)',
    'select 1 union all (select 2 limit 1 offset 1)',
    'select event from events limit 1, 2 by event',
  ])('is found in %s', (sql) => {
    expect(usesOffset(parseQuery(sql))).toBe(true)
  })

  it.each(["select 'offset 1'", 'select 1 limit 1', 'select a.offset from a', 'select 1 -- offset 1'])(
    'is not found in %s',
    (sql) => {
      expect(usesOffset(parseQuery(sql))).toBe(false)
    },
  )
})

it.each([
  ['select 1 limit 25 offset 5', 25],
  ['select 1', undefined],
  ['select 1 limit {n}', undefined],
  ['select 1 limit 1 + 1', undefined],
  ['select * from (select 1 limit 5)', undefined],
  ['select 1 union all select 2 limit 3', undefined],
])('the literal limit of %s is %s', (sql, limit) => {
  expect(literalLimit(parseQuery(sql))).toBe(limit)
})
