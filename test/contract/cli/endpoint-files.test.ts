import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/errors.ts'
import { type CliHarness, hogql, startCliHarness } from './cli-harness.ts'

let harness: CliHarness

beforeAll(async () => {
  harness = await startCliHarness()
})

afterAll(() => harness[Symbol.asyncDispose]())

beforeEach(async () => {
  for (const name of await readdir(harness.folder)) await rm(join(harness.folder, name), { recursive: true })
  const { results } = (await harness.api('GET', 'endpoints/')) as { results: { name: string }[] }
  for (const { name } of results) await harness.api('DELETE', `endpoints/${name}/`)
})

const read = (name: string): Promise<string> => readFile(join(harness.folder, name), 'utf8')
async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(harness.folder, name)), { recursive: true })
  await writeFile(join(harness.folder, name), text)
}
const push = (...args: string[]): ReturnType<CliHarness['run']> =>
  harness.run(['endpoints', 'push', '--yes', ...args])
const endpoint = async (name: string): Promise<Record<string, unknown>> =>
  (await harness.api('GET', `endpoints/${name}/`)) as Record<string, unknown>

const record = 'posthog.endpoint-files.lock.json'

// Written by hand in the format of PostHog's CLI, with comments, unknown keys and different styles.
const signups = `# signups.yaml
name: signups
description: "Sign-ups of a plan" # shown in the app
owner: growth   # a key that no tool knows
query: |
  -- a comment of the query
  select count() as n

  from events
  where properties.plan = {variables.plan}
    and properties.amount > {variables.min_amount}
variables:
- name: plan
  type: string
  default: pro
- {name: min_amount, type: integer, default: 5}
`
const trends = `name: pageviews-by-browser
query_definition:
    kind: TrendsQuery
    series:
        - kind: EventsNode
          event: $pageview
    breakdownFilter: { breakdown: $browser, breakdown_type: event }
`
const table = `# table.yaml
name: table
query: select event, count() as n from events group by event
materialization:
  enabled: true
  schedule: "6hour"
`

describe('endpoints push and pull --yaml', () => {
  it('keeps files in the format of the official CLI byte for byte', async () => {
    const files = { 'signups.yaml': signups, 'by-browser.yml': trends, 'table.yaml': table }
    for (const [name, text] of Object.entries(files)) await write(`endpoints/${name}`, text)
    const pushed = await push()
    expect(pushed.err).toBe('')
    expect(pushed.code).toBe(0)
    expect(pushed.out).toContain('NEW     SQL variable min_amount  Number, default 5')
    expect(pushed.out).toContain('✓ created signups, version 1')
    expect(pushed.out).toContain('✓ materialized table')
    const saved = await endpoint('table')
    expect([saved['is_materialized'], saved['data_freshness_seconds']]).toEqual([true, 21_600])

    const diff = await harness.run(['endpoints', 'diff', '--verbose'])
    expect(diff).toMatchObject({ code: 0, err: '' })
    expect(diff.out).toContain('✓ 3 endpoints: no differences.')
    const again = await push()
    expect(again.out).toBe('✓ 3 endpoints: no changes.\n')

    const pulled = await harness.run(['endpoints', 'pull', '--yaml'])
    expect(pulled).toMatchObject({ code: 0, out: '3 endpoints: all files are up to date.\n' })
    for (const [name, text] of Object.entries(files)) expect(await read(`endpoints/${name}`)).toBe(text)
  })

  it('writes new files that push as they are', async () => {
    await write('endpoints/signups.yaml', signups)
    await write('endpoints/table.yaml', table)
    await push()
    await rm(join(harness.folder, 'endpoints'), { recursive: true })
    const { out } = await harness.run(['endpoints', 'pull', '--yaml', 'saved'])
    expect(out).toBe('+ saved/signups.yaml\n+ saved/table.yaml\n2 endpoints: wrote 2 files.\n')
    expect(await read('saved/signups.yaml')).toBe(`# signups.yaml
name: signups
description: Sign-ups of a plan
query: |
  -- a comment of the query
  select count() as n

  from events
  where properties.plan = {variables.plan}
    and properties.amount > {variables.min_amount}
variables:
- name: plan
  type: string
  default: pro
- name: min_amount
  type: number
  default: 5
`)
    expect(await read('saved/table.yaml')).toBe(table.replace('"6hour"', '6hour'))
    expect((await push('saved')).out).toBe('✓ 2 endpoints: no changes.\n')
  })

  it('updates files with the changes of the server, and keeps comments and unknown keys', async () => {
    await write('endpoints/signups.yaml', signups)
    await push()
    const { query } = (await endpoint('signups')) as { query: { query: string } }
    await harness.api('PATCH', 'endpoints/signups/', {
      description: 'Sign-ups',
      query: { ...query, query: query.query.replace('-- a comment of the query\n', '') },
    })
    const { out } = await harness.run(['endpoints', 'pull', '--yaml'])
    expect(out).toBe('~ endpoints/signups.yaml: description, query\n1 endpoint: wrote 1 file.\n')
    expect(await read('endpoints/signups.yaml')).toBe(
      signups
        .replace('"Sign-ups of a plan" #', '"Sign-ups" #')
        .replace('growth   #', 'growth #')
        .replace('  -- a comment of the query\n', ''),
    )
  })

  it('reads and writes the .sql file of query_file', async () => {
    await write('queries/top.sql', 'select event from events\n')
    await write('endpoints/top.yaml', 'name: top\nquery_file: ../queries/top.sql\n')
    expect((await push()).code).toBe(0)
    expect((await endpoint('top'))['query']).toMatchObject({ query: 'select event from events' })
    await harness.api('PATCH', 'endpoints/top/', { query: hogql('select event from events limit 3') })
    const { out } = await harness.run(['endpoints', 'pull', '--yaml'])
    expect(out).toContain('~ endpoints/top.yaml: query')
    expect(await read('queries/top.sql')).toBe('select event from events limit 3\n')
    expect(await read('endpoints/top.yaml')).toBe('name: top\nquery_file: ../queries/top.sql\n')
  })
})

