import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createClient, type TypehogClient } from '../../src/index.ts'
import { type LocalPostHog, startLocalPostHog } from '../../src/testing.ts'
import { environmentOf, toJavaScript } from './programs.ts'
import { type Project, useProject } from './project.ts'

/** Maximum number of lines of a job. */
const maxLines = 14
const folder = 'examples/jobs'
const run = promisify(execFile)
const allUsers = { groups: [{ properties: [], rollout_percentage: 100 }] }

/** The environment of a job under test. */
interface JobContext {
  readonly project: Project
  readonly posthog: TypehogClient
  readonly local: LocalPostHog
  /** Sets the clock of the local PostHog. */
  readonly setClock: (time: string) => void
  /** Runs the job. Returns its output. */
  readonly start: (setting?: {
    readonly args?: readonly string[]
    readonly env?: Readonly<Record<string, string>>
    /** The program that calls the job. Default: one that imports it. */
    readonly program?: string
  }) => Promise<string>
}

/** Each job with its expected results. */
const jobs: Readonly<Record<string, (trial: JobContext) => Promise<void>>> = {
  async 'typed-rows-route'({ start }) {
    const program = `const { GET } = await import('./typed-rows-route.mjs')
      console.log(await (await GET(new Request('http://localhost/top-pages?days=90'))).text())`
    const row = String.raw`\{"path":"[^"]+","views":\d+\}`
    expect(await start({ program })).toMatch(new RegExp(`^\\[${row}(?:,${row}){4}\\]\\n$`))
  },
  async 'kpi-digest'({ start }) {
    expect(await start()).toMatch(/^Last week: [1-9]\d* people, [1-9]\d* page views, \d+\.\d\d in revenue\n$/)
  },
  async 'export-events'({ start, project }) {
    expect(await start()).toMatch(/^2000 events, \d{6} bytes\n$/)
    const lines = (await readFile(join(project.folder, 'events.csv'), 'utf8')).trimEnd().split('\r\n')
    expect([lines.length, new Set(lines).size]).toEqual([2_001, 2_001])
  },
  async 'erase-a-user'({ start, posthog }) {
    const { items } = await posthog.persons.list({ limit: 1 })
    const id = items[0]?.distinct_ids[0] ?? ''
    expect(await start({ args: [id, 'nobody'] })).toBe(
      '1 of 2 are known\n1 deleted, 0 failed, events queued: true\n',
    )
    await expect(posthog.persons.getByDistinctId(id)).rejects.toMatchObject({ name: 'NotFoundError' })
  },
  async 'ramp-a-flag'({ start, posthog }) {
    const steps = ['0 % to 5 %', '5 % to 25 %', '25 % to 100 %']
    expect(await start()).toBe(steps.map((step) => `new-checkout: ${step}\n`).join(''))
    const { filters } = await posthog.featureFlags.getByKey('new-checkout')
    expect(filters).toMatchObject(allUsers)
  },
  async 'gated-rollout'({ start, posthog }) {
    const filters = { groups: [{ properties: [], rollout_percentage: 10 }] }
    await posthog.featureFlags.ensure('new-checkout', { active: true, filters })
    const event = { event: '$exception', distinctId: 'user-1' }
    await posthog.events.captureBatch([event, event, event])
    expect(await start({ env: { MAX_ERRORS: '2' } })).toBe('3 errors: back to 10 %\n')
    expect(await posthog.featureFlags.getByKey('new-checkout')).toMatchObject({ filters })
    expect(await start({ env: { MAX_ERRORS: '3' } })).toBe('3 errors: stays at 50 %\n')
  },
  async 'promote-flags'({ start, posthog }) {
    await posthog.featureFlags.create({ key: 'same', active: true, filters: allUsers })
    await posthog.featureFlags.copy('same', { to: [2] })
    await posthog.featureFlags.create({ key: 'new', active: true, filters: allUsers })
    expect(await start({ env: { PRODUCTION_PROJECT_ID: '2' } })).toBe('new copied\n1 were the same\n')
    const { active } = await posthog.project(2).featureFlags.getByKey('new')
    expect(active).toBe(false)
  },
  async 'stale-flags'({ start, posthog, setClock }) {
    setClock('2026-01-01T00:00:00Z')
    await posthog.featureFlags.create({ key: 'old', active: true, filters: allUsers })
    setClock('2026-03-01T00:00:00Z')
    await posthog.featureFlags.create({ key: 'young', active: true, filters: allUsers })
    expect(await start()).toMatch(/^old: Flag has one value .+ 0 flags depend on it\.\n$/)
  },
  async 'cohort-from-crm'({ start, posthog, project }) {
    const query = `select properties.email from persons where properties.email is not null limit 2`
    const { results } = await posthog.query.run({ kind: 'HogQLQuery', query })
    const [[first], [second]] = results as [[string], [string]]
    await project.write('crm.txt', `email\n${first.toUpperCase()}\n${second}\nnobody@example.org\n`)
    expect(await start({ args: ['crm.txt'] })).toBe('Cohort 1: 2 persons; nobody has nobody@example.org\n')
    expect((await posthog.cohorts.persons(1)).items).toHaveLength(2)
  },
  async 'deploy-annotation'({ start, posthog }) {
    expect(await start({ env: { GITHUB_SHA: '0123456789abcdef' } })).toBe('Marked: Deployed 0123456\n')
    expect((await posthog.annotations.list()).count).toBe(1)
    expect(await start({ env: { POSTHOG_PERSONAL_API_KEY: '' } })).toBe('No key: nothing marked\n')
  },
  async 'customer-page'({ start, posthog, project, local }) {
    const query = `select event, count() as times from events
where person.properties.plan = {variables.plan} group by event order by times desc limit 3`
    await posthog.insightVariables.create({ name: 'plan', type: 'String', default_value: 'free' })
    await posthog.endpoints.create({ name: 'usage-of-plan', query: { kind: 'HogQLQuery', query } as never })
    const env = { ...process.env, ...environmentOf(local, posthog.config.host) }
    const cli = join(project.folder, 'node_modules/typehog/dist/cli.js')
    await run(process.execPath, [cli, 'endpoints', 'pull'], { cwd: project.folder, env, timeout: 30_000 })
    await project.write(
      'posthog.endpoints.js',
      toJavaScript(await readFile(join(project.folder, 'posthog.endpoints.ts'), 'utf8')),
    )
    const program = `const { GET } = await import('./customer-page.mjs')
      console.log(await (await GET(new Request('http://localhost/usage?plan=pro'))).text())`
    expect(await start({ program })).toMatch(
      /^\{"version":1,"rows":\[(?:\{"event":"[^"]+","times":\d+\},?){3}\]\}\n$/,
    )
  },
  async doctor({ start }) {
    const printed = await start()
    expect(printed).toMatch(/^personal key at http:\/\/127\.0\.0\.1:\d+, scopes: \*\n/)
    expect(printed).toContain('projects: Local project (1), Local project 2 (2)\na query needs query:read;')
  },
}

// Common jobs as short programs against the local PostHog.
const project = useProject()

describe('a job', () => {
  it('has a test for each file of the folder', () => {
    const files = readdirSync(folder).map((file) => file.replace('.ts', ''))
    expect(files.sort()).toEqual(Object.keys(jobs).sort())
  })

  it.each(Object.entries(jobs))(`%s works in at most ${maxLines} lines`, async (name, job) => {
    let clock = name === 'export-events' ? '2026-04-01T00:00:00Z' : undefined
    const now = (): Date => (clock === undefined ? new Date() : new Date(clock))
    await using local = await startLocalPostHog({ events: 2_000, throttle: false, now, projects: [2] })
    const { url } = await local.listen()
    const posthog = createClient({ host: url, apiKey: local.personalApiKey, projectId: 1 })
    const text = readFileSync(join(folder, `${name}.ts`), 'utf8')
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(maxLines)
    await project().write(`${name}.mjs`, toJavaScript(text))
    await job({
      project: project(),
      posthog,
      local,
      setClock: (time) => {
        clock = time
      },
      start: async ({ args = [], env = {}, program = `await import('./${name}.mjs')` } = {}) => {
        const file = await project().write(`run-${name}.mjs`, program)
        const { stdout } = await run(process.execPath, [file, ...args], {
          cwd: project().folder,
          env: { ...environmentOf(local, posthog.config.host), ...env },
          timeout: 30_000,
        })
        return stdout
      },
    })
  })
})
