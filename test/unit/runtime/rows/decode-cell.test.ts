import { describe, expect, it } from 'vitest'
import { createClient, hogql } from '../../../../src/index.ts'

const widest = 2n ** 255n - 1n

/** Runs a query of one column and returns its cell. */
async function cellOf(
  type: string,
  json: string,
  int64?: 'number' | 'bigint' | 'string',
  streamed = false,
): Promise<unknown> {
  const body = `{"columns":["n"],"types":[["n","${type}"]],"results":[[${json}]]}`
  const posthog = createClient({
    apiKey: 'phx_cells0000000',
    projectId: 1,
    host: 'http://local.test',
    limits: false,
    fetch: async () => new Response(body, { headers: { 'content-type': 'application/json' } }),
  })
  const call = posthog.hogql(hogql<{ n: unknown }>`select n from t limit 5`, { int64 })
  if (!streamed) return (await call.one())?.n
  for await (const { n } of call.stream()) return n
  return undefined
}

describe.each([false, true])('a wide integer, streamed: %s', (streamed) => {
  it.each([
    ['Int64', '5'],
    ['UInt128', '5'],
    ['Int128', '-170141183460469231731687303715884105728'],
    ['UInt256', `${2n ** 256n - 1n}`],
    ['Int256', `${widest}`],
    ['Nullable(Int256)', `${widest}`],
    ['UInt64', '"18446744073709551615"'],
    ['Int256', `"${widest}"`],
  ])('of type %s with the value %s is exact as a bigint and as a string', async (type, json) => {
    const digits = json.replaceAll('"', '')
    expect(await cellOf(type, json, 'bigint', streamed)).toBe(BigInt(digits))
    expect(await cellOf(type, json, 'string', streamed)).toBe(digits)
  })

  it.each([
    ['Int128', `${widest}`],
    ['UInt256', `"${widest}"`],
  ])('of type %s throws if a number cannot represent %s', async (type, json) => {
    await expect(cellOf(type, json, 'number', streamed)).rejects.toMatchObject({
      name: 'DecodeError',
      fix: expect.stringContaining("int64: 'bigint'"),
    })
    await expect(cellOf(type, json, undefined, streamed)).rejects.toMatchObject({ name: 'DecodeError' })
  })

  it('is a number if it is safe', async () => {
    expect(await cellOf('UInt256', '"5"', 'number', streamed)).toBe(5)
    expect(await cellOf('Array(Int128)', '[1,2]', undefined, streamed)).toEqual([1, 2])
  })

  it.each([['1.5'], ['"x"'], ['true']])('is not decoded from %s', async (json) => {
    expect(await cellOf('Int256', json, 'bigint', streamed)).toEqual(JSON.parse(json))
  })
})