describe('endpoints push', () => {
  it('reports the problems of all files at their lines, and sends nothing', async () => {
    await write('endpoints/a.yaml', 'name: a\nquery: |\n  select 1\n  from events wher x\n')
    await write(
      'endpoints/b.yaml',
      'name: b\nquery: select {variables.cuntry}\nvariables:\n- name: country\n  type: text\n',
    )
    await write(
      'endpoints/c.yaml',
      'name: c\nquery: select {since}\nmaterialization:\n  enabled: true\n  schedule: 2hour\n',
    )
    await write('endpoints/d.yaml', 'name: [d\n')
    await write('endpoints/e.yaml', 'name: a\nquery: select {variables.country}\n')
    const { code, err } = await push()
    expect(code).toBe(2)
    const places = err.split('\n').filter((line) => line.startsWith('endpoints/'))
    expect(places.map((line) => line.split(': ')[0])).toEqual([
      'endpoints/b.yaml:5:9',
      'endpoints/c.yaml:5:13',
      'endpoints/d.yaml:2:1',
      'endpoints/e.yaml:1:7',
      'endpoints/a.yaml:4:20',
      'endpoints/e.yaml:2:15',
    ])
    expect(err).toContain('Error: The endpoint files have 6 problems.')
    expect(await harness.api('GET', 'endpoints/')).toMatchObject({ count: 0 })
  })

  it('rejects a type that differs from the variable of the project', async () => {
    await harness.api('POST', 'insight_variables/', { name: 'age', type: 'Number' })
    await write(
      'endpoints/a.yaml',
      'name: a\nquery: select {variables.age}\nvariables:\n- name: age\n  type: string\n',
    )
    const { code, err } = await push()
    expect(code).toBe(2)
    expect(err).toContain(
      'endpoints/a.yaml:5:9: Variable "age" has the type Number in PostHog, and string in the file.',
    )
  })

  it('shows a line diff and its effect on the generated module, then pins the new version', async () => {
    await write('endpoints/signups.yaml', signups)
    await write('endpoints/other.yaml', 'name: other\nquery: select 1 as one\n')
    await push()
    await harness.run(['endpoints', 'pull'])
    const changed = signups
      .replace('    and properties.amount > {variables.min_amount}\n', '')
      .replace('- {name: min_amount, type: integer, default: 5}\n', '')
    await write('endpoints/signups.yaml', changed)
    const { out, code } = await push()
    expect(code).toBe(0)
    expect(out.split('\n').slice(0, 12)).toEqual([
      'CHANGED signups  endpoints/signups.yaml',
      '        query:',
      '          …',
      '            ',
      '            from events',
      '            where properties.plan = {variables.plan}',
      '          -   and properties.amount > {variables.min_amount}',
      '            ',
      '        variables:',
      '          - min_amount: number',
      '            plan: string',
      '✗ breaking  signups: Variable "min_amount" was removed: runs that send it fail with 400.',
    ])
    expect(out).toContain('pinned signups: v1 -> v2')
    const lock = JSON.parse(await read('posthog.endpoints.lock.json'))
    expect([lock.endpoints.signups.version, lock.endpoints.other.version]).toEqual([2, 1])
    expect(await harness.run(['endpoints', 'check'])).toMatchObject({ code: 0 })
  })

  it('changes nothing with --dry-run, and needs --yes without a terminal', async () => {
    await write('endpoints/signups.yaml', signups)
    const dry = await harness.run(['endpoints', 'push', '--dry-run'])
    expect(dry.code).toBe(0)
    expect(dry.out).toContain('1 to create, 0 to update, 0 unchanged\nNothing was changed: --dry-run.\n')
    const { code, err } = await harness.run(['endpoints', 'push'])
    expect(code).toBe(2)
    expect(err).toContain('Fix: Add --yes')
    expect(await harness.api('GET', 'endpoints/')).toMatchObject({ count: 0 })
    expect(await readdir(harness.folder)).toEqual(['endpoints'])
  })

  it('asks on a terminal', async () => {
    await write('endpoints/signups.yaml', signups)
    const isTTY = { stdout: true, stderr: true, stdin: true }
    const questions: string[] = []
    const answer = (text: string) => async (question: string) => {
      questions.push(question)
      return text
    }
    const no = await harness.run(['endpoints', 'push'], { isTTY, prompt: answer('') })
    expect(no.out).toContain('Nothing was changed.')
    expect(await harness.api('GET', 'endpoints/')).toMatchObject({ count: 0 })
    const yes = await harness.run(['endpoints', 'push'], { isTTY, prompt: answer('y') })
    expect(yes.out).toContain('created signups, version 1')
    expect(questions[1]).toBe(`Apply to project 1 on ${harness.url}? [y/N] `)
  })

  it('refuses to materialize what PostHog cannot, before the first write if the query is saved', async () => {
    const funnel = `name: now-query\nquery: select now() as at\nmaterialization:\n  enabled: true\n`
    await write('endpoints/now.yaml', funnel)
    await write('endpoints/zz.yaml', 'name: zz\nquery: select 1 as one\n')
    const first = await push()
    expect(first.code).toBe(2)
    expect(first.out).toContain('✓ created now-query, version 1')
    expect(first.err).toContain('Done: 1 of 3 steps. Not done:\n  materialize now-query\n  create zz\n')
    expect(first.err).toContain('Error: PostHog cannot materialize "now-query"')
    const second = await push()
    expect(second.code).toBe(2)
    expect(second.err).not.toContain('Done:')
    await write('endpoints/now.yaml', funnel.replace('true', 'false'))
    expect((await push()).out).toContain('✓ created zz, version 1')
  })

  it('stops between two writes after Ctrl-C, and continues with the next run', async () => {
    for (const name of ['a', 'b', 'c'])
      await write(`endpoints/${name}.yaml`, `name: ${name}\nquery: select 1 as one\n`)
    const controller = new AbortController()
    const { code, err } = await harness.run(['endpoints', 'push', '--yes'], {
      signal: controller.signal,
      stdout: {
        write: (text) => {
          if (text.includes('created a')) controller.abort(new InterruptedError())
        },
      },
    })
    expect(code).toBe(130)
    expect(err).toContain('Done: 1 of 3 steps. Not done:\n  create b\n  create c\n')
    expect(Object.keys(JSON.parse(await read(record)).projects[0].endpoints)).toEqual(['a'])
    const next = await push()
    expect(next.out).toContain('2 to create, 0 to update, 1 unchanged')
    expect(await harness.api('GET', 'endpoints/')).toMatchObject({ count: 3 })
  })

  it('retires with --prune what earlier files pushed, and nothing else', async () => {
    await harness.api('POST', 'endpoints/', { name: 'by-hand', query: hogql('select 1 as one') })
    await write('endpoints/a.yaml', 'name: a\nquery: select 1 as one\n')
    await write('endpoints/b.yaml', 'name: b\nquery: select 1 as one\n')
    await push()
    await rm(join(harness.folder, 'endpoints/b.yaml'))
    const diff = await harness.run(['endpoints', 'diff'])
    expect(diff).toMatchObject({ code: 1 })
    expect(diff.out).toContain('GONE    b  version 1; no file names it')
    expect((await push()).out).toContain('1 pushed endpoint is in no file: --prune retires it.')
    expect((await push('--prune', 'endpoints')).code).toBe(2)
    expect((await push('--prune')).out).toContain('✓ retired b')
    expect([(await endpoint('b'))['is_active'], (await endpoint('by-hand'))['is_active']]).toEqual([
      false,
      true,
    ])
    expect(await harness.run(['endpoints', 'diff'])).toMatchObject({ code: 0 })

    await write('endpoints/b.yaml', 'name: b\nquery: select 1 as one\n')
    expect((await push()).out).toContain('active: no -> yes')
    expect((await endpoint('b'))['is_active']).toBe(true)
  })

  it('reads endpoints of modules', async () => {
    await write(
      'code/helper.mjs',
      `export const query = { kind: 'HogQLQuery', query: 'select {variables.plan} as plan' }\n`,
    )
    await write(
      'code/endpoints.mjs',
      `import { query } from './helper.mjs'
const definition = { name: 'from-code', query, variables: [{ name: 'plan', type: 'string', default: 'free' }] }
export const fromCode = Object.assign(() => {}, { definition })
export default fromCode
`,
    )
    const { out } = await push('code')
    expect(out).toContain('NEW     from-code  code/endpoints.mjs')
    expect((await endpoint('from-code'))['query']).toMatchObject({ query: 'select {variables.plan} as plan' })
    expect((await push('code')).out).toBe('✓ 1 endpoint: no changes.\n')
  })

  it('prints one JSON document with --json', async () => {
    await write('endpoints/signups.yaml', signups)
    const { out } = await push('--json')
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      dryRun: false,
      counts: { NEW: 1, CHANGED: 0, SAME: 0, GONE: 0 },
      endpoints: [{ name: 'signups', file: 'endpoints/signups.yaml', difference: 'NEW' }],
    })
  })
})

