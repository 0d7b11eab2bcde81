import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'

const fileOf = (name: string): string => `test/types/fixtures/${name}.ts`

/** Each fixture with the least number of wrong uses in it. */
const fixtures: readonly (readonly [name: string, minErrors: number])[] = [
  ['run', 13],
  ['request', 15],
  ['query', 17],
  ['list', 6],
  ['errors', 3],
  ['resources', 2],
  ['typed-fields', 24],
  ['undefined-options', 0],
  ['schema', 5],
]

describe('the public types under the strictest settings', () => {
  const compiled = compile(fixtures.map(([name]) => fileOf(name)))

  it.each(fixtures)('accept every right use in %s.ts and reject every wrong one', (name, minErrors) => {
    // The compiler also reports each `@ts-expect-error` above a line without an error.
    expect(compiled(fileOf(name)).problems).toEqual([])
    const expected = readFileSync(fileOf(name), 'utf8').match(/@ts-expect-error/g) ?? []
    expect(expected.length).toBeGreaterThanOrEqual(minErrors)
  })

  it('have names of their own in hovers', () => {
    const request = compiled(fileOf('request'))
    expect(request.hover('page')).toBe('PaginatedCohortList')
    expect(request.hover('call')).toBe('APIPromise<Cohort>')
    expect(request.hover('data')).toBe('Cohort')
    const run = compiled(fileOf('run'))
    expect(run.hover('plans')).toBe('PlanRevenueRow[]')
    expect(run.hover('posthog')).toBe('TypehogClient')
  })
})
