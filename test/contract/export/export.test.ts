import { fork } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type HogQL, hogql, type TypehogClient } from '../../../src/index.ts'
import { faults, type LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
let folder: string
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({
    events: 3_000,
    now: () => new Date('2026-02-01T00:00:00Z'),
  }))
})
beforeEach(async () => {
  local.faults.clear()
  folder = await mkdtemp(join(tmpdir(), 'typehog-export-'))
  return () => rm(folder, { recursive: true })
})
afterAll(() => local.close())

const query = hogql<{ n: number; text: string }>`
  select number as n, concat('a "quoted", ', toString(number), '\n') as text from numbers(1000)`
const order = { orderBy: ['n'], pageSize: 100 }
const lines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const expected = Array.from({ length: 1_000 }, (_, n) => ({ n, text: `a "quoted", ${n}\n` }))

describe('an export', () => {
  it('writes every row and leaves only the file', async () => {
    const path = join(folder, 'rows.ndjson')
    const result = await posthog.export(query, order).toFile(path)
    const text = await readFile(path, 'utf8')
    expect(lines(text)).toEqual(expected)
    expect(result).toEqual({ path, rows: 1_000, bytes: Buffer.byteLength(text), resumedAt: 0 })
    expect(await readdir(folder)).toEqual(['rows.ndjson'])
  })

  it('writes CSV with a single header, even without rows', async () => {
    const path = join(folder, 'rows.csv')
    await posthog
      .export(hogql`select number as n, 'x,"y' as t, null as z from numbers(3)`, order)
      .toFile(path)
    expect(await readFile(path, 'utf8')).toBe('n,t,z\r\n0,"x,""y",\r\n1,"x,""y",\r\n2,"x,""y",\r\n')
    const none = join(folder, 'none.csv')
    await posthog.export(hogql`select number as n from numbers(0)`, { orderBy: ['n'] }).toFile(none)
    expect(await readFile(none, 'utf8')).toBe('n\r\n')
  })

  it('writes large integers exactly, whatever the options', async () => {
    const path = join(folder, 'big.ndjson')
    const big = hogql`select 18446744073709551615 as big, [toInt64('-9007199254740993')] as list, 7 as n`
    await posthog.export(big, { orderBy: ['n'] }, { int64: 'number', dates: 'date' }).toFile(path)
    expect(lines(await readFile(path, 'utf8'))).toEqual([
      { big: '18446744073709551615', list: ['-9007199254740993'], n: 7 },
    ])
  })

  it('reports its progress', async () => {
    const path = join(folder, 'rows.ndjson')
    const seen: number[] = []
    const job = posthog.export(query, { ...order, verifyCount: true }).toFile(path)
    for await (const { rows, progress } of job) {
      expect(progress).toBeCloseTo(rows / 1_000)
      seen.push(rows)
    }
    expect(seen.at(-1)).toBe(1_000)
    expect(seen.length).toBeGreaterThanOrEqual(10)
    expect(await job).toMatchObject({ rows: 1_000 })
  })

  it.each(['ndjson', 'csv'] as const)('resumes after the loop is left, as %s', async (format) => {
    const path = join(folder, 'rows')
    for (let run = 0; run < 3; run++) {
      for await (const { rows } of posthog.export(query, order).toFile(path, { format })) {
        if (rows > 250 * (run + 1)) break
      }
      await expect(access(path)).rejects.toThrow('ENOENT')
    }
    const reference = join(folder, 'uninterrupted')
    await posthog.export(query, order).toFile(reference, { format })
    const { resumedAt, rows } = await posthog.export(query, order).toFile(path, { format })
    expect(resumedAt).toBeGreaterThan(700)
    expect(rows).toBe(1_000)
    expect(await readFile(path, 'utf8')).toBe(await readFile(reference, 'utf8'))
    expect(await readdir(folder)).toEqual(['rows', 'uninterrupted'])
  })

  it('resumes after an error from PostHog', async () => {
    const path = join(folder, 'rows.ndjson')
    local.faults.add(faults.outOfQuota({ skip: 5 }))
    await expect(posthog.export(query, order).toFile(path)).rejects.toMatchObject({
      name: 'QuotaExceededError',
    })
    expect(await posthog.export(query, order).toFile(path)).toMatchObject({ resumedAt: 396, rows: 1_000 })
    expect(lines(await readFile(path, 'utf8'))).toEqual(expected)
  })

  it('creates no file while its row count is wrong', async () => {
    const path = join(folder, 'rows.ndjson')
    const short = { columns: ['n', 'text'], results: [[1, 'x']], types: [] }
    local.faults.add({ skip: 2, status: 200, body: short })
    const counted = { ...order, verifyCount: true }
    await expect(posthog.export(query, counted).toFile(path)).rejects.toMatchObject({
      name: 'TruncatedResultError',
    })
    await expect(access(path)).rejects.toThrow('ENOENT')
    await posthog.export(query, counted).toFile(path)
    expect(lines(await readFile(path, 'utf8'))).toEqual(expected)
  })

  it('rejects a missing folder with a fix', async () => {
    await expect(posthog.export(query, order).toFile(join(folder, 'none', 'x.csv'))).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('cannot be written: ENOENT'),
      fix: expect.stringContaining('Create its directory'),
    })
  })

  it('replaces an existing file only with `overwrite`', async () => {
    const path = join(folder, 'rows.ndjson')
    await writeFile(path, 'precious')
    await expect(posthog.export(query, order).toFile(path)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `${path} already exists.`,
    })
    expect(await readFile(path, 'utf8')).toBe('precious')
    await posthog.export(query, order).toFile(path, { overwrite: true })
    expect(lines(await readFile(path, 'utf8'))).toEqual(expected)
  })

  it('rejects the checkpoint of another export, and missing or modified files', async () => {
    const path = join(folder, 'rows.ndjson')
    for await (const _ of posthog.export(query, order).toFile(path)) break
    const other = hogql`select number as n from numbers(5)`
    await expect(posthog.export(other, order).toFile(path)).rejects.toThrow(
      'is the checkpoint of another export',
    )
    const largerThan = (size: number): HogQL<never> =>
      hogql.text('select number as n from numbers(1000) where n > {size}', { size })
    const values = join(folder, 'values')
    for await (const _ of posthog.export(largerThan(1), order).toFile(values)) break
    await expect(posthog.export(largerThan(2), order).toFile(values)).rejects.toThrow('of another export')
    await posthog.export(largerThan(1), { ...order, pageSize: 333, verifyCount: true }).toFile(values)
    await expect(posthog.export(query, order).toFile(path, { format: 'csv' })).rejects.toThrow(
      'of another export',
    )
    await writeFile(`${path}.part`, '')
    await expect(posthog.export(query, order).toFile(path)).rejects.toThrow('shorter than its checkpoint')
    await rm(`${path}.part`)
    await expect(posthog.export(query, order).toFile(path)).rejects.toThrow('is missing')
    await writeFile(`${path}.checkpoint`, '{')
    await expect(posthog.export(query, order).toFile(path)).rejects.toThrow(
      'is not a checkpoint, or was modified',
    )
  })

  it('writes a single response without `orderBy`, and rejects a truncated one', async () => {
    const path = join(folder, 'rows.ndjson')
    const job = posthog.export(hogql`select number as n from numbers(1000)`).toFile(path)
    await expect(job).rejects.toMatchObject({ name: 'TruncatedResultError' })
    await posthog.export(hogql`select number as n from numbers(1000) limit 2000`).toFile(path)
    expect(lines(await readFile(path, 'utf8'))).toHaveLength(1_000)
    expect((await readdir(folder)).filter((name) => name.endsWith('.checkpoint'))).toEqual([])
    const withCheckpoint = posthog.export(query).toFile(path, { checkpoint: join(folder, 'x') })
    await expect(withCheckpoint).rejects.toThrow('cannot be resumed')
  })
})

