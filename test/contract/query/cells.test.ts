import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CellOptions, type HogQL, hogql, type TypehogClient } from '../../../src/index.ts'
import { openChdbEngine } from '../../../src/local/engine/chdb-engine.ts'
import { toWireRows } from '../../../src/local/engine/result-rows.ts'
import type { SqlEngine, SqlResult } from '../../../src/local/engine/sql-engine.ts'
import { writeJson } from '../../../src/local/http/json.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
/** ClickHouse itself: it has types that no HogQL expression has. */
let engine: SqlEngine
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 20 }))
  engine = await openChdbEngine(undefined, 'limits')
})
afterAll(async () => {
  await local.close()
  await engine.close()
})

/** Runs an expression in ClickHouse. */
const selectCell = (expression: string): Promise<SqlResult> =>
  engine.query(`select ${expression} as cell`, {})

/** Writes a decoded value as an expression of a query. */
type Encode = (value: never) => HogQL<unknown>
type Case = readonly [
  type: string,
  cast: string,
  value: unknown,
  encode: Encode | undefined,
  options: CellOptions,
]

const asValue: Encode = (value) => hogql`${value}`
/** Passes the value to a function. */
const call =
  (name: string): Encode =>
  (value) =>
    hogql`${hogql.raw(name)}(${value})`
const big = { int64: 'bigint' } as const
const text = { int64: 'string' } as const
const date = { dates: 'date' } as const
const uuid = '018d2a6e-0000-7000-8000-000000000001'
const iso = '2026-01-02T03:04:05.678Z'

/** Writes a time with a resolution of seconds in a time zone. */
const secondIn =
  (zone: string): Encode =>
  (value: string | Date) =>
    hogql`toDateTime(${new Date(value).getTime() / 1_000}, ${zone})`
const second = secondIn('UTC')
const tuple: Encode = (values: readonly (string | number)[]) => hogql`tuple(${hogql.join(values)})`
const map: Encode = (values: Readonly<Record<string, number | bigint[]>>) =>
  hogql`map(${hogql.join(Object.entries(values).flat())})`
const days: Encode = (values: readonly Date[]) =>
  hogql`[${hogql.join(values.map((value) => hogql`toDate(${value})`))}]`

