import { describe, expect, it } from 'vitest'
import { type CurrentEndpoint, compareLock } from '../../../../src/codegen/endpoints/compare-lock.ts'
import { createLock } from '../../../../src/codegen/endpoints/lock.ts'
import { described, type Shape } from './documents.ts'

const source = { host: 'https://us.posthog.com', projectId: '1' }
const before: Shape = { properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['a'] }
const lock = createLock([described(before)], source)

/** What a check says when the pinned version now has this shape. */
function check(shape: Shape, over: Partial<CurrentEndpoint> = {}): string[] {
  const pinned = described({ ...before, ...shape })
  const changes = compareLock(lock, new Map([['top-pages', { pinned, latest: pinned, ...over }]]))
  return changes.map(({ grade, message }) => `${grade}: ${message}`)
}

describe('comparing a lock with the server', () => {
  it('finds nothing when nothing changed', () => {
    expect(check({})).toEqual([])
  })

  it.each<[string, Shape, string]>([
    ['a variable that became required', { required: ['a', 'b'] }, 'breaking: Variable "b" is required now'],
    ['a variable that became optional', { required: [] }, 'safe: Variable "a" may be left out'],
    ['a variable that is gone', { properties: { a: { type: 'string' } } }, 'breaking: Variable "b" is gone'],
    [
      'a variable of another type',
      { properties: { a: { type: 'number' }, b: { type: 'string' } } },
      'breaking: Variable "a" takes number and took string',
    ],
    [
      'a new optional variable',
      { properties: { ...before.properties, c: { type: 'string' } } },
      'safe: Variable "c" is new and may be left out',
    ],
    [
      'a new required variable',
      { properties: { ...before.properties, c: { type: 'string' } }, required: ['a', 'c'] },
      'breaking: Variable "c" is new and required',
    ],
    [
      'a column that is gone',
      { endpoint: { columns: [{ name: 'path', type: 'string' }] } },
      'breaking: Column "views"',
    ],
    [
      'a column of another type',
      {
        endpoint: {
          columns: [
            { name: 'path', type: 'string' },
            { name: 'views', type: 'float' },
          ],
        },
      },
      'breaking: Column "views" is float and was integer',
    ],
    [
      'another kind',
      { endpoint: { query: { kind: 'TrendsQuery' } } },
      'breaking: The query is a TrendsQuery',
    ],
  ])('tells of %s', (_, shape, message) => {
    expect(check(shape).join('\n')).toContain(message)
  })

  it('calls materialising breaking when a variable could be left out before', () => {
    const found = check({ endpoint: { is_materialized: true }, required: ['a', 'b'] })
    expect(found[0]).toContain('breaking: Variable "b" is required now')
    expect(found.join('\n')).toContain('safe: It is materialised now')
  })

  it('says nothing of columns that the server could not work out', () => {
    expect(check({ endpoint: { columns: [] } })).toEqual([])
  })

  it('calls a newer version risky and tells what differs in it', () => {
    const latest = described({
      ...before,
      endpoint: { version: 4, columns: [{ name: 'path', type: 'string' }] },
    })
    expect(check({}, { latest })).toEqual([
      'risky: Version 4 exists; version 3 stays pinned. In the newer one: Column "views" is gone from the rows.',
    ])
  })

  it.each([
    ['gone', { pinned: undefined, pinnedProblem: 'gone' as const }],
    ['inactive', { pinnedProblem: 'inactive' as const }],
  ])('calls a pinned version that is %s breaking', (problem, over) => {
    expect(check({}, over)[0]).toContain(`breaking: Version 3 is ${problem}`)
  })

  it('calls an endpoint that is gone breaking and a new one safe', () => {
    const fresh = described({ endpoint: { name: 'fresh' } })
    const changes = compareLock(lock, new Map([['fresh', { pinned: fresh, latest: fresh }]]))
    expect(changes.map(({ endpoint, grade }) => [endpoint, grade])).toEqual([
      ['fresh', 'safe'],
      ['top-pages', 'breaking'],
    ])
  })
})