describe('a killed export', () => {
  const program = fileURLToPath(new URL('./run-export.ts', import.meta.url))

  it('resumes each time without losing or repeating rows', async () => {
    const { url, close } = await local.listen()
    const path = join(folder, 'events.ndjson')
    const run = async (killAt: number): Promise<{ rows: number; resumedAt: number } | undefined> => {
      const child = fork(program, [url, local.personalApiKey, path, '50'], {
        execArgv: ['--import', import.meta.resolve('tsx')],
      })
      const exit = once(child, 'exit')
      let last: { rows: number; resumedAt: number } | undefined
      child.on('message', (message: { rows: number; resumedAt: number }) => {
        last = message
        if (message.rows >= killAt) child.kill('SIGKILL')
      })
      await exit
      return last
    }
    // Slow responses, so that the export still runs when the test kills it.
    local.faults.add({
      path: '/query/',
      delayMs: 30,
      drip: { bytes: 1_024, everyMs: 15 },
      times: Number.POSITIVE_INFINITY,
    })
    for (const killAt of [100, 500, 900]) {
      await run(killAt)
      await expect(access(path)).rejects.toThrow('ENOENT')
    }
    local.faults.clear()
    const last = await run(Number.POSITIVE_INFINITY)
    expect(last?.resumedAt).toBeGreaterThan(100)
    await close()
    const columns = ['uuid', 'timestamp', 'event', 'distinct_id'] as const
    const range = { from: '2026-01-01', to: '2026-02-01' }
    const all: unknown[] = []
    for await (const row of posthog.events.stream({ ...range, columns, verifyCount: true })) all.push(row)
    expect(all.length).toBeGreaterThan(500)
    expect(lines(await readFile(path, 'utf8'))).toEqual(all)
  })
})
