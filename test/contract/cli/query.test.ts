import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness()
})
afterAll(() => harness[Symbol.asyncDispose]())

const run = (...argv: string[]): ReturnType<CliHarness['run']> => harness.run(['query', ...argv])
const big = 'select 18446744073709551615 as big, 5 as small'

describe('query', () => {
  it('prints a table to stdout and a summary to stderr', async () => {
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

  it('prints the full result with --json', async () => {
    const { out } = await harness.run(['--json', 'query', 'select 1 as one'])
    expect(JSON.parse(out)).toMatchObject({ rows: [{ one: 1 }], complete: true, columns: ['one'] })
  })

  it('binds parameters by their JSON types', async () => {
    const query = 'select {a} as a, {b} as b, {c} as c, {d} as d, {e} as e, {f} as f'
    const params = ['a=1', "b=it's", 'c=true', 'd=null', 'e=[1,2]', 'f="1"'].flatMap((param) => [
      '--param',
      param,
    ])
    const { out } = await run(query, ...params, '--format', 'ndjson')
    expect(JSON.parse(out)).toEqual({ a: 1, b: "it's", c: true, d: null, e: [1, 2], f: '1' })
  })

  it('reads the query from a file or stdin', async () => {
    await writeFile(join(harness.folder, 'one.sql'), 'select {n} as n\n-- the end')
    expect((await run('--file', 'one.sql', '--param', 'n=7', '--format', 'csv')).out).toBe('n\r\n7\r\n')
    const stdin = async (): Promise<string> => 'select 8 as n'
    for (const argv of [['query'], ['query', '-'], ['query', '--file', '-']]) {
      expect((await harness.run([...argv, '--format', 'csv'], { stdin })).out).toBe('n\r\n8\r\n')
    }
  })

  it('warns about missing rows even with --quiet', async () => {
    const { err } = await harness.run(['--quiet', 'query', 'select number from numbers(500)'])
    expect(err).toBe(
      '100 rows, INCOMPLETE: PostHog returns 100 rows for a query without LIMIT (add a LIMIT)\n',
    )
    expect((await harness.run(['--quiet', 'query', 'select 1'])).err).toBe('')
  })

  it('treats a reached LIMIT of the query as intended', async () => {
    const { code, err } = await run('select number from numbers(500) limit 3')
    expect({ code, err }).toEqual({ code: 0, err: "3 rows, reached the query's LIMIT of 3\n" })
    expect((await harness.run(['--quiet', 'query', 'select number from numbers(9) limit 3'])).err).toBe('')
    const { out } = await harness.run(['--json', 'query', 'select number from numbers(500) limit 3'])
    expect(JSON.parse(out)).toMatchObject({ complete: { reason: 'limit', limit: 3 } })
  })

  it('escapes CSV cells that look like formulas, unless --raw-csv is set', async () => {
    const query = `select '=1+1' as formula, '-5' as number, -5 as n, '@x' as "=head"`
    const disarmed = "formula,number,n,'=head\r\n'=1+1,-5,-5,'@x\r\n"
    const raw = 'formula,number,n,=head\r\n=1+1,-5,-5,@x\r\n'
    expect((await run(query, '--format', 'csv')).out).toBe(disarmed)
    expect((await run(query, '--format', 'csv', '--raw-csv')).out).toBe(raw)
    expect((await run(query, '--format', 'csv', '--order-by', 'formula')).out).toBe(disarmed)
    expect((await run(query, '--format', 'csv', '--order-by', 'formula', '--raw-csv')).out).toBe(raw)
    expect((await run(query, '--format', 'ndjson')).out).toContain('"=1+1"')
  })

  it('sends --name as the name of the query', async () => {
    await run('select 1', '--name', 'by hand')
    expect(harness.posthog.requests.at(-1)?.body).toMatchObject({ name: 'by hand' })
  })

  it.each([
    [['query'], { isTTY: { stdout: true, stderr: true, stdin: true } }, 'Expected a query, got none.'],
    [['query', '  '], {}, 'Expected a query, got none.'],
    [['query', 'select 1', '--file', 'x'], {}, 'Got two queries'],
    [['query', 'select 1', '--param', 'a'], {}, 'Expected --param name=value, got "a"'],
    [['query', 'select 1', '--param', 'a=1', '--param', 'a=2'], {}, 'Got --param a twice'],
    [['query', 'select 1', '--param', 'a={}'], {}, 'is an object'],
    [['query', 'select 1', '--param', 'a=9007199254740993'], {}, 'too large for a JSON number'],
    [['query', '--file', 'nothing.sql'], {}, 'nothing.sql'],
  ] as const)('rejects %j with exit code 2', async (argv, io, message) => {
    const { code, out, err } = await harness.run([...argv], io)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).toContain('Fix:')
  })

  it('reports an error of PostHog with exit code 3', async () => {
    const { code, err } = await run('select nothing from nowhere')
    expect(code).toBe(3)
    expect(err).toContain('Error: POST /api/projects/{project_id}/query/ returned 400')
  })
})