describe('endpoints get, open and run --file', () => {
  it('prints an endpoint and an older version as YAML', async () => {
    await harness.api('POST', 'endpoints/', { name: 'one', query: hogql('select 1 as one') })
    await harness.api('PATCH', 'endpoints/one/', { query: hogql('select 2 as one') })
    const get = (...args: string[]): ReturnType<CliHarness['run']> =>
      harness.run(['endpoints', 'get', ...args])
    expect((await get('one')).out).toBe('# one.yaml\nname: one\nquery: select 2 as one\n')
    expect((await get('one', '--ver', '1')).out).toContain('select 1 as one')
    expect(JSON.parse((await get('one', '--json')).out)).toMatchObject({
      name: 'one',
      version: 2,
      active: true,
    })
    expect((await get('ones')).err).toContain('Did you mean "one"?')
  })

  it('opens the page of an endpoint on a terminal only', async () => {
    await harness.api('POST', 'endpoints/', { name: 'one', query: hogql('select 1 as one') })
    const opened: string[] = []
    const openUrl = async (url: string): Promise<boolean> => opened.push(url) > 0
    const url = `${harness.url}/project/1/endpoints/one`
    expect(await harness.run(['endpoints', 'open', 'one'], { openUrl })).toMatchObject({
      code: 0,
      out: `${url}\n`,
    })
    expect(opened).toEqual([])
    const isTTY = { stdout: true, stderr: true }
    await harness.run(['endpoints', 'open', 'one', '--print'], { openUrl, isTTY })
    await harness.run(['endpoints', 'open', 'one'], { openUrl, isTTY })
    expect(opened).toEqual([url])
  })

  it('runs the query of a file without creating an endpoint', async () => {
    await harness.api('POST', 'insight_variables/', { name: 'factor', type: 'Number', default_value: 3 })
    await write(
      'x.yaml',
      'name: x\nquery: select 7 * {variables.factor} as n\nvariables:\n- name: factor\n  type: number\n',
    )
    const run = (...args: string[]): ReturnType<CliHarness['run']> =>
      harness.run(['endpoints', 'run', '--format', 'csv', '--file', ...args])
    expect(await run('x.yaml', '--var', 'factor=2')).toMatchObject({ code: 0, out: 'n\r\n14\r\n' })
    expect((await run('x.yaml')).out).toBe('n\r\n21\r\n')
    await write('y.sql', 'select 5 as five\n')
    expect((await run('y.sql')).out).toBe('five\r\n5\r\n')
    expect(await harness.api('GET', 'endpoints/')).toMatchObject({ count: 0 })
    expect((await run('y.sql', '--limit', '3')).code).toBe(2)
  })
})
