import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorkbench, type Workbench } from './workbench.ts'

let bench: Workbench
beforeAll(async () => {
  bench = await startWorkbench()
})
afterAll(() => bench[Symbol.asyncDispose]())

const run = (...argv: string[]): ReturnType<Workbench['run']> => bench.run(['query', ...argv])
const query = "select number as n, toUInt64('18446744073709551615') as big from numbers(120000)"
const lines = (text: string): { n: number; big: string }[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('query with --order-by', () => {
  it('prints all rows, more than one answer holds', async () => {
    const { code, out, err } = await run(query, '--order-by', 'n')
    expect(code).toBe(0)
    const rows = lines(out)
    expect(rows).toHaveLength(120_000)
    expect(rows.every(({ n, big }, at) => n === at && big === '18446744073709551615')).toBe(true)
    expect(err).toMatch(/(?:^|\n)120000 rows, complete\n$/)
  })

  it('prints CSV with one header', async () => {
    const { out } = await run('select number as n from numbers(3)', '--order-by', 'n', '--format', 'csv')
    expect(out).toBe('n\r\n0\r\n1\r\n2\r\n')
  })

  it('shows a bar on a terminal, and leaves no trace of it', async () => {
    const isTTY = { stdout: false, stderr: true }
    const { err } = await bench.run(['query', query, '--order-by', 'n', '--verify-count'], { isTTY })
    expect(err).toMatch(/[\d,]+ rows {2}\[#*·*\] +\d+ %/)
    expect(err.endsWith('\r\u001b[2K120000 rows, complete\n')).toBe(true)
  })

  it.each([
    [['--order-by', 'n', '--format', 'table'], '--format table needs all rows at once'],
    [['--order-by', 'n', '--format', 'json'], '--format json needs all rows at once'],
    [['--order-by', ' , '], '`orderBy` names no column'],
    [['--order-by', 'x'], '`orderBy` names "x"'],
  ])('refuses %j', async (options, message) => {
    const { code, err } = await run(query, ...options)
    expect(code).not.toBe(0)
    expect(err).toContain(message)
  })
})

describe('query with --output', () => {
  it('writes the rows to a file, by the ending of its name', async () => {
    const { err } = await run(query, '--order-by', 'n', '--output', 'rows.csv')
    expect(err).toMatch(/^120000 rows, \d+ bytes: rows\.csv\n$/)
    const text = await readFile(join(bench.folder, 'rows.csv'), 'utf8')
    expect(text.split('\r\n')).toHaveLength(120_002)
    expect((await readdir(bench.folder)).filter((name) => name.startsWith('rows.csv'))).toEqual(['rows.csv'])
  })

  it('replaces no file unless it is told to', async () => {
    await writeFile(join(bench.folder, 'there.ndjson'), 'precious')
    const { code, err } = await run('select 1 as n', '--output', 'there.ndjson')
    expect(code).not.toBe(0)
    expect(err).toContain('there.ndjson is there already')
    expect(await readFile(join(bench.folder, 'there.ndjson'), 'utf8')).toBe('precious')
    await run('select 1 as n', '--output', 'there.ndjson', '--overwrite')
    expect(await readFile(join(bench.folder, 'there.ndjson'), 'utf8')).toBe('{"n":1}\n')
  })

  it('says when one answer was not all, and leaves no file', async () => {
    const { code, err } = await run('select number from numbers(500)', '--output', 'short.ndjson')
    expect(code).not.toBe(0)
    expect(err).toContain('The query returned 100 rows, and there may be more')
    expect(await readdir(bench.folder)).not.toContain('short.ndjson')
  })

  it('goes on after an interruption', async () => {
    const abort = new AbortController()
    bench.posthog.faults.add({ path: '/query/', skip: 2, stall: 'body' })
    setTimeout(() => abort.abort(new Error('Ctrl-C')), 1_500)
    const argv = ['query', query, '--order-by', 'n', '--output', 'long.ndjson']
    const first = await bench.run(argv, { signal: abort.signal })
    expect(first.code).not.toBe(0)
    expect(await readdir(bench.folder)).not.toContain('long.ndjson')
    bench.posthog.faults.clear()
    const { err } = await bench.run(argv)
    expect(err).toMatch(/120000 rows, \d+ bytes, went on at row [1-9]\d+: long\.ndjson/)
    expect(lines(await readFile(join(bench.folder, 'long.ndjson'), 'utf8')).map(({ n }) => n)).toEqual(
      Array.from({ length: 120_000 }, (_, n) => n),
    )
  })
})