/** A ClickHouse type, a cell of this type, the decoded value, and its expression in a query. */
const cases: readonly Case[] = [
  ['UInt8', 'toUInt8(255)', 255, asValue, {}],
  ['UInt16', 'toUInt16(65535)', 65_535, asValue, {}],
  ['UInt32', 'toUInt32(4294967295)', 4_294_967_295, asValue, {}],
  ['Int8', 'toInt8(-128)', -128, asValue, {}],
  ['Int16', 'toInt16(-32768)', -32_768, asValue, {}],
  ['Int32', 'toInt32(-2147483648)', -2_147_483_648, asValue, {}],
  ['Int64', 'toInt64(-5)', -5, call('toInt64'), {}],
  ['Int64', "toInt64('9223372036854775807')", 2n ** 63n - 1n, call('toInt64'), big],
  ['Int64', "toInt64('-9223372036854775808')", -(2n ** 63n), call('toInt64'), big],
  ['UInt64', "toUInt64('18446744073709551615')", '18446744073709551615', asValue, text],
  ['Float32', 'toFloat32(0.5)', 0.5, asValue, {}],
  ['Float64', 'toFloat64(0.1)', 0.1, asValue, {}],
  ['Float64', 'toFloat64(1e300)', 1e300, asValue, {}],
  ['Float64', 'toFloat64(nan)', null, undefined, {}],
  [
    'Decimal(18, 3)',
    "toDecimal64('123.450', 3)",
    '123.450',
    (value: string) => hogql`toDecimal(${value}, 3)`,
    {},
  ],
  ['Bool', 'true', true, asValue, {}],
  ['String', "'it''s é 👩'", "it's é 👩", asValue, {}],
  ['FixedString(3)', "toFixedString('abc', 3)", 'abc', asValue, {}],
  ['LowCardinality(String)', "toLowCardinality('x')", 'x', asValue, {}],
  ['Nullable(String)', "toNullable('x')", 'x', asValue, {}],
  ['Nullable(Nothing)', 'NULL', null, asValue, {}],
  ['UUID', `toUUID('${uuid}')`, uuid, call('toUUID'), {}],
  ["Enum8('a' = 1, 'b' = 2)", "CAST('b', 'Enum8(''a'' = 1, ''b'' = 2)')", 'b', asValue, {}],
  ['Date', "toDate('2026-01-02')", '2026-01-02', call('toDate'), {}],
  ['Date', "toDate('2026-01-02')", new Date('2026-01-02T00:00:00Z'), call('toDate'), date],
  ['Date32', "toDate32('1925-01-02')", '1925-01-02', asValue, {}],
  ["DateTime('UTC')", "toDateTime('2026-01-02 03:04:05', 'UTC')", '2026-01-02T03:04:05Z', second, {}],
  ["DateTime('UTC')", "toDateTime('1970-01-01 00:00:00', 'UTC')", new Date(0), second, date],
  [
    "DateTime('America/New_York')",
    "toDateTime('2026-01-02 03:04:05', 'America/New_York')",
    new Date('2026-01-02T08:04:05Z'),
    secondIn('America/New_York'),
    date,
  ],
  [
    "DateTime64(6, 'UTC')",
    `toDateTime64('${iso}', 6, 'UTC')`,
    iso.replace('Z', '000Z'),
    call('toDateTime'),
    {},
  ],
  ["DateTime64(6, 'UTC')", `toDateTime64('${iso}', 6, 'UTC')`, new Date(iso), asValue, date],
  ['Array(UInt8)', '[1, 2, 3]', [1, 2, 3], asValue, {}],
  ['Array(String)', String.raw`['a', '''', '\\']`, ['a', "'", '\\'], asValue, {}],
  ['Array(Int64)', "[toInt64('9007199254740993')]", [9007199254740993n], asValue, big],
  [
    'Array(Array(Int64))',
    "[[toInt64('9007199254740993')], []]",
    [[9007199254740993n], []],
    ([one, two]: readonly bigint[][]) => hogql`[${one ?? []}, ${two ?? []}]`,
    big,
  ],
  ['Array(Nullable(String))', "['a', NULL]", ['a', null], asValue, {}],
  ['Tuple(UInt8, String)', "tuple(1, 'a')", [1, 'a'], tuple, {}],
  [
    "Tuple(DateTime('UTC'), Nullable(UInt64))",
    "tuple(toDateTime('2026-01-02 03:04:05', 'UTC'), toNullable(toUInt64(7)))",
    [new Date('2026-01-02T03:04:05Z'), 7n],
    ([at, n]: readonly [Date, bigint]) => hogql`tuple(${second(at as never)}, ${n})`,
    { ...big, ...date },
  ],
  [
    'Array(Tuple(String, Int64))',
    "[tuple('a', toInt64(1)), tuple('b', toInt64('9007199254740993'))]",
    [
      ['a', '1'],
      ['b', '9007199254740993'],
    ],
    (rows: readonly [string, string][]) =>
      hogql`[${hogql.join(rows.map(([name, n]) => hogql`tuple(${name}, toInt64(${n}))`))}]`,
    text,
  ],
  ['Array(Date)', "[toDate('2026-01-02')]", [new Date('2026-01-02T00:00:00Z')], days, date],
  ['Array(Array(String))', "[['a'], []]", [['a'], []], undefined, {}],
  ['Array(Bool)', '[true, false]', [true, false], asValue, {}],
  ['Array(Nothing)', '[]', [], asValue, {}],
  ['LowCardinality(Nullable(String))', "CAST('x', 'LowCardinality(Nullable(String))')", 'x', asValue, {}],
  [
    'Nullable(UInt64)',
    "toNullable(toUInt64('18446744073709551615'))",
    2n ** 64n - 1n,
    (n: bigint) => hogql`${String(n)}`,
    big,
  ],
  ['Nullable(UInt64)', "CAST(NULL, 'Nullable(UInt64)')", null, undefined, big],
  ['Nullable(Bool)', 'toNullable(false)', false, asValue, {}],
  ["Enum16('a' = 1, 'b' = 1000)", "CAST('b', 'Enum16(''a'' = 1, ''b'' = 1000)')", 'b', asValue, {}],
  ['IPv4', "toIPv4('192.168.0.1')", '192.168.0.1', asValue, {}],
  ['IPv6', "toIPv6('2001:db8::1')", '2001:db8::1', asValue, {}],
  ['Decimal(9, 2)', "toDecimal32('-1.50', 2)", '-1.50', (value: string) => hogql`toDecimal(${value}, 2)`, {}],
  [
    'Decimal(38, 10)',
    "toDecimal128('1234567890123456789012345678.0000000001', 10)",
    '1234567890123456789012345678.0000000001',
    asValue,
    {},
  ],
  ['Float32', 'toFloat32(-inf)', null, undefined, {}],
  ['Float64', 'toFloat64(9007199254740993)', 9007199254740992, asValue, big],
  ['UInt64', 'toUInt64(0)', 0, asValue, {}],
  ['Date32', "toDate32('2026-01-02')", new Date('2026-01-02T00:00:00Z'), call('toDate'), date],
  [
    'Map(String, UInt64)',
    "map('a', toUInt64(1), '__proto__', toUInt64(2))",
    JSON.parse('{"a":1,"__proto__":2}'),
    map,
    {},
  ],
  [
    'Map(String, Array(Int64))',
    "map('a', [toInt64('9007199254740993')])",
    { a: [9007199254740993n] },
    map,
    big,
  ],
]

describe('a cell', () => {
  it.each<Case>(cases)('of type %s is decoded: %s', async (type, cast, value, _, options) => {
    const result = await selectCell(cast)
    const types = result.columns.map((column) => [column.name, column.type])
    const body = writeJson({ results: toWireRows(result, false), columns: ['cell'], types, hasMore: false })
    local.faults.add({
      ...{ path: '/query/', status: 200, body, headers: { 'content-type': 'application/json' } },
    })
    const response = await posthog.hogql(hogql<{ cell: unknown }>`select 1 as cell`, options)
    expect(response.types).toEqual([type])
    expect(response.rows[0]?.cell).toEqual(value)
  })

  const encodable = cases.flatMap(([type, cast, value, encode]) =>
    encode === undefined ? [] : [[type, cast, value, encode] as const],
  )
  it.each(encodable)('of type %s is the same as a value of a query: %s', async (_, cast, value, encode) => {
    const { rows } = await selectCell(`toString(${cast})`)
    const row = await posthog.hogql`select toString(${encode(value as never)}) as encoded`.one()
    expect(row?.['encoded']).toBe(rows[0]?.[0])
  })

  it('of an unknown type is returned unchanged', async () => {
    const types = [['new', 'Vector(3, Float8)'], 'String']
    const body = { results: [[{ a: 1 }, 'x']], columns: ['new', 'old'], types }
    local.faults.add({ path: '/query/', status: 200, body })
    expect(await posthog.hogql`select 1`.one()).toEqual({ new: { a: 1 }, old: 'x' })
  })
})
