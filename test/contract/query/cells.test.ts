import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CellOptions, type HogQL, hogql, type TypehogClient } from '../../../src/index.ts'
import { startLocalClient } from '../local-client.ts'
import { startClickHouseClient } from './clickhouse-client.ts'

let clickhouse: Awaited<ReturnType<typeof startClickHouseClient>>
let posthog: TypehogClient
beforeAll(async () => {
  clickhouse = await startClickHouseClient()
  ;({ posthog } = clickhouse)
})
afterAll(() => clickhouse.close())

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
  (name: string, rest = ''): Encode =>
  (value) =>
    hogql`${hogql.raw(name)}(${value}${hogql.raw(rest)})`
const big = { int64: 'bigint' } as const
const text = { int64: 'string' } as const
const date = { dates: 'date' } as const
const uuid = '018d2a6e-0000-7000-8000-000000000001'
const iso = '2026-01-02T03:04:05.678Z'
const precise = "toDateTime64('2026-01-02 03:04:05.678', 6, 'UTC')"

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
  ['UInt8', 'toUInt8(255)', 255, call('toUInt8'), {}],
  ['UInt16', 'toUInt16(65535)', 65_535, call('toUInt16'), {}],
  ['UInt32', 'toUInt32(4294967295)', 4_294_967_295, call('toUInt32'), {}],
  ['Int8', 'toInt8(-128)', -128, call('toInt8'), {}],
  ['Int16', 'toInt16(-32768)', -32_768, call('toInt16'), {}],
  ['Int32', 'toInt32(-2147483648)', -2_147_483_648, call('toInt32'), {}],
  ['Int64', 'toInt64(-5)', -5, call('toInt64'), {}],
  ['Int64', "toInt64('9223372036854775807')", 2n ** 63n - 1n, call('toInt64'), big],
  ['Int64', "toInt64('-9223372036854775808')", -(2n ** 63n), call('toInt64'), big],
  ['UInt64', "toUInt64('18446744073709551615')", '18446744073709551615', call('toUInt64'), text],
  ['Float32', 'toFloat32(0.5)', 0.5, call('toFloat32'), {}],
  ['Float64', 'toFloat64(0.1)', 0.1, call('toFloat64'), {}],
  ['Float64', 'toFloat64(1e300)', 1e300, call('toFloat64'), {}],
  ['Float64', 'toFloat64(nan)', null, undefined, {}],
  ['Decimal(18, 3)', "toDecimal64('123.450', 3)", '123.450', call('toDecimal64', ', 3'), {}],
  ['Bool', 'true', true, asValue, {}],
  ['String', "'it''s é 👩'", "it's é 👩", asValue, {}],
  ['FixedString(3)', "toFixedString('abc', 3)", 'abc', asValue, {}],
  ['LowCardinality(String)', "toLowCardinality('x')", 'x', call('toLowCardinality'), {}],
  ['Nullable(String)', "toNullable('x')", 'x', call('toNullable'), {}],
  ['Nullable(Nothing)', 'NULL', null, asValue, {}],
  ['UUID', `toUUID('${uuid}')`, uuid, call('toUUID'), {}],
  ["Enum8('a' = 1, 'b' = 2)", "CAST('b', 'Enum8(''a'' = 1, ''b'' = 2)')", 'b', asValue, {}],
  ['Date', "toDate('2026-01-02')", '2026-01-02', call('toDate'), {}],
  ['Date', "toDate('2026-01-02')", new Date('2026-01-02T00:00:00Z'), call('toDate'), date],
  ['Date32', "toDate32('1925-01-02')", '1925-01-02', call('toDate32'), {}],
  ["DateTime('UTC')", "toDateTime('2026-01-02 03:04:05', 'UTC')", '2026-01-02T03:04:05Z', second, {}],
  ["DateTime('UTC')", "toDateTime('1970-01-01 00:00:00', 'UTC')", new Date(0), second, date],
  [
    "DateTime('America/New_York')",
    "toDateTime('2026-01-02 03:04:05', 'America/New_York')",
    new Date('2026-01-02T08:04:05Z'),
    secondIn('America/New_York'),
    date,
  ],
  ["DateTime64(6, 'UTC')", precise, iso.replace('Z', '000Z'), undefined, {}],
  ["DateTime64(6, 'UTC')", precise, new Date(iso), undefined, date],
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
    (n: bigint) => hogql`toUInt64(${String(n)})`,
    big,
  ],
  ['Nullable(UInt64)', "CAST(NULL, 'Nullable(UInt64)')", null, undefined, big],
  ['Nullable(Bool)', 'toNullable(false)', false, asValue, {}],
  ["Enum16('a' = 1, 'b' = 1000)", "CAST('b', 'Enum16(''a'' = 1, ''b'' = 1000)')", 'b', asValue, {}],
  ['IPv4', "toIPv4('192.168.0.1')", '192.168.0.1', call('toIPv4'), {}],
  ['IPv6', "toIPv6('2001:db8::1')", '2001:db8::1', call('toIPv6'), {}],
  ['Decimal(9, 2)', "toDecimal32('-1.50', 2)", '-1.50', call('toDecimal32', ', 2'), {}],
  [
    'Decimal(38, 10)',
    "toDecimal128('1234567890123456789012345678.0000000001', 10)",
    '1234567890123456789012345678.0000000001',
    call('toDecimal128', ', 10'),
    {},
  ],
  ['Float32', 'toFloat32(-inf)', null, undefined, {}],
  ['Float64', 'toFloat64(9007199254740993)', 9007199254740992, call('toFloat64'), big],
  ['UInt64', 'toUInt64(0)', 0, call('toUInt64'), {}],
  ['Date32', "toDate32('2026-01-02')", new Date('2026-01-02T00:00:00Z'), call('toDate32'), date],
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
    const cell = hogql.raw(cast)
    const { rows, types } = await posthog.hogql(hogql<{ cell: unknown }>`select ${cell} as cell`, options)
    // A time that is parsed from a string is nullable.
    expect(types[0]?.replace(/^Nullable\((DateTime64.*)\)$/, '$1')).toBe(type)
    expect(rows[0]?.cell).toEqual(value)
  })

  const encodable = cases.flatMap(([type, cast, value, encode]) =>
    encode === undefined ? [] : [[type, cast, value, encode] as const],
  )
  it.each(encodable)('of type %s is the same after a round trip: %s', async (_, cast, value, encode) => {
    const cell = hogql.raw(cast)
    const query = hogql`select toString(${cell}) as cell, toString(${encode(value as never)}) as encoded`
    const row = await posthog.hogql(query).one()
    expect(row?.['encoded']).toBe(row?.['cell'])
  })

  it('of an unknown type is returned unchanged', async () => {
    const types = [['new', 'Vector(3, Float8)'], 'String']
    const body = { results: [[{ a: 1 }, 'x']], columns: ['new', 'old'], types }
    const { local, posthog: client } = await startLocalClient({ events: 20 })
    local.faults.add({ path: '/query/', status: 200, body })
    expect(await client.hogql`select 1`.one()).toEqual({ new: { a: 1 }, old: 'x' })
    await local.close()
  })
})
