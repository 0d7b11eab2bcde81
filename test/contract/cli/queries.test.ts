import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CliHarness, startCliHarness } from './cli-harness.ts'
import { startCountingProxy } from './counting-proxy.ts'

/** The parts of the package that the source files of these tests use. */
const declarations = `
export interface HogQL<Row = Record<string, unknown>> { readonly query: string; readonly values: object; readonly row?: Row }
interface Tag {
  <Row = Record<string, unknown>>(text: TemplateStringsArray, ...values: unknown[]): HogQL<Row>
  list(values: readonly unknown[]): HogQL<never>
}
export const hogql: Tag
export function createClient(): { hogql<Row>(query: HogQL<Row>): Promise<{ rows: Row[] }> }
`

let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness()
  await mkdir(join(harness.folder, 'node_modules/typehog'), { recursive: true })
  await symlink(resolve('node_modules/typescript'), join(harness.folder, 'node_modules/typescript'))
  await write('node_modules/typehog/package.json', '{"name":"typehog","types":"./index.d.ts"}')
  await write('node_modules/typehog/index.d.ts', declarations)
})
afterAll(() => harness[Symbol.asyncDispose]())
beforeEach(async () => {
  for (const name of ['queries', 'src', 'posthog.queries.ts', 'posthog.queries.lock.json'])
    await rm(join(harness.folder, name), { recursive: true, force: true })
})

const run = (...argv: string[]): ReturnType<CliHarness['run']> => harness.run(['queries', ...argv])

