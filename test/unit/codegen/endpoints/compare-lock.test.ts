import { describe, expect, it } from 'vitest'
import { type CurrentEndpoint, compareLock } from '../../../../src/codegen/endpoints/compare-lock.ts'
import { createLock } from '../../../../src/codegen/endpoints/lock.ts'
import { described, type Shape } from './documents.ts'

const source = { host: 'https://us.posthog.com', projectId: '1' }
const before: Shape = { properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['a'] }
const lock = createLock([described(before)], source)

/** The changes that a check reports when the pinned version has this shape. */
function check(shape: Shape, over: Partial<CurrentEndpoint> = {}): string[] {
  const pinned = described({ ...before, ...shape })
  const changes = compareLock(lock, new Map([['top-pages', { pinned, latest: pinned, ...over }]]))
  return changes.map(({ grade, message }) => `${grade}: ${message}`)
}

describe('compareLock', () => {
  it('finds nothing when nothing changed', () => {
    expect(check({})).toEqual([])
  })

  it.each<[string, Shape, string]>([
    ['a variable that became required', { required: ['a', 'b'] }, 'breaking: Variable "b" is now required'],
    ['a variable that became optional', { required: [] }, 'safe: Variable "a" is now optional'],
    ['a removed variable', { properties: { a: { type: 'string' } } }, 'breaking: Variable "b" was removed'],
    [
      'a variable of another type',
      { properties: { a: { type: 'number' }, b: { type: 'string' } } },
      'breaking: Variable "a" changed from string to number',
    ],
    [
      'a new optional variable',
      { properties: { ...before.properties, c: { type: 'string' } } },
      'safe: Variable "c" is new and optional',
    ],
    [
      'a new required variable',
      { properties: { ...before.properties, c: { type: 'string' } }, required: ['a', 'c'] },
      'breaking: Variable "c" is new and required',
    ],
    [
      'a removed column',
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
      'breaking: Column "views" changed from integer to float',
    ],
    [
      'another kind',
      { endpoint: { query: { kind: 'TrendsQuery' } } },
      'breaking: The query kind changed from HogQLQuery to TrendsQuery',
    ],
  ])('reports %s', (_, shape, message) => {
    expect(check(shape).join('\n')).toContain(message)
  })

  it('grades materialization as breaking when it makes an optional variable required', () => {
    const found = check({ endpoint: { is_materialized: true }, required: ['a', 'b'] })
    expect(found[0]).toContain('breaking: Variable "b" is now required')
    expect(found.join('\n')).toContain('safe: It is now materialized')
  })

  it('ignores columns that the server could not infer', () => {
    expect(check({ endpoint: { columns: [] } })).toEqual([])
  })

  it('grades a newer version as risky and lists its changes', () => {
    const latest = described({
      ...before,
      endpoint: { version: 4, columns: [{ name: 'path', type: 'string' }] },
    })
    expect(check({}, { latest })).toEqual([
      'risky: Version 4 is available; version 3 stays pinned. Changes: Column "views" was removed.',
    ])
  })

  it.each([
    ['deleted', { pinned: undefined, pinnedProblem: 'deleted' as const }],
    ['inactive', { pinnedProblem: 'inactive' as const }],
  ])('grades a pinned version that is %s as breaking', (problem, over) => {
    expect(check({}, over)[0]).toContain(`breaking: Version 3 is ${problem}`)
  })

  it('grades a deleted endpoint as breaking and a new one as safe', () => {
    const fresh = described({ endpoint: { name: 'fresh' } })
    const changes = compareLock(lock, new Map([['fresh', { pinned: fresh, latest: fresh }]]))
    expect(changes.map(({ subject, grade }) => [subject, grade])).toEqual([
      ['fresh', 'safe'],
      ['top-pages', 'breaking'],
    ])
  })
})
