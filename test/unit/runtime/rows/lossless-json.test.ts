import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLosslessJson } from '../../../../src/runtime/rows/lossless-json.ts'

describe('parseLosslessJson', () => {
  it('parses only unsafe integers as bigints', () => {
    const text =
      '[9007199254740993, -9223372036854775808, 18446744073709551615, 9007199254740991, 1234567890123456]'
    expect(parseLosslessJson(text)).toEqual([
      9007199254740993n,
      -9223372036854775808n,
      18446744073709551615n,
      9007199254740991,
      1234567890123456,
    ])
  })

  it('does not change strings, keys, fractions and exponents', () => {
    const text = String.raw`{"9007199254740993": "a 9007199254740993 \" 9007199254740993", "x": 9007199254740993.5, "y": 9007199254740993e2, "int64:9007199254740993": "int64:9007199254740993", "z": 9007199254740993}`
    expect(parseLosslessJson(text)).toEqual({ ...JSON.parse(text), z: 9007199254740993n })
  })

  it('accepts and rejects the same texts as JSON.parse', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const plain = (_: string, value: unknown): unknown =>
          typeof value === 'bigint' ? Number(value) : value
        expect(JSON.parse(JSON.stringify(parseLosslessJson(text), plain))).toEqual(JSON.parse(text))
      }),
    )
    for (const text of ['', '[9007199254740993', '{"a": 09007199254740993}', '[9007199254740993,]']) {
      expect(() => parseLosslessJson(text)).toThrow(SyntaxError)
    }
  })

  it('parses every 64-bit integer exactly', () => {
    const integers = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }))
    fc.assert(
      fc.property(integers, fc.string(), (values, key) => {
        const text = `{${JSON.stringify(`${key}"`)}: [${values.join(', ')}]}`
        const [read] = Object.values(parseLosslessJson(text) as Record<string, unknown[]>)
        expect(read?.map((value) => BigInt(value as bigint))).toEqual(values)
      }),
    )
  })

  it('uses the last of duplicate keys, like JSON.parse', () => {
    for (const [text, expected] of [
      ['{"a":[9007199254740993],"a":[9007199254740992]}', { a: [9007199254740992n] }],
      ['{"a":[9007199254740993],"a":[9007199254740992.0]}', { a: [9007199254740992] }],
      ['{"a":9007199254740993,"a":"9007199254740993"}', { a: '9007199254740993' }],
      ['{"a":9007199254740993,"a":["9007199254740993"]}', { a: ['9007199254740993'] }],
      ['{"a":{"b":9007199254740993},"a":7}', { a: 7 }],
    ] as const) {
      expect(parseLosslessJson(text)).toEqual(expected)
    }
  })

  it('treats `__proto__` as an ordinary key', () => {
    const value = parseLosslessJson('{"__proto__":{"toString":9007199254740993},"x":9007199254740993}')
    expect(Object.entries(Object(value))).toEqual([
      ['__proto__', { toString: 9007199254740993n }],
      ['x', 9007199254740993n],
    ])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  it('does not restore integers of more than a thousand digits', () => {
    expect(parseLosslessJson(`[${'1'.repeat(1_000)}, ${'1'.repeat(1_001)}]`)).toEqual([
      BigInt('1'.repeat(1_000)),
      Infinity,
    ])
  })

  it.each<[string, string]>([
    ['colons after the word int64', `int64${':'.repeat(5_000_000)}`],
    ['backslashes', String.raw`\\`.repeat(2_500_000)],
    ['escaped quotes', String.raw`\"`.repeat(5_000_000)],
    ['characters', 'x'.repeat(20_000_000)],
  ])('parses a string of millions of %s in linear time', (_, note) => {
    const text = `{"note":"${note}","n":12345678901234567890}`
    const started = performance.now()
    expect(Object(parseLosslessJson(text)).n).toBe(12345678901234567890n)
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it.each(['', '9007199254740993,'])('rejects JSON that is nested too deeply, after %j', (before) => {
    const deep = `[${before}${'['.repeat(200_000)}${']'.repeat(200_000)}]`
    expect(() => parseLosslessJson(deep)).toThrow('nested too deeply: more than 1000 levels')
  })
})
