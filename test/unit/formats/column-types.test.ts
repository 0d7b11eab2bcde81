import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arrow, parquet } from '../../../src/formats.ts'
import { readWithClickHouse } from '../../read-with-clickhouse.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-formats-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A ClickHouse type, a cell as an export writes it, and the type and the value that ClickHouse reads. */
type Case = readonly [type: string | undefined, cell: unknown, readType: string, value: unknown]

const cases: readonly Case[] = [
  ['Bool', true, 'Bool', true],
  ['Bool', 0, 'Bool', false],
  ['Int8', -128, 'Int32', -128],
  ['Nullable(Int32)', 2147483647, 'Int32', 2147483647],
  ['UInt32', 4294967295, 'UInt32', 4294967295],
  ['Int64', '-9223372036854775808', 'Int64', '-9223372036854775808'],
  ['Int64', 7, 'Int64', '7'],
  ['UInt64', '18446744073709551615', 'UInt64', '18446744073709551615'],
  ['Int256', '-123456789012345678901234567890', 'String', '-123456789012345678901234567890'],
  ['Float32', 1.5, 'Float32', 1.5],
  ['Float64', 0.1, 'Float64', 0.1],
  ['Date', '1969-12-31', 'Date32', '1969-12-31'],
  ['DateTime', '2026-01-31T01:02:03+02:00', "DateTime64(6, 'UTC')", '2026-01-30 23:02:03.000000'],
  ['DateTime64(3)', '1969-12-31 23:59:59.999', "DateTime64(6, 'UTC')", '1969-12-31 23:59:59.999000'],
  [
    "DateTime64(6, 'UTC')",
    '2026-01-31T01:02:03.123456Z',
    "DateTime64(6, 'UTC')",
    '2026-01-31 01:02:03.123456',
  ],
  [
    'DateTime64(9)',
    '2026-01-31T01:02:03.123456789Z',
    "DateTime64(9, 'UTC')",
    '2026-01-31 01:02:03.123456789',
  ],
  ['Decimal(9, 2)', 12.34, 'Decimal(9, 2)', '12.34'],
  ['Decimal(18, 4)', '-12.34', 'Decimal(18, 4)', '-12.34'],
  [
    'Decimal(38, 10)',
    '-1234567890123456789012345678.0123456789',
    'Decimal(38, 10)',
    '-1234567890123456789012345678.0123456789',
  ],
  ['Decimal(76, 2)', '1.50', 'String', '1.50'],
  ['UUID', '0191e5c0-0000-7000-8000-000000000001', 'String', '0191e5c0-0000-7000-8000-000000000001'],
  ['LowCardinality(Nullable(String))', 'ü"\n😀', 'String', 'ü"\n😀'],
  ['String', '', 'String', ''],
  ['String', { a: [1, null] }, 'String', '{"a":[1,null]}'],
  ['Array(Int64)', ['9007199254740993', 2], 'String', '["9007199254740993",2]'],
  ['Map(String, UInt8)', { a: 1 }, 'String', '{"a":1}'],
  ['Tuple(a String, b UInt8)', ['x', 1], 'String', '["x",1]'],
  [undefined, 5, 'String', '5'],
]

async function write(
  format: 'parquet' | 'arrow',
  columns: readonly Case[],
  rows: readonly unknown[][],
): Promise<string> {
  const names = columns.map((_, at) => `c${at}`)
  const lines = [
    { columns: names, types: columns.map(([type]) => type) },
    ...rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))),
  ]
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  /** Yields chunks that end within characters. */
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const bytes = new TextEncoder().encode(text)
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
  }
  const convert = await { parquet, arrow }[format].load()
  const written: Uint8Array[] = []
  for await (const bytes of convert(chunks())) written.push(bytes)
  const path = join(folder, `${crypto.randomUUID()}.${format}`)
  await writeFile(path, Buffer.concat(written))
  return path
}

describe.each([
  ['parquet', 'Parquet'],
  ['arrow', 'Arrow'],
] as const)('a file of %s', (format, reader) => {
  it('has the values and types of every column type, and null', async () => {
    const cells = cases.map(([, cell]) => cell)
    const nulls = cases.map(() => null)
    const { types, rows } = await readWithClickHouse(
      await write(format, cases, [cells, nulls, cells]),
      reader,
    )
    expect(types).toEqual(cases.map(([, , type]) => `Nullable(${type})`))
    const values = cases.map(([, , , value]) => value)
    expect(rows).toEqual([values, nulls, values])
  })

  it('has its columns even without rows', async () => {
    const { types, rows } = await readWithClickHouse(await write(format, cases, []), reader)
    expect(types).toHaveLength(cases.length)
    expect(rows).toEqual([])
  })

  it('holds more rows than one batch, in order', async () => {
    const columns: Case[] = [
      ['UInt64', 0, '', ''],
      ['Nullable(String)', '', '', ''],
    ]
    const count = 25_000
    const rows = Array.from({ length: count }, (_, n) => [n, n % 3 === 0 ? null : `row ${n}`])
    const read = await readWithClickHouse(await write(format, columns, rows), reader)
    expect(read.rows).toEqual(rows.map(([n, text]) => [String(n), text]))
  })

  it.each([
    ['Int32', 2147483648],
    ['UInt8', 1.5],
    ['UInt64', '-1'],
    ['Int64', '9223372036854775808'],
    ['Bool', 'yes'],
    ['Float64', 'one'],
    ['Date', '2026-02-31x'],
    ['DateTime64(6)', '2026-01-31T01:02:03.1234567Z'],
    ['Decimal(9, 2)', '1.234'],
  ])('rejects a cell of %s that is %j instead of changing it', async (type, cell) => {
    await expect(write(format, [[type, cell, '', '']], [[cell]])).rejects.toMatchObject({
      name: 'DecodeError',
      message: expect.stringContaining('A cell of the column c0 does not fit its type'),
      fix: expect.stringContaining('toString'),
    })
  })
})
