import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { type Project, useProject } from './project.ts'
import { pulledEndpoints } from './pulled-endpoints.ts'

const program = `
import { createClient, type Endpoint, isPostHogError, type RequestOutput } from 'typehog'
import { type Cohort, getCohort } from 'typehog/api'

const traffic: Endpoint<{ country?: string }, { path: string | null; views: number | null }> = {
  name: 'traffic', version: 1, kind: 'HogQLQuery', materialized: false, columns: [],
}
const posthog = createClient({ apiKey: 'phx_x', projectId: 7, region: 'eu' })
try {
  const { rows, complete } = await posthog.endpoints.run(traffic, { country: 'DE' })
  const views: number = rows.reduce((sum, row) => sum + (row.views ?? 0), 0)
  const cohort: Cohort = await getCohort({ client: posthog.api, path: { id: 1 } })
  const again: RequestOutput<'GET /api/projects/{project_id}/cohorts/{id}/'> = cohort
  console.log(views, complete, again)
} catch (error) {
  if (isPostHogError(error)) console.log(error.fix)
}
// @ts-expect-error a variable that the endpoint does not have
await posthog.endpoints.run(traffic, { planet: 'Mars' })
export {}
`
const others = `
import { startLocalPostHog } from 'typehog/testing'
import { zCohort } from 'typehog/zod'

export const name: string | null | undefined = zCohort.parse({}).name
await using local = await startLocalPostHog({ throttle: false })
export const response: Response = await local.handle(new Request('http://local.test/'))
`
const project = useProject()

describe('a strict TypeScript project', () => {
  /** Programs that compile together: the declarations of the package are the slow part. */
  const programs: Readonly<Record<string, string>> = {
    'consumer.mts': program,
    'consumer.cts': `import { createClient } from 'typehog'\nexport const { config } = createClient()\n`,
    'others.mts': others,
  }
  let problems: readonly string[]
  beforeAll(async () => {
    const files = Object.entries(programs).map(([name, text]) => project().write(name, text))
    problems = compile(project(), await Promise.all(files))
  })
  const problemsOf = (name: string): string[] => problems.filter((problem) => problem.includes(`/${name}:`))

  it('compiles as a module', () => expect(problemsOf('consumer.mts')).toEqual([]))

  it('compiles as CommonJS', () => expect(problemsOf('consumer.cts')).toEqual([]))

  it('compiles with the validators and the local PostHog', () => {
    expect(problemsOf('others.mts')).toEqual([])
  })

  it('compiles with moduleResolution nodenext and every declaration checked', () => {
    expect(problems).toEqual([])
  })

  // In some compiler versions node16 has other rules than nodenext.
  it.each(['node16', 'bundler'] as const)(
    'compiles with moduleResolution %s and every declaration checked',
    (resolution) => {
      expect(compile(project(), [join(project().folder, 'consumer.mts')], resolution)).toEqual([])
    },
  )

  it('compiles without the types of Node and with a library without `await using`', async () => {
    const text = `import { createClient, hogql } from 'typehog'
      for await (const { n } of createClient().hogql(hogql<{ n: number }>\`select 1 as n\`).stream()) n.toFixed()`
    const file = await project().write('browser.mts', text)
    const lib = ['lib.es2022.d.ts', 'lib.dom.d.ts']
    expect(compile(project(), [file], 'nodenext', { lib, types: [] })).toEqual([])
  })
})

describe('the examples', () => {
  it('compile against the package, except for the wrong one', async () => {
    const problems = await exampleProblems(project())
    const wrong = problems.filter((problem) => problem.includes('/wrong-'))
    expect(problems.filter((problem) => !wrong.includes(problem))).toEqual([])
    expect(wrong.map((problem) => Number(/:(\d+):/.exec(problem)?.[1]))).toEqual([7, 8, 9, 12])
  })
})

/** Copies the examples that Node can run into the project and compiles them. */
async function exampleProblems(project: Project): Promise<string[]> {
  const entries = await readdir('examples', { recursive: true, withFileTypes: true })
  const copied: string[] = []
  for (const entry of entries.filter(({ name }) => /\.m?ts$/.test(name))) {
    const source = join(entry.parentPath, entry.name)
    // Only Deno's own compiler knows `Deno` and `npm:`.
    if (/^examples.(?:deno|supabase)\b/.test(source)) continue
    const text = await readFile(source, 'utf8')
    for (const [, from = ''] of text.matchAll(/from '(\.[^']+)\.js'/g)) {
      const pulled = join(dirname(source), `${from}.ts`)
      if (from === './posthog.endpoints' && !existsSync(pulled)) await project.write(pulled, pulledEndpoints)
    }
    copied.push(await project.write(source, text))
  }
  expect(copied.length).toBeGreaterThan(1)
  // The declarations of frameworks are not under test.
  const changes = { skipLibCheck: true }
  // The part of Bun's API that the examples use.
  const bun = `declare const Bun: {
    readonly argv: readonly string[]
    write(file: string, text: string): Promise<number>
  }`
  return compile(project, [...copied, await project.write('examples/bun.d.ts', bun)], 'nodenext', changes)
}
