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
  it('gives each value the type that the endpoint declares', () => {
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
    'refuses %j as a number',
    (text) => {
      expect(() => read(`number=${text}`)).toThrow(/not a number/)
    },
  )

  it('refuses an integer that a JSON number would change, and says how to send it', () => {
    expect(() => read('number=9007199254740993')).toThrow(
      expect.objectContaining({ fix: expect.stringContaining(`--var-json 'number="9007199254740993"'`) }),
    )
  })

  it.each(['True', '1', 'yes', ''])('refuses %j as a boolean', (text) => {
    expect(() => read(`boolean=${text}`)).toThrow(/not a boolean/)
  })

  it('splits at the first equals sign', () => {
    expect(read('string=a=b=')).toEqual({ string: 'a=b=' })
  })

  it.each(['string', '=x', ''])('refuses %j, which names no value', (argument) => {
    expect(() => read(argument)).toThrow(/names no value/)
  })

  it('refuses a variable that is given twice, unless it is a list', () => {
    expect(() => read('string=a', 'string=b')).toThrow(/more than once/)
    expect(() => readVariables(['string=a'], ['string="b"'], known)).toThrow(/more than once/)
  })

  it('sends text for a variable that the document does not have, and names the nearest one', () => {
    expect(readVariables(['numbr=5'], [], known)).toEqual({
      values: { numbr: '5' },
      notes: [expect.stringContaining('Did you mean "number"?')],
    })
  })

  it('sends text when the document cannot be read', () => {
    expect(readVariables(['number=5'], [], undefined)).toEqual({ values: { number: '5' }, notes: [] })
  })

  it('takes JSON as it is, null included', () => {
    expect(readVariables([], ['a=[1,2]', 'b=null', 'c={"d":"e=f"}'], undefined).values).toEqual({
      a: [1, 2],
      b: null,
      c: { d: 'e=f' },
    })
  })

  it('refuses what is not JSON', () => {
    expect(() => readVariables([], ['a=DE'], undefined)).toThrow(/not JSON: DE/)
  })

  it('takes __proto__ for a name like any other', () => {
    const { values } = readVariables(['__proto__=x'], [], undefined)
    expect(Object.keys(values)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype)
  })
})
