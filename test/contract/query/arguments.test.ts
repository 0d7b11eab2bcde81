import { describe, expect, it } from 'vitest'
import { createClient, type HogQLOptions, hogql } from '../../../src/index.ts'

let sent = 0
const posthog = createClient({
  apiKey: 'phx_arguments000',
  projectId: 1,
  host: 'http://local.test',
  limits: false,
  retry: false,
  fetch: async () => {
    sent += 1
    return Response.json({ columns: ['n'], types: [['n', 'UInt64']], results: [[1]] })
  },
})
const query = hogql`select 1 as n limit 5`
const parsed = JSON.parse('{"query":"select secret","values":{},"list":["select secret"]}')
const circular: Record<string, unknown> = {}
circular['self'] = circular

/** Returns the error of a call, and asserts that it sent nothing. */
async function errorOf(run: () => PromiseLike<unknown>): Promise<unknown> {
  const before = sent
  const error = await (async () => run())().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(sent).toBe(before)
  return error
}

describe('a query that was not created by `hogql`', () => {
  it.each<[string, () => PromiseLike<unknown>]>([
    ['JSON', () => posthog.hogql(parsed)],
    ['JSON in a set', () => posthog.hogql.all({ a: parsed })],
    ['a list of JSON', () => posthog.hogql(parsed.list)],
    ['a string', () => posthog.hogql('select 1' as never)],
    ['a string in a set', () => posthog.hogql.all({ a: 'select 1' as never })],
    ['undefined', () => posthog.hogql(undefined as never)],
    ['a copy of a query', () => posthog.hogql({ ...query })],
    ['JSON that is streamed', () => posthog.hogql(parsed).stream().next()],
    ['JSON that is exported', () => posthog.export(parsed).toFile('never.csv')],
    ['null as a set', () => posthog.hogql.all(null as never)],
    ['a string as a set', () => posthog.hogql.all('select 1' as never)],
    [
      'JSON as a condition',
      () => posthog.events.stream({ from: '2026-01-01', to: '2026-01-02', where: parsed }).next(),
    ],
    [
      'a string as a condition',
      () => posthog.events.stream({ from: '2026-01-01', to: '2026-01-02', where: '1 = 1' as never }).next(),
    ],
  ])('is rejected: %s', async (_, run) => {
    expect(await errorOf(run)).toMatchObject({ name: 'ConfigurationError', fix: expect.any(String) })
  })
})

describe('invalid options of a query', () => {
  it.each<[object, string]>([
    [
      { int64: 'BigInt' },
      'The option `int64` of `hogql` is "BigInt"; expected "number", "bigint" or "string".',
    ],
    [{ dates: 'Date' }, '`dates` of `hogql` is "Date"'],
    [{ refresh: 'x' }, '`refresh` of `hogql` is "x"'],
    [{ async: 'yes' }, '`async` of `hogql` is "yes"'],
    [{ name: 'x'.repeat(129) }, '`name` of `hogql` is a string of 129 characters'],
    [{ name: 5 }, '`name` of `hogql` is 5'],
    [{ clientQueryId: '' }, '`clientQueryId` of `hogql` is ""'],
    [{ onProgress: true }, '`onProgress` of `hogql` is true'],
    [{ ttl: -1 }, '`ttl` of `hogql` is -1'],
    [{ ttl: Number.NaN }, '`ttl` of `hogql` is NaN'],
    [{ ttl: '5' }, '`ttl` of `hogql` is "5"'],
    [{ staleIfThrottled: 5 }, '`staleIfThrottled` of `hogql` requires `ttl`'],
    [{ ttl: 5, staleIfThrottled: -1 }, '`staleIfThrottled` of `hogql` is -1'],
    [{ variables: [1] }, '`variables` of `hogql` is an array'],
    [{ variables: { a: 1n } }, '`variables.a` is 1n'],
    [{ ttl: 5, variables: { a: [{ b: 1n }] } }, '`variables.a.0.b` is 1n'],
    [{ variables: { a: Number.NaN } }, '`variables.a` is NaN'],
    [{ variables: { a: new Date(Number.NaN) } }, '`variables.a` is an invalid Date'],
    [{ variables: { a: () => 1 } }, '`variables.a` is a function'],
    [{ variables: { a: new Map() } }, '`variables.a` is a Map'],
    [{ variables: circular }, 'it contains itself'],
    [{ date: 'date' }, '`hogql` has no option `date`'],
    [{ variable: {} }, '`hogql` has no option `variable`'],
    [{ allowPartial: true }, '`hogql` has no option `allowPartial`'],
    [[], 'The options of `hogql` is an empty array'],
  ])('are rejected: %o', async (options, message) => {
    const invalid = options as HogQLOptions
    const expected = { name: 'ConfigurationError', message: expect.stringContaining(message) }
    expect(await errorOf(() => posthog.hogql(query, invalid))).toMatchObject(expected)
    expect(await errorOf(() => posthog.hogql(query).with(invalid))).toMatchObject(expected)
    expect(await errorOf(() => posthog.hogql.all({ query }, invalid))).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message.replaceAll('`hogql`', '`hogql.all`')),
    })
    expect(await errorOf(() => posthog.hogql(query, invalid).stream().next())).toMatchObject(expected)
  })

  it.each<[() => PromiseLike<unknown>, string]>([
    [() => posthog.hogql(query).as('n' as never), 'The argument of `as` is "n"'],
    [() => posthog.hogql(query).as(undefined as never), 'The argument of `as` is undefined'],
    [() => posthog.hogql(query).as({ n: 5 } as never), 'The type of the column `n` is 5'],
    [
      () => posthog.hogql(query).as({ n: 'UInt64' }, { int64: 'big' as never }),
      '`int64` of `hogql` is "big"',
    ],
    [() => posthog.query.run('select 1' as never), 'The argument of `query.run` is "select 1"'],
    [() => posthog.query.run({ kind: 'HogQLQuery', query: '1' }, { refresh: 'x' as never }), '`refresh`'],
    [
      () => posthog.events.stream({ from: '2026-01-01', to: '2026-01-02', event: 5 as never }).next(),
      '`event` of `events.stream` is 5',
    ],
    [
      () => posthog.events.stream({ from: '2026-01-01', to: '2026-01-02', columns: 'uuid' as never }).next(),
      '`columns`',
    ],
    [() => posthog.events.stream(undefined as never).next(), ''],
  ])('are rejected before anything is sent: %#', async (run, message) => {
    expect(await errorOf(run)).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    })
  })

  it('do not include undefined options', async () => {
    const unset = { int64: undefined, ttl: undefined, name: undefined } as unknown as HogQLOptions
    expect(await posthog.hogql(query, { int64: 'bigint' }).with(unset).one()).toEqual({ n: 1n })
  })
})

describe('a query call', () => {
  it('has `catch`, `finally` and a string tag', async () => {
    let ended = 0
    const call = posthog.hogql(query)
    expect(await call.finally(() => (ended += 1))).toMatchObject({ rows: [{ n: 1 }] })
    expect(await posthog.hogql(parsed).catch(() => 'rejected')).toBe('rejected')
    expect(ended).toBe(1)
    expect(Object.prototype.toString.call(call)).toBe('[object QueryCall]')
  })

  it('is sent once, whichever methods you call', async () => {
    const before = sent
    const call = posthog.hogql(query)
    await Promise.all([call.catch(() => {}), call.finally(() => {}), call, call.rows()])
    expect(sent).toBe(before + 1)
  })
})
