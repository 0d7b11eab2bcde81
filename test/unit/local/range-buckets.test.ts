import { describe, expect, it } from 'vitest'
import { aggregatesOf, bucketedSql } from '../../../src/local/resources/endpoints/range-buckets.ts'

describe('bucketedSql', () => {
  it.each([
    [
      'select 1 from events where timestamp >= {variables.a} and timestamp < toDate({variables.b})',
      'select 1 from events where toStartOfDay(timestamp) >= toStartOfDay(toDateTime({variables.a})) and toStartOfDay(timestamp) < toStartOfDay(toDateTime(toDate({variables.b})))',
    ],
    [
      'select 1 from events where {variables.a} <= timestamp',
      'select 1 from events where toStartOfDay(toDateTime({variables.a})) <= toStartOfDay(timestamp)',
    ],
  ])('rounds both sides of %s', (sql, rounded) => {
    expect(bucketedSql(sql, null)).toBe(rounded)
  })

  it.each([
    'select 1 from events where timestamp = {variables.a}',
    'select 1 from events where properties.amount > {variables.a}',
    'select 1 from events where toDate(timestamp) > {variables.a}',
    "select 1 from events where timestamp > '2026-01-01'",
  ])('leaves %s unchanged', (sql) => {
    expect(bucketedSql(sql, null)).toBe(sql)
  })

  it('uses overrides, also for properties', () => {
    const sql = 'select 1 from events where properties.at > {variables.a} and timestamp > {variables.a}'
    expect(bucketedSql(sql, { 'properties.at': 'month', timestamp: 'fifteen_minutes' })).toBe(
      'select 1 from events where toStartOfMonth(properties.at) > toStartOfMonth(toDateTime({variables.a})) and toStartOfFifteenMinutes(timestamp) > toStartOfFifteenMinutes(toDateTime({variables.a}))',
    )
  })
})

describe('aggregatesOf', () => {
  it('names how the values of buckets combine', () => {
    const sql =
      'select event, count() as n, sumIf(1, 1), count(distinct event), avg(1) as a, maxOrNull(2) from events'
    expect(aggregatesOf(sql).map(({ label, combinedBy }) => [label, combinedBy])).toEqual([
      ['n', 'sum'],
      ['sumIf(1, 1)', 'sum'],
      ['count(distinct event)', undefined],
      ['a', undefined],
      ['maxOrNull(2)', 'max'],
    ])
  })
})
