import { describe, expect, it } from 'vitest'
import { readVariables } from '../../../src/cli/endpoints/variables.ts'

const known = (['number', 'boolean', 'string', 'date', 'string[]', 'unknown'] as const).map((type) => ({
  name: type === 'string[]' ? 'list' : type,
  type,
  required: false,
  nullable: false,
}))
const read = (...texts: string[]): Readonly<Record<string, unknown>> => readVariables(texts, [], known).values

describe('readVariables', () => {
  it('converts each value to its declared type', () => {
    const texts = [
      'number=5',
      'boolean=true',
      'string=5',
      'date=2026-01-01',
      'list=a',
      'list=b,c',
      'unknown=7',
    ]
    expect(read(...texts)).toEqual({
      number: 5,
      boolean: true,
      string: '5',
      date: '2026-01-01',
      list: ['a', 'b,c'],
      unknown: '7',
    })
  })

  it.each([
    ['-1.5', -1.5],
    ['.5', 0.5],
    ['1e3', 1000],
    ['9007199254740991', 9007199254740991],
  ])('reads the number %s', (text, value) => {
    expect(read(`number=${text}`)).toEqual({ number: value })
  })

  it.each(['', ' ', 'five', '0x10', '1,5', 'NaN', 'Infinity', '1e999', '--1'])(
    'rejects %j as a number',
    (text) => {
      expect(() => read(`number=${text}`)).toThrow(/to be a number, got/)
    },
  )

  it('rejects an integer beyond the precision of JSON numbers and suggests text', () => {
    expect(() => read('number=9007199254740993')).toThrow(
      expect.objectContaining({ fix: expect.stringContaining(`--var-json 'number="9007199254740993"'`) }),
    )
  })

  it.each(['True', '1', 'yes', ''])('rejects %j as a boolean', (text) => {
    expect(() => read(`boolean=${text}`)).toThrow(/to be a boolean, got/)
  })

  it('splits at the first equals sign', () => {
    expect(read('string=a=b=')).toEqual({ string: 'a=b=' })
  })

  it.each(['string', '=x', ''])('rejects %j, which is not an assignment', (argument) => {
    expect(() => read(argument)).toThrow(/name=value/)
  })

  it('rejects a duplicate variable unless it is a list', () => {
    expect(() => read('string=a', 'string=b')).toThrow(/more than once/)
    expect(() => readVariables(['string=a'], ['string="b"'], known)).toThrow(/more than once/)
  })

  it('sends an undeclared variable as text and suggests the closest name', () => {
    expect(readVariables(['numbr=5'], [], known)).toEqual({
      values: { numbr: '5' },
      notes: [expect.stringContaining('Did you mean "number"?')],
    })
  })

  it('sends text without declarations', () => {
    expect(readVariables(['number=5'], [], undefined)).toEqual({ values: { number: '5' }, notes: [] })
  })

  it('passes JSON on, including null', () => {
    expect(readVariables([], ['a=[1,2]', 'b=null', 'c={"d":"e=f"}'], undefined).values).toEqual({
      a: [1, 2],
      b: null,
      c: { d: 'e=f' },
    })
  })

  it('rejects invalid JSON', () => {
    expect(() => readVariables([], ['a=DE'], undefined)).toThrow(/to be JSON, got DE/)
  })

  it('accepts __proto__ as a name', () => {
    const { values } = readVariables(['__proto__=x'], [], undefined)
    expect(Object.keys(values)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype)
  })
})
