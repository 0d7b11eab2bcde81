import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness()
})
afterAll(() => harness[Symbol.asyncDispose]())

const run = (...argv: string[]): ReturnType<CliHarness['run']> => harness.run(['query', ...argv])
const query = 'select number as n, 18446744073709551615 as big from numbers(120000)'
const lines = (text: string): { n: number; big: string }[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('query with --order-by', () => {
  it('prints all rows of a result with several pages', async () => {
    const { code, out, err } = await run(query, '--order-by', 'n')
    expect(code).toBe(0)
    const rows = lines(out)
    expect(rows).toHaveLength(120_000)
    expect(rows.every(({ n, big }, index) => n === index && big === '18446744073709551615')).toBe(true)
    expect(err).toMatch(/(?:^|\n)120000 rows, complete\n$/)
  })

  it('prints CSV with a single header', async () => {
    const { out } = await run('select number as n from numbers(3)', '--order-by', 'n', '--format', 'csv')
    expect(out).toBe('n\r\n0\r\n1\r\n2\r\n')
  })

  it('shows a progress bar on a terminal and erases it at the end', async () => {
    const isTTY = { stdout: false, stderr: true }
    const { err } = await harness.run(['query', query, '--order-by', 'n', '--verify-count'], { isTTY })
    expect(err).toMatch(/[\d,]+ rows {2}\[#*·*\] +\d+ %/)
    expect(err.endsWith('\r\u001b[2K120000 rows, complete\n')).toBe(true)
  })

  it('reads the windows of a range at once, without rows outside of it', async () => {
    const hourly =
      "select toDateTime('2026-01-01', 'UTC') + number * 3600 as t, number as n from numbers(500)"
    const range = ['--from', '2026-01-02', '--to', '2026-01-12', '--concurrency', '3']
    const { code, out, err } = await run(hourly, '--order-by', 't,n', ...range)
    expect(err).toBe('240 rows, complete\n')
    expect(code).toBe(0)
    expect(lines(out).map(({ n }) => n)).toEqual(Array.from({ length: 240 }, (_, index) => index + 24))
  })

  it.each([
    [['--from', '2026-01-01', '--to', '2026-01-02'], '--from needs --order-by'],
    [['--order-by', 'n', '--to', '2026-01-02'], '--to needs --order-by with a time column first, --from'],
    [['--order-by', 'n', '--concurrency', '3'], '--concurrency needs --order-by'],
    [['--order-by', 'n', '--concurrency', '0'], 'Expected an integer of at least 1'],
  ])('rejects %j as a wrong use', async (options, message) => {
    const { code, err } = await run(query, ...options)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it.each([
    [['--order-by', 'n', '--format', 'table'], '--format table needs all rows at once'],
    [['--order-by', 'n', '--format', 'json'], '--format json needs all rows at once'],
    [['--order-by', ' , '], '`--order-by` names no column'],
    [['--order-by', 'x'], '`--order-by` names "x"'],
  ])('rejects %j', async (options, message) => {
    const { code, err } = await run(query, ...options)
    expect(code).not.toBe(0)
    expect(err).toContain(message)
  })
})

describe('query with --output', () => {
  it('writes rows to a file in the format of its extension', async () => {
    const { err } = await run(query, '--order-by', 'n', '--output', 'rows.csv')
    expect(err).toMatch(/(?:^|\n)120000 rows, \d+ bytes: rows\.csv\n$/)
    const text = await readFile(join(harness.folder, 'rows.csv'), 'utf8')
    expect(text.split('\r\n')).toHaveLength(120_002)
    expect((await readdir(harness.folder)).filter((name) => name.startsWith('rows.csv'))).toEqual([
      'rows.csv',
    ])
  })

  it('writes Parquet and Arrow by the extension or --format, and gzip by the extension', async () => {
    const few = 'select number as n, 18446744073709551615 as big from numbers(3)'
    for (const [name, ...options] of [
      ['few.parquet'],
      ['few.data', '--format', 'parquet'],
      ['few.arrow'],
      ['few.ndjson.gz'],
    ] as const) {
      const { code, err } = await run(few, '--order-by', 'n', '--output', name, ...options)
      expect(err).toMatch(/^3 rows, \d+ bytes: few\./)
      expect(code).toBe(0)
    }
    const read = (name: string): Promise<Buffer> => readFile(join(harness.folder, name))
    expect((await read('few.parquet')).subarray(0, 4).toString()).toBe('PAR1')
    expect((await read('few.data')).subarray(0, 4).toString()).toBe('PAR1')
    expect((await read('few.arrow')).subarray(0, 6).toString()).toBe('ARROW1')
    expect(lines(gunzipSync(await read('few.ndjson.gz')).toString())).toHaveLength(3)
  })

  it.each(['parquet', 'arrow'])('rejects --format %s without --output', async (format) => {
    for (const options of [[], ['--order-by', 'n']]) {
      const { code, err } = await run(query, '--format', format, ...options)
      expect(code).toBe(2)
      expect(err).toContain(`Add --output rows.${format}`)
    }
  })

  it('replaces an existing file only with --overwrite', async () => {
    await writeFile(join(harness.folder, 'there.ndjson'), 'precious')
    const { code, err } = await run('select 1 as n', '--output', 'there.ndjson')
    expect(code).not.toBe(0)
    expect(err).toContain('there.ndjson already exists')
    expect(await readFile(join(harness.folder, 'there.ndjson'), 'utf8')).toBe('precious')
    await run('select 1 as n', '--output', 'there.ndjson', '--overwrite')
    expect(await readFile(join(harness.folder, 'there.ndjson'), 'utf8')).toBe('{"n":1}\n')
  })

  it.each([
    ['upper.CSV', 'n\r\n1\r\n'],
    ['lines.jsonl', '{"n":1}\n'],
    ['rows', '{"n":1}\n'],
  ])('finds the format of %s', async (file, text) => {
    await run('select 1 as n', '--output', file)
    expect(await readFile(join(harness.folder, file), 'utf8')).toBe(text)
  })

  it.each(['rows.xlsx', 'rows.txt', 'rows.json'])('refuses the unknown extension of %s', async (file) => {
    const { code, err } = await run('select 1 as n', '--output', file)
    expect(code).toBe(2)
    expect(err).toContain('expected .csv, .ndjson, .jsonl, .parquet, .arrow.\n')
    expect(await readdir(harness.folder)).not.toContain(file)
  })

  it('accepts any extension with --format', async () => {
    await run('select 1 as n', '--output', 'rows.txt', '--format', 'csv')
    expect(await readFile(join(harness.folder, 'rows.txt'), 'utf8')).toBe('n\r\n1\r\n')
  })

  it('fails without a file when rows are missing', async () => {
    const { code, err } = await run('select number from numbers(500)', '--output', 'short.ndjson')
    expect(code).not.toBe(0)
    expect(err).toContain('The query returned 100 rows, and there may be more')
    expect(await readdir(harness.folder)).not.toContain('short.ndjson')
  })

  it('resumes after an interruption', async () => {
    const abort = new AbortController()
    harness.posthog.faults.add({ path: '/query/', skip: 2, stall: 'body' })
    const argv = ['query', query, '--order-by', 'n', '--output', 'long.ndjson']
    const interrupted = harness.run(argv, { signal: abort.signal })
    await vi.waitUntil(() => harness.posthog.faults.pending.length === 0, { timeout: 30_000 })
    abort.abort(new Error('Ctrl-C'))
    expect((await interrupted).code).not.toBe(0)
    expect(await readdir(harness.folder)).not.toContain('long.ndjson')
    harness.posthog.faults.clear()
    const { err } = await harness.run(argv)
    expect(err).toMatch(/120000 rows, \d+ bytes, resumed at row [1-9]\d+: long\.ndjson/)
    expect(lines(await readFile(join(harness.folder, 'long.ndjson'), 'utf8')).map(({ n }) => n)).toEqual(
      Array.from({ length: 120_000 }, (_, n) => n),
    )
  })
})
