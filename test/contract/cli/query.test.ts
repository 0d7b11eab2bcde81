import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorkbench, type Workbench } from './workbench.ts'

let bench: Workbench
beforeAll(async () => {
  bench = await startWorkbench()
})
afterAll(() => bench[Symbol.asyncDispose]())

const run = (...argv: string[]): ReturnType<Workbench['run']> => bench.run(['query', ...argv])
const big = "select toUInt64('18446744073709551615') as big, 5 as small"

describe('query', () => {
  it('prints rows as a table, and a line about them', async () => {
    const { code, out, err } = await run('select number, toString(number) as text from numbers(2)')
    expect(code).toBe(0)
    expect(out).toMatch(/number +│? *text/)
    expect(out.split('\n').filter((line) => /\b[01]\b/.test(line))).toHaveLength(2)
    expect(err).toBe('2 rows, complete\n')
  })

  it.each([
    ['json', '[\n  {\n    "big": "18446744073709551615",\n    "small": 5\n  }\n]\n'],
    ['ndjson', '{"big":"18446744073709551615","small":5}\n'],
    ['csv', 'big,small\r\n18446744073709551615,5\r\n'],
  ])('prints every digit as %s', async (format, expected) => {
    expect((await run(big, '--format', format)).out).toBe(expected)
  })

  it('prints the whole result with --json', async () => {
    const { out } = await bench.run(['--json', 'query', 'select 1 as one'])
    expect(JSON.parse(out)).toMatchObject({ rows: [{ one: 1 }], complete: true, columns: ['one'] })
  })

  it('binds parameters by their types, and texts stay texts', async () => {
    const query = 'select {a} as a, {b} as b, {c} as c, {d} as d, {e} as e, {f} as f'
    const params = ['a=1', "b=it's", 'c=true', 'd=null', 'e=[1,2]', 'f="1"'].flatMap((one) => [
      '--param',
      one,
    ])
    const { out } = await run(query, ...params, '--format', 'ndjson')
    expect(JSON.parse(out)).toEqual({ a: 1, b: "it's", c: true, d: null, e: [1, 2], f: '1' })
  })

  it('reads a file, and stdin', async () => {
    await writeFile(join(bench.folder, 'one.sql'), 'select {n} as n\n-- the end')
    expect((await run('--file', 'one.sql', '--param', 'n=7', '--format', 'csv')).out).toBe('n\r\n7\r\n')
    const stdin = async (): Promise<string> => 'select 8 as n'
    for (const argv of [['query'], ['query', '-'], ['query', '--file', '-']]) {
      expect((await bench.run([...argv, '--format', 'csv'], { stdin })).out).toBe('n\r\n8\r\n')
    }
  })

  it('says that rows may be missing, also when it is to be quiet', async () => {
    const { err } = await bench.run(['--quiet', 'query', 'select number from numbers(500)'])
    expect(err).toBe('100 rows, INCOMPLETE: PostHog gives 100 rows to a query without LIMIT (write one)\n')
    expect((await bench.run(['--quiet', 'query', 'select 1'])).err).toBe('')
  })

  it('calls no result incomplete that is as long as the LIMIT of its query', async () => {
    const { code, err } = await run('select number from numbers(500) limit 3')
    expect({ code, err }).toEqual({ code: 0, err: '3 rows, its LIMIT of 3 was reached\n' })
    expect((await bench.run(['--quiet', 'query', 'select number from numbers(9) limit 3'])).err).toBe('')
    const { out } = await bench.run(['--json', 'query', 'select number from numbers(500) limit 3'])
    expect(JSON.parse(out)).toMatchObject({ complete: { reason: 'limit', limit: 3 } })
  })

  it('disarms CSV cells that a spreadsheet would run as formulas, unless --raw-csv', async () => {
    const query = `select '=1+1' as formula, '-5' as number, -5 as n, '@x' as "=head"`
    const disarmed = "formula,number,n,'=head\r\n'=1+1,-5,-5,'@x\r\n"
    const raw = 'formula,number,n,=head\r\n=1+1,-5,-5,@x\r\n'
    expect((await run(query, '--format', 'csv')).out).toBe(disarmed)
    expect((await run(query, '--format', 'csv', '--raw-csv')).out).toBe(raw)
    expect((await run(query, '--format', 'csv', '--order-by', 'formula')).out).toBe(disarmed)
    expect((await run(query, '--format', 'csv', '--order-by', 'formula', '--raw-csv')).out).toBe(raw)
    expect((await run(query, '--format', 'ndjson')).out).toContain('"=1+1"')
  })

  it('sends the name that it is given', async () => {
    await run('select 1', '--name', 'by hand')
    expect(bench.posthog.requests.at(-1)?.body).toMatchObject({ name: 'by hand' })
  })

  it.each([
    [['query'], { isTTY: { stdout: true, stderr: true, stdin: true } }, 'There is no query.'],
    [['query', '  '], {}, 'There is no query.'],
    [['query', 'select 1', '--file', 'x'], {}, 'given twice'],
    [['query', 'select 1', '--param', 'a'], {}, 'names no value'],
    [['query', 'select 1', '--param', 'a=1', '--param', 'a=2'], {}, 'given twice'],
    [['query', 'select 1', '--param', 'a={}'], {}, 'is an object'],
    [['query', 'select 1', '--param', 'a=9007199254740993'], {}, 'cannot hold exactly'],
    [['query', '--file', 'nothing.sql'], {}, 'nothing.sql'],
  ] as const)('refuses %j with exit code 2', async (argv, io, message) => {
    const { code, out, err } = await bench.run([...argv], io)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).toContain('Fix:')
  })

  it('tells what PostHog has against a query, with exit code 3', async () => {
    const { code, err } = await run('select nothing from nowhere')
    expect(code).toBe(3)
    expect(err).toContain('Error: POST /api/projects/{project_id}/query/ was answered by 400')
  })
})
