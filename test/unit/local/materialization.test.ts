import { describe, expect, it } from 'vitest'
import { unsupportedReason } from '../../../src/local/resources/endpoints/materialization-rules.ts'

const reason = (query: string): string | null => unsupportedReason({ kind: 'HogQLQuery', query })

describe('unsupportedReason', () => {
  it.each([
    'select count() from events',
    'select count() from events where event = {variables.e}',
    'select count() from events where event = {variables.e} and timestamp >= toDate({variables.d}) group by event order by 1',
    'select * from (select event from events where (event = {variables.e}))',
    'select count() from events where {variables.d} <= timestamp',
  ])('accepts %s', (query) => {
    expect(reason(query)).toBeNull()
  })

  it.each([
    ['select {variables.e} from events', /outside WHERE/],
    ['select event from events group by event having count() > {variables.n}', /outside WHERE/],
    ['select event from events limit {variables.n}', /outside WHERE/],
    ["select event from events where event = {variables.e} or event = 'x'", /inside OR/],
    ["select event from events where (event = {variables.e} or event = 'x')", /inside OR/],
    ['select event from events where event != {variables.e}', /operator/],
    ['select event from events where event in {variables.e}', /operator/],
    ['select event from events where event like {variables.e}', /operator/],
    ['select count() from events where timestamp > now()', /current time/],
    ['select 1 +', /viable alternative/],
    ['select uniq(person_id) from events where timestamp > {variables.d}', /'uniq' cannot be re-aggregated/],
  ])('rejects %s', (query, expected) => {
    expect(reason(query)).toMatch(expected)
  })

  it.each([
    [{ kind: 'FunnelsQuery' }, /FunnelsQuery/],
    [{ kind: 'TrendsQuery', compareFilter: { compare: true } }, /Compare/],
    [{ kind: 'TrendsQuery', breakdownFilter: { breakdown_type: 'cohort', breakdown: 1 } }, /Cohort/],
  ])('rejects %j', (query, expected) => {
    expect(unsupportedReason(query)).toMatch(expected)
  })

  it('accepts plain trends', () => {
    expect(unsupportedReason({ kind: 'TrendsQuery' })).toBeNull()
  })
})
