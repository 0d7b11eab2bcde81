import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'

const fileOf = (name: string): string => `test/types/fixtures/${name}.ts`

/** Each fixture with the least number of wrong uses in it. */
const fixtures: readonly (readonly [name: string, minErrors: number])[] = [
  ['run', 12],
  ['define', 22],
  ['request', 15],
  ['query', 17],
  ['list', 6],
  ['errors', 6],
  ['resources', 2],
  ['typed-fields', 31],
  ['undefined-options', 0],
  ['schema', 5],
  ['paths', 6],
  ['project-names', 13],
  ['stub', 15],
]

/** Misspelled routes, and the routes that the compiler names. */
const misspelled: readonly (readonly [call: string, nearest: string])[] = [
  [`request('GET /api/projects/{project_id}/cohortz/')`, 'GET /api/projects/{project_id}/cohorts/'],
  [`request('GET /api/projects/{project_id}/cohorts')`, 'GET /api/projects/{project_id}/cohorts/'],
  [`request('GET /api/project/{project_id}/cohorts/')`, 'GET /api/projects/{project_id}/cohorts/'],
  [`request('GET /api/projects/123/cohorts/')`, 'GET /api/projects/{project_id}/cohorts/'],
  [`request('GET /projects/{project_id}/cohorts/')`, 'GET /api/projects/{project_id}/cohorts/'],
  [
    `request('GET /api/projects/{project_id}/feature_flag/{id}/', { path: { id: 7 } })`,
    'GET /api/projects/{project_id}/feature_flags/{id}/',
  ],
  [
    `request('PUT /api/projects/{project_id}/cohorts/', { body: { name: 'x' } })`,
    'GET /api/projects/{project_id}/cohorts/" | "POST /api/projects/{project_id}/cohorts/',
  ],
  [`list('GET /api/projects/{project_id}/cohortz/')`, 'GET /api/projects/{project_id}/cohorts/'],
  [`explain('GET /api/projects/{project_id}/cohortz/')`, 'GET /api/projects/{project_id}/cohorts/'],
]
const misspelledFile = 'test/types/fixtures/misspelled.ts'
const misspelledText = [
  `import { createClient } from '../../../src/index.ts'`,
  'const posthog = createClient()',
  ...misspelled.map(([call]) => `posthog.${call}`),
  `posthog.request('GET /api/projects/{project_id}/zzz/')`,
].join('\n')

describe('a misspelled route', () => {
  it('is reported with the nearest routes', () => {
    const { problems } = compile([], { [misspelledFile]: misspelledText })(misspelledFile)
    expect(problems).toEqual([
      ...misspelled.map(([, nearest]) => expect.stringContaining(`DidYouMean<"${nearest}">`)),
      expect.stringMatching(/parameter of type 'keyof Operations'\.$/),
    ])
  })
})

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
    const define = compiled(fileOf('define'))
    expect(define.hover('named')).toBe('TopPagesRow[]')
    expect(define.hover('materialized')).toBe(
      'DefinedEndpoint<{ readonly plans: readonly (string | number | boolean)[]; readonly n: number; }, { plan: string; }>',
    )
    const names = compiled(fileOf('project-names'))
    expect(names.hover('posthog')).toBe('ProjectClient<Project>')
    expect(names.hover('untyped')).toBe('TypehogClient')
    expect(names.hover('plain')).toBe('FlagEvaluations')
  })
})
