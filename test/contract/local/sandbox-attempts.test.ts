import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hogql } from '../../../src/index.ts'
import { type Sandbox, SECRET, startSandbox } from './sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const runSql = (sql: string): Promise<string> => sandbox.runSql(sql)

/** Ways to files, the network, other databases and the server, without their arguments' values. */
const REACHES: readonly (readonly [name: string, call: (file: string) => string])[] = [
  ['file', (path) => `file('${path}')`],
  ['file with a format', (path) => `file('${path}', LineAsString)`],
  ['a URL', () => "url('http://127.0.0.1:1/', LineAsString)"],
  ['S3', () => "s3('http://127.0.0.1:1/b/x', LineAsString)"],
  ['another server', () => "remote('127.0.0.1:1', system.one)"],
  ['MySQL', () => "mysql('127.0.0.1:1', 'd', 't', 'u', 'p')"],
  ['PostgreSQL', () => "postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')"],
  ['SQLite', (path) => `sqlite('${path}', 't')`],
  ['a program', () => "executable('ls', TSV, 'a String')"],
  ['all databases', () => "merge('.*', '.*')"],
  ['a dictionary', () => "dictGet('d', 'a', 1)"],
  ['a setting', () => "getSetting('readonly')"],
]

/** Places of a query where something can be read. */
const PLACES: readonly ((call: string) => string)[] = [
  (call) => `select ${call}`,
  (call) => `select * from ${call}`,
  (call) => `select * from (${call}) as t`,
  (call) => `select (select * from ${call})`,
  (call) => `with a as (select * from ${call}) select * from a`,
  (call) => `with recursive a as (select 1 as x union all select x from ${call}) select * from a`,
  (call) => `with ${call} as f select f`,
  (call) => `select 1 from events e left join ${call} t on e.event = t.a`,
  (call) => `select 1 from events cross join ${call}`,
  (call) => `select 1 where 1 in (select * from ${call})`,
  (call) => `select 1 where 1 in ${call}`,
  (call) => `select x from events array join ${call} as x`,
  (call) => `select arrayMap(x -> ${call}, [1])`,
  (call) => `select f'{${call}}'`,
  (call) => `select {'k': ${call}}`,
  (call) => `select <a href={${call}} />`,
  (call) => `select ${call} over ()`,
  (call) => `select count() filter (where ${call})`,
  (call) => `select * replace (${call} as event) from events`,
  (call) => `select columns(* replace (${call} as event)) from events`,
  (call) => `select cast(${call} as String)`,
  (call) => `select 1 limit ${call}`,
  (call) => `select event from events limit 1 by ${call}`,
  (call) => `select 1 from events sample ${call}`,
  (call) => `select 1 from (values (${call})) as v`,
  (call) => `select 1 union all select ${call}`,
  (call) => `select properties.\`x') from ${call} --\` from events`,
  (call) => `select 1 as \`a\`\` from ${call} --\``,
  (call) => `select 'x\\' , ${call} --'`,
]

describe('generated attempts to leave the database', () => {
  const attempts = REACHES.flatMap(([, call]) => PLACES.map((place) => (path: string) => place(call(path))))

  it('are more than 300, and none is run', async () => {
    expect(attempts.length).toBeGreaterThan(300)
    const ran: string[] = []
    for (const attempt of attempts) {
      const result = await runSql(attempt(sandbox.file))
      // Some attempts are a property or an alias with a strange name, which are harmless.
      const isName = attempt('').includes('`')
      if (result.includes(SECRET) || (result.startsWith('rows') && !isName)) ran.push(attempt(sandbox.file))
    }
    expect(ran).toEqual([])
  })

  it.each(['cohort', 'action', 'variable'])('are values when they are the name of a %s', async (kind) => {
    const name = "x') union all select * from system.tables --"
    if (kind === 'cohort') await sandbox.posthog.cohorts.createStatic({ name, distinctIds: ['user_1'] })
    if (kind === 'action') await sandbox.posthog.actions.create({ name, steps: [{ event: name }] })
    const conditions = {
      cohort: hogql`person_id in cohort ${hogql.raw(`'${name.replaceAll("'", "\\'")}'`)} and 1 = 0`,
      action: hogql`matchesAction(${hogql.raw(`'${name.replaceAll("'", "\\'")}'`)})`,
      variable: hogql`event = ${name}`,
    }
    const condition = conditions[kind as keyof typeof conditions]
    expect(await sandbox.posthog.hogql`select count() as n from events where ${condition}`.one()).toEqual({
      n: 0,
    })
  })

  it.each([
    ...[
      "select toStartOfDay('x')",
      'select JSONExtractString(1)',
      'select intDiv(1, 0)',
      'select range(5e8)',
    ],
    ...["select properties.a + 1 from events where person.properties.b > toDate('x')"],
    ...['select sum(event) from events', 'select e.event from events group by distinct_id'],
  ])('never show translated SQL in a message: %s', async (sql) => {
    const message = await runSql(sql)
    expect(message).toMatch(/^error /)
    expect(message).not.toMatch(/typehog_|JSONExtractRaw|replaceRegexpAll|ifNull|toTimeZone|SELECT /)
  })
})