async function write(path: string, text: string): Promise<void> {
  const file = join(harness.folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

const read = (path: string): Promise<string> => readFile(join(harness.folder, path), 'utf8')

const topPages = `-- Pages by views.
-- @param minimum Integer fewest views
select properties.$current_url as path, count() as views, max(timestamp) as latest
from events
where timestamp > {since} and event in {events}
group by path
having views >= {minimum}
order by views desc
limit {rows}
`

describe('queries pull', () => {
  it('writes a typed function for each file', async () => {
    await write('queries/top-pages.sql', topPages)
    await write('queries/nested/now.sql', 'select now() as at, 1')
    const { code, out } = await run('pull')
    expect(out).toContain('2 added, 0 changed, 0 unchanged, 0 removed')
    expect(code).toBe(0)
    const module = await read('posthog.queries.ts')
    expect(module).toContain('readonly events: readonly string[]')
    expect(module).toContain('readonly since: Date | string')
    expect(module).toContain('/** fewest views */\n  readonly minimum: number | bigint')
    expect(module).toContain('  path: string | null\n  views: number\n  latest: string\n')
    expect(module).toContain("  at: string\n  '1': number\n")
    expect(module).toContain(`event in \${hogql.list(params.events)}`)
    expect(module).toContain('now: () => hogql<NowRow>`select now() as at, 1`')
    const lock = JSON.parse(await read('posthog.queries.lock.json'))
    expect(lock.queries.topPages.columns[1]).toEqual({ name: 'views', type: 'UInt64' })
  })

  it('writes the same bytes again and asks about changed files only', async () => {
    await write('queries/top-pages.sql', topPages)
    await write('queries/now.sql', 'select now() as at')
    await run('pull')
    const before = [await read('posthog.queries.ts'), await read('posthog.queries.lock.json')]
    const again = JSON.parse((await harness.run(['queries', 'pull', '--json'])).out)
    expect(again).toMatchObject({ written: false, asked: 0, unchanged: ['now', 'topPages'] })
    expect([await read('posthog.queries.ts'), await read('posthog.queries.lock.json')]).toEqual(before)
    await write('queries/now.sql', '-- Described.\nselect now() as at')
    expect(JSON.parse((await harness.run(['queries', 'pull', '--json'])).out)).toMatchObject({
      written: true,
      asked: 0,
    })
    await write('queries/now.sql', 'select today() as at')
    const changed = JSON.parse((await harness.run(['queries', 'pull', '--json'])).out)
    expect(changed.asked).toBe(1)
    expect(changed.changed).toEqual([
      {
        name: 'now',
        columns: [{ column: 'at', grade: 'safe', message: expect.stringContaining('to Date') }],
      },
    ])
    expect(JSON.parse((await harness.run(['queries', 'pull', '--json', '--force'])).out).asked).toBe(2)
  })

  it('reports all files that do not parse at once, and sends nothing', async () => {
    await write('queries/a.sql', 'select 1\nfrom events where (event = ')
    await write('queries/b.sql', 'select {x}')
    await write('queries/c.sql', 'select event from events where event = {e}\n-- @param f String')
    const { code, out } = await harness.run(['queries', 'pull'], { env: {} })
    expect(code).toBe(2)
    expect(out).toContain('queries/a.sql:2:28: ')
    expect(out).toContain('    from events where (event = \n')
    expect(out).toContain('queries/b.sql:1:8: The type of {x} is not plain from the query.')
    expect(out).toContain('Add a line with its type, such as `-- @param x String`.')
    expect(out).toContain('queries/c.sql:2:4: The query has no {f}.')
    expect(out).toContain('3 problems. Nothing was written.')
  })

  it("shows PostHog's error at the place in the file", async () => {
    await write(
      'queries/a.sql',
      '-- One.\nselect event,\n  fooo\nfrom events where timestamp > {since} limit 10',
    )
    await write('queries/b.sql', 'select event from evnts')
    await write('queries/ok.sql', 'select 1 as one')
    const { code, out } = await run('pull')
    expect(code).toBe(3)
    expect(out).toContain('queries/a.sql:3:3: Unable to resolve field: fooo')
    expect(out).toContain('      fooo\n      ^^^^\n')
    expect(out).toContain('queries/b.sql:1:19: Unknown table `evnts`.')
    await expect(read('posthog.queries.ts')).rejects.toThrow('ENOENT')
  })

  it('refuses two files with one name', async () => {
    await write('queries/top-pages.sql', 'select 1 as a')
    await write('queries/x/topPages.sql', 'select 1 as a')
    const { code, out } = await run('pull')
    expect(code).toBe(2)
    expect(out).toContain('queries/x/topPages.sql and queries/top-pages.sql are both queries.topPages.')
  })

  it('asks three at once', async () => {
    await using proxy = await startCountingProxy(harness.url)
    for (let n = 0; n < 30; n++)
      await write(`queries/q${n}.sql`, `select event, ${n} as n from events where timestamp > {since}`)
    const env = { ...harness.env, POSTHOG_HOST: proxy.url }
    const { code, out } = await harness.run(['queries', 'pull'], { env })
    expect(code).toBe(0)
    expect(out).toContain('30 added')
    expect(proxy.counts()).toEqual({ total: 30, mostAtOnce: 3 })
    expect((await run('check', '--offline')).out).toContain('✓ 30 queries')
  })

  it('keeps hostile names and texts as text', async () => {
    await write(
      'queries/hostile.sql',
      `\uFEFF-- Ends */ here. @ts-ignore\r\nselect '\`\${process.exit()}\` \\\\ \u202e é 🎉' as "a*/'b",\r\n  {x} as y\r\n-- @param x String?`,
    )
    await write('queries/then.sql', 'select 1 as `__proto__`')
    await write('queries/日本.sql', 'select 2 as two')
    expect((await run('pull')).out).toContain('+ hostile')
    const module = await read('posthog.queries.ts')
    expect(module).toContain(`select '\\\`\\\${process.exit()}\\\` \\\\\\\\ \\u{202e} é 🎉' as`)
    expect(module).toContain('readonly x: string | null')
    expect(module).toContain('  y: string | null\n')
    expect(module).toContain('thenQuery')
    expect(module).toContain('  query: ()')
    expect(module).not.toContain('\r')
  })
})

describe('query --file', () => {
  it('reads values by the types of the @param lines', async () => {
    await write(
      'queries/zip.sql',
      `-- @param zip String
-- @param day Date
select {zip} as zip, {day} as day, {n} as n from events where timestamp > {since} limit {n}`,
    )
    const values = ['zip=12345', 'day=2026-01-01', 'n=1', 'since=2020-01-01'].flatMap((value) => [
      '--param',
      value,
    ])
    const { out } = await harness.run(['query', '--file', 'queries/zip.sql', ...values, '--format', 'ndjson'])
    expect(JSON.parse(out)).toEqual({ zip: '12345', day: '2026-01-01', n: 1 })
  })
})

describe('queries check', () => {
  it('finds changed files, a changed module and a missing module offline', async () => {
    await write('queries/one.sql', 'select 1 as one')
    await run('pull')
    const offline = (): ReturnType<CliHarness['run']> => harness.run(['queries', 'check'], { env: {} })
    expect((await offline()).err + (await offline()).out).toContain('Checked offline: there is no API key.')
    await write('queries/one.sql', 'select 2 as one')
    const changed = await offline()
    expect(changed.code).toBe(1)
    expect(changed.out).toContain('one: queries/one.sql changed, but the module did not.')
    await write('queries/one.sql', 'select 1 as one')
    await write(
      'posthog.queries.ts',
      (await read('posthog.queries.ts')).replace('one: number', 'one: string'),
    )
    expect((await offline()).out).toContain('The module was edited')
    await rm(join(harness.folder, 'posthog.queries.ts'))
    expect((await offline()).out).toContain('The module is missing.')
  })

  it('grades changed columns and lists the code that uses a lost one', async () => {
    await write('queries/one.sql', "select 'a' as name, 1 as n, 2 as old from events")
    await run('pull')
    await write(
      'src/use.ts',
      `import { createClient } from 'typehog'
import { queries } from '../posthog.queries.js'
const { rows } = await createClient().hogql(queries.one())
for (const row of rows) console.log(row.old, row['old'], row.n)
for (const { old: renamed, name } of rows) console.log(renamed, name)
const other = { old: 1 }
console.log(other.old)
`,
    )
    // The files of a time when PostHog reported another column.
    for (const name of ['posthog.queries.lock.json', 'posthog.queries.ts']) {
      const text = await read(name)
      await write(
        name,
        text.replace('"name": "old"', '"name": "gone"').replace('  old: number', '  gone: number'),
      )
    }
    await write('src/use.ts', (await read('src/use.ts')).replaceAll('old', 'gone'))
    const { code, out } = await run('check', '--source', 'src/**/*.ts', '--json')
    const { changes } = JSON.parse(out)
    expect(code).toBe(1)
    expect(changes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          query: 'one',
          grade: 'breaking',
          message: 'Column "gone" was removed. Used at src/use.ts:4:41, src/use.ts:4:51, src/use.ts:5:14.',
        }),
        expect.objectContaining({ grade: 'safe', message: 'Column "old" is new.' }),
      ]),
    )
  })

  it('checks hogql literals in the source', async () => {
    await run('pull')
    await write(
      'src/a.ts',
      `import { hogql, hogql as sql } from 'typehog'
declare const posthog: { hogql: typeof hogql }
declare const since: string
declare const anything: any
const wrongColumn = posthog.hogql<{ evnt: string }>\`select event from events where timestamp > \${since}\`
const wrongType = sql<{ event: number; n: bigint }>\`select event, count() as n from events group by event\`
const unknownField = hogql\`select
  fooo from events\`
const unparsable = hogql\`select event frm events where\`
const condition = hogql\`event = \${since}\`
const nested = hogql\`select event from events where \${condition} and \${hogql\`1 = 1\`} limit \${5}\`
const dynamic = hogql\`select event from events where \${anything}\`
const guessed = hogql\`select dateDiff('day', toDateTime(\${since}), now()) as days\`
const fine = hogql<{ event: string }>\`select event from events where event in \${hogql.list([since])}\`
`,
    )
    const { code, out } = await run('check', '--source', 'src/**/*.ts')
    expect(code).toBe(1)
    expect(out).toContain(
      'src/a.ts:5:37: The row type has a column "evnt", but the query has none. Columns: event.',
    )
    expect(out).toContain(
      'src/a.ts:6:25: Column "event" has another type. Expected string (String), got number.',
    )
    expect(out).toContain('src/a.ts:8:3: Unable to resolve field: fooo')
    expect(out).toMatch(/src\/a\.ts:9:\d+: /)
    expect(out).toContain('src/a.ts:12:17 skipped: the fragment in line 12 is known only at run time')
    expect(out).not.toContain('src/a.ts:11')
    expect(out).not.toContain('src/a.ts:14')
  })

  it('raises no false alarm', async () => {
    await run('pull')
    await write('src/rows.ts', 'export interface Row { event: string; n: number }\n')
    await write(
      'src/b.ts',
      `import { type HogQL, hogql as sql } from 'typehog'
import type { Row } from './rows.js'
declare const since: string | Date, name: string & { readonly brand: 'name' }, given: HogQL, column: string
const where = sql\`event = \${name}\`
export const a = sql<Row>\`select event, count() as n from events where \${where} group by event\`
export const b = sql<{ at: Date; n: bigint; u: string }>\`select now() as at, count() as n, uuid as u from events where timestamp > \${since} group by u\`
export const c = sql<{ p: string | null; other?: number }>\`select properties.\${sql.ref('a b')} as p from events\`
export const d = sql\`select \${sql.ref(column)} from events where \${given}\`
export const e = sql<Record<string, unknown>>\`select 1 as one \${sql.raw('union all select 2')}\`
export function f<T>(): HogQL<T> { return sql<T>\`select 1 as one from events where event in \${['a', 'b']}\` }
export const start = sql\`select event from events where\`
export const g = sql\`\${start} \${where}\`
export const h = sql<{ list: string[]; t: [number, string] }>\`select ['a'] as list, tuple(1, 'a') as t\`
export const sub = sql\`select * from (\${sql\`select event from events\`}) where event = \${'a'}\`
export const escaped = sql\`select '\\\\n \\\`' as text\`
`,
    )
    const { code, out } = await run('check', '--source', 'src', '--strict', '--json')
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      literals: 8,
      changes: [],
      skipped: [{ path: 'src/b.ts', line: 8, reason: expect.stringContaining('known only at run time') }],
    })
    expect(code).toBe(0)
  })

  it('reports a column that may be null as risky, and keeps columns in the lock file', async () => {
    await write(
      'src/c.ts',
      `import { hogql } from 'typehog'
export const a = hogql<{ path: string }>\`select properties.path as path from events\`
`,
    )
    expect(JSON.parse((await run('pull', '--source', 'src', '--json')).out).asked).toBe(1)
    const offline = await run('check', '--offline', '--source', 'src', '--strict')
    expect(offline.code).toBe(1)
    expect(offline.out).toContain(
      'src/c.ts:2:26: Column "path" may be null. Expected string | null (Nullable(String)), got string.',
    )
  })

  it('requires TypeScript for the source', async () => {
    const folder = join(harness.folder, 'src/empty')
    await mkdir(folder, { recursive: true })
    const inFolder = (...argv: string[]): ReturnType<CliHarness['run']> =>
      harness.run(['queries', ...argv], { cwd: folder })
    await rename(join(harness.folder, 'node_modules'), join(harness.folder, 'elsewhere'))
    const { code, err } = await inFolder('pull', '--source', 'src/**/*.ts')
    await rename(join(harness.folder, 'elsewhere'), join(harness.folder, 'node_modules'))
    expect(code).toBe(2)
    expect(err).toContain('TypeScript is not installed in this project.')
  })
})
