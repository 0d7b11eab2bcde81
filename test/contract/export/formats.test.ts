import { fork } from 'node:child_process'
import { once } from 'node:events'
import files, { access, lstat, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { arrow, type ColumnarFormat, parquet } from '../../../src/formats.ts'
import { hogql, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { readWithClickHouse } from '../../read-with-clickhouse.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
let folder: string
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 100, now: () => new Date('2026-02-01T00:00:00Z') }))
})
beforeEach(async () => {
  local.faults.clear()
  folder = await mkdtemp(join(tmpdir(), 'typehog-formats-'))
  return () => rm(folder, { recursive: true })
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => local.close())

const query = hogql`select number as n, concat('a "quoted", ', toString(number)) as text,
  toDateTime('2026-01-01', 'UTC') + number as t, [number, 1] as list, 18446744073709551615 as big from numbers(1000)`
const order = { orderBy: ['n'], pageSize: 100 }
const leave = async (path: string, options: object, after = 250): Promise<void> => {
  for await (const { rows } of posthog.export(query, order).toFile(path, options)) if (rows > after) break
}

describe('an export with gzip', () => {
  it.each(['rows.csv.gz', 'rows.ndjson.gz'])(
    'to %s has the rows of the same export without it',
    async (name) => {
      const path = join(folder, name)
      const plain = path.replace('.gz', '')
      await posthog.export(query, order).toFile(plain)
      const { bytes, rows } = await posthog.export(query, order).toFile(path)
      const compressed = await readFile(path)
      expect(gunzipSync(compressed).toString()).toBe(await readFile(plain, 'utf8'))
      expect({ bytes, rows }).toEqual({ bytes: compressed.length, rows: 1_000 })
      const plainBytes = (await lstat(plain)).size
      expect(bytes).toBeLessThan(plainBytes / 4)
    },
  )

  it('resumes after the loop is left, without losing or repeating rows', async () => {
    const path = join(folder, 'rows.csv.gz')
    const now = vi.spyOn(performance, 'now')
    // Each page is later than the time between two checkpoints.
    let time = 0
    now.mockImplementation(() => (time += 1_000))
    for (const rows of [250, 500, 750]) await leave(path, {}, rows)
    const { resumedAt } = await posthog.export(query, order).toFile(path)
    expect(resumedAt).toBeGreaterThan(500)
    await posthog.export(query, order).toFile(join(folder, 'whole.csv'))
    expect(gunzipSync(await readFile(path)).toString()).toBe(
      await readFile(join(folder, 'whole.csv'), 'utf8'),
    )
    expect(await readdir(folder)).toEqual(['rows.csv.gz', 'whole.csv'])
  })

  it('is valid without rows', async () => {
    const none = hogql`select number as n from numbers(0)`
    for (const [name, text] of [
      ['none.ndjson.gz', ''],
      ['none.csv.gz', 'n\r\n'],
    ] as const) {
      await posthog.export(none, order).toFile(join(folder, name))
      expect(gunzipSync(await readFile(join(folder, name))).toString()).toBe(text)
    }
  })

  it('follows the option instead of the extension, and rejects another checkpoint', async () => {
    const path = join(folder, 'rows.csv.gz')
    await leave(path, { gzip: false })
    await expect(posthog.export(query, order).toFile(path)).rejects.toThrow(
      'is the checkpoint of another export',
    )
    await posthog.export(query, order).toFile(path, { gzip: false })
    expect((await readFile(path, 'utf8')).startsWith('n,text,t,list,big\r\n0,')).toBe(true)
  })

  it('is rejected for a columnar format', async () => {
    const start = local.requests.length
    for (const name of ['rows.parquet.gz', 'rows.arrow.gz']) {
      await expect(posthog.export(query, order).toFile(join(folder, name))).rejects.toMatchObject({
        name: 'ConfigurationError',
        message: expect.stringContaining('gzip does not apply'),
      })
    }
    expect(local.requests.length).toBe(start)
  })
})

describe.each([
  ['parquet', 'Parquet', parquet],
  ['arrow', 'Arrow', arrow],
] as const)('an export to %s', (name, reader, format) => {
  const expected = Array.from({ length: 1_000 }, (_, n) => [
    String(n),
    `a "quoted", ${n}`,
    new Date(1_767_225_600_000 + n * 1_000).toISOString().replace('T', ' ').replace('.000Z', '.000000'),
    JSON.stringify([n, 1]),
    '18446744073709551615',
  ])
  /** Writes the lock file of a run that crashed while it wrote a file. */
  const writeLock = async (path: string, part: string): Promise<void> => {
    const child = fork('--version', { execArgv: ['-e', ''], stdio: 'ignore' })
    await once(child, 'exit')
    const place = `${hostname()} ${await files.readlink('/proc/self/ns/pid').catch(() => '')}`.trim()
    const { dev, ino } = await lstat(part, { bigint: true })
    const record = { token: 'a-b-c', pid: child.pid, place, part: `${dev}:${ino}` }
    await writeFile(`${path}.part.lock`, JSON.stringify(record))
  }
  /** The format, failing after its first bytes. */
  const failing: ColumnarFormat = {
    name,
    load: async () => {
      const convert = await format.load()
      return async function* (lines) {
        for await (const bytes of convert(lines)) {
          yield bytes
          throw new Error('crash')
        }
      }
    },
  }

  it('has every row with its type, and leaves only the file', async () => {
    const path = join(folder, `rows.${name}`)
    const result = await posthog.export(query, order).toFile(path, { format })
    expect(result).toEqual({ path, rows: 1_000, bytes: (await lstat(path)).size, resumedAt: 0 })
    const { types, rows } = await readWithClickHouse(path, reader)
    expect(types).toEqual([
      'Nullable(UInt64)',
      'Nullable(String)',
      "Nullable(DateTime64(6, 'UTC'))",
      'Nullable(String)',
      'Nullable(UInt64)',
    ])
    expect(rows).toEqual(expected)
    expect(await readdir(folder)).toEqual([`rows.${name}`])
  })

  it('has events with their properties as JSON', async () => {
    const path = join(folder, `events.${name}`)
    const range = { from: '2025-11-01', to: '2026-02-02', columns: ['uuid', 'properties'] as const }
    const events: unknown[][] = []
    for await (const { uuid, properties } of posthog.events.stream(range)) {
      events.push([uuid, JSON.stringify(properties)])
    }
    await posthog.events.stream({ ...range, concurrency: 3 }).toFile(path, { format })
    expect(events).toHaveLength(100)
    expect((await readWithClickHouse(path, reader)).rows).toEqual(events)
  })

  it('resumes after the loop is left, while it reads and while it converts', async () => {
    const path = join(folder, `rows.${name}`)
    await leave(path, { format })
    let steps = 0
    for await (const { rows } of posthog.export(query, order).toFile(path, { format })) {
      if (rows === 1_000) steps += 1
      if (steps === 3) break
    }
    expect((await readdir(folder)).sort()).toEqual([`rows.${name}.checkpoint`, `rows.${name}.part`])
    const start = local.requests.length
    expect(await posthog.export(query, order).toFile(path, { format })).toMatchObject({ resumedAt: 1_000 })
    expect(local.requests.length).toBe(start)
    expect((await readWithClickHouse(path, reader)).rows).toEqual(expected)
    expect(await readdir(folder)).toEqual([`rows.${name}`])
  })

  it('converts again after a failure, without a query', async () => {
    const path = join(folder, `rows.${name}`)
    await expect(posthog.export(query, order).toFile(path, { format: failing })).rejects.toThrow('crash')
    await expect(access(path)).rejects.toThrow('ENOENT')
    const start = local.requests.length
    await posthog.export(query, order).toFile(path, { format })
    expect(local.requests.length).toBe(start)
    expect((await readWithClickHouse(path, reader)).rows).toEqual(expected)
  })

  it('converts again after a crash, and removes only the file of the crashed run', async () => {
    const path = join(folder, `rows.${name}`)
    await expect(posthog.export(query, order).toFile(path, { format: failing })).rejects.toThrow('crash')
    const converted = `${path}.converted.part`
    await writeFile(converted, 'half a file')
    await expect(posthog.export(query, order).toFile(path, { format })).rejects.toThrow(
      'does not belong to a known export',
    )
    expect(await readFile(converted, 'utf8')).toBe('half a file')
    await writeLock(path, converted)
    await posthog.export(query, order).toFile(path, { format })
    expect((await readWithClickHouse(path, reader)).rows).toEqual(expected)
    expect(await readdir(folder)).toEqual([`rows.${name}`])
  })

  it('is completed by the next run after a crash behind the move of its file', async () => {
    const path = join(folder, `rows.${name}`)
    vi.spyOn(files, 'link').mockImplementation(async (from, to) => {
      await rename(from, to)
      throw Object.assign(new Error('crash'), { code: 'EEXIST' })
    })
    await expect(posthog.export(query, order).toFile(path, { format })).rejects.toThrow('Another program')
    vi.restoreAllMocks()
    await posthog.export(query, order).toFile(path, { format })
    expect((await readWithClickHouse(path, reader)).rows).toEqual(expected)
    expect(await readdir(folder)).toEqual([`rows.${name}`])
  })

  it('without a checkpoint leaves no files when its conversion fails', async () => {
    const path = join(folder, `rows.${name}`)
    const options = { format: failing, checkpoint: false } as const
    await expect(posthog.export(query, order).toFile(path, options)).rejects.toThrow('crash')
    expect(await readdir(folder)).toEqual([])
    await posthog.export(query, order).toFile(path, { format, checkpoint: false })
    expect((await readWithClickHouse(path, reader)).rows).toEqual(expected)
  })

  it('rejects a missing package before the first query', async () => {
    const missing = { name, load: () => Promise.reject(new Error('Cannot find package')) } as const
    const start = local.requests.length
    const job = posthog.export(query, order).toFile(join(folder, 'rows'), { format: missing })
    await expect(job).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(`The format ${name} needs the package [a-z-]+, which cannot be loaded`),
      fix: expect.stringMatching(/^Run npm install [a-z-]+\.$/),
      cause: expect.objectContaining({ message: 'Cannot find package' }),
    })
    expect(local.requests.length).toBe(start)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('the option `format`', () => {
  it.each(['xlsx', 5, {}, null])('rejects %j', async (format) => {
    const options = { format: format as never }
    await expect(posthog.export(query, order).toFile(join(folder, 'rows'), options)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('ndjson, csv, parquet, arrow'),
    })
  })
})
