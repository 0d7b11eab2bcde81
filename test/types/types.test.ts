import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'

const fixture = (name: string): string => `test/types/fixtures/${name}.ts`

describe('the types under the strictest settings', () => {
  it.each([
    ['run', 13],
    ['request', 15],
    ['query', 17],
    ['list', 6],
    ['errors', 3],
    ['resources', 2],
    ['undefined-options', 0],
    ['schema', 5],
  ])('of %s.ts take every right use and refuse every wrong one', (name, wrong) => {
    const { problems } = compile(fixture(name))
    expect(problems).toEqual([])
    // What is expected to fail does fail, or the compiler would have said so; the count holds the cases together.
    const expected = readFileSync(fixture(name), 'utf8').match(/@ts-expect-error/g) ?? []
    expect(expected.length).toBeGreaterThanOrEqual(wrong)
  })

  it('show named types to whoever points at a name', () => {
    const { hover } = compile(fixture('request'))
    expect(hover('page')).toBe('PaginatedCohortList')
    expect(hover('call')).toBe('APIPromise<Cohort>')
    expect(hover('data')).toBe('Cohort')
    const run = compile(fixture('run'))
    expect(run.hover('plans')).toBe('PlanRevenueRow[]')
    expect(run.hover('posthog')).toBe('TypehogClient')
  })
})
