import { describe, expect, it, vi } from 'vitest'
import { hogql, isHogQL } from '../../../../src/runtime/hogql/hogql.ts'
import { failure } from '../harness.ts'

describe('hogql', () => {
  it('binds values', () => {
    const { query, values } =
      hogql`select ${1}, ${'a'} from events where x = ${true} and y in ${['a', 2, null]}`
    expect(query).toBe('select {p0}, {p1} from events where x = {p2} and y in {p3}')
    expect(values).toEqual({ p0: 1, p1: 'a', p2: true, p3: ['a', 2, null] })
  })

  it('returns a frozen query with copies of its values', () => {
    const list = ['a']
    const query = hogql`select ${list}`
    list.push('b')
    expect(query.values).toEqual({ p0: ['a'] })
    expect([query, query.values, query.values['p0']].every(Object.isFrozen)).toBe(true)
  })

  it('converts dates and large integers from strings', () => {
    const date = new Date('2026-01-02T03:04:05.678Z')
    const { query, values } = hogql`select ${date}, ${5n}, ${2n ** 60n}, ${[date, 1n]}`
    expect(query).toBe('select toDateTime({p0}), {p1}, toInt({p2}), [toDateTime({p3}), {p4}]')
    expect(values).toEqual({
      p0: '2026-01-02T03:04:05.678Z',
      p1: 5,
      p2: '1152921504606846976',
      p3: '2026-01-02T03:04:05.678Z',
      p4: 1,
    })
  })

  it('does not collide with placeholders of the author', () => {
    const { query, values } = hogql`select {p0}, {filters}, ${1}`
    expect(query).toBe('select {p0}, {filters}, {p_0}')
    expect(values).toEqual({ p_0: 1 })
  })

  it('nests, joins and lists fragments', () => {
    const conditions = [hogql`event = ${'a'}`, hogql`timestamp > ${'b'}`]
    const inner = hogql`select ${1} where ${hogql.join(conditions, ' and ')}`
    const { query, values } =
      hogql`select * from (${inner}) where x in ${hogql.list([2, 'c'])} and y in ${hogql.list([])}`
    expect(query).toBe(
      'select * from (select {p0} where event = {p1} and timestamp > {p2}) where x in ({p3}, {p4}) and y in (NULL)',
    )
    expect(values).toEqual({ p0: 1, p1: 'a', p2: 'b', p3: 2, p4: 'c' })
  })

  it('quotes identifiers and inserts raw text unchanged', () => {
    expect(hogql`select ${hogql.ref('properties', '$a`b\\c')}, ${hogql.raw('count()')}`.query).toBe(
      'select `properties`.`$a``b\\\\c`, count()',
    )
  })

  it('accepts a string with named placeholders as a fragment', () => {
    const part = hogql.text('event = {event}', { event: 'a', p0: [1] })
    const { query, values } = hogql`select ${5} where ${part} and ${part}`
    expect(query).toBe('select {p_0} where event = {event} and event = {event}')
    expect(values).toEqual({ p_0: 5, event: 'a', p0: [1] })
    expect(() => hogql`${part} ${hogql.text('{event}', { event: 'b' })}`).toThrow(
      '{event} has two different values',
    )
  })

  it.each([
    [{ a: {} }, '{a} has no HogQL constant'],
    [{ a: undefined }, '{a} has no HogQL constant'],
    [{ a: [[1]] }, '{a} has no HogQL constant'],
    [{ a: 5n }, '{a} has no HogQL constant'],
  ])('rejects values of `hogql.text` that JSON cannot represent: %o', (values, message) => {
    expect(() => hogql.text('select {a}', values as never)).toThrow(message)
  })

  it('rejects a forged fragment', () => {
    const forged = JSON.parse('{"query":"1; drop table events","values":{}}')
    expect(isHogQL(forged)).toBe(false)
    expect(() => hogql`select ${forged}`).toThrow('has no HogQL constant')
    expect(isHogQL(hogql`select 1`)).toBe(true)
  })

  it.each([
    [undefined, 'undefined'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [{}, 'type object'],
    [() => 1, 'type function'],
    [Symbol('x'), 'type symbol'],
    [[[1]], 'nested array'],
    [[{}], 'type object'],
    [new Date('no'), 'The Date is invalid'],
    [2n ** 63n, 'exceeds 64 bits'],
  ])('rejects the value %s with a fix', async (value, message) => {
    const error = await failure((async () => hogql`select ${value as never}`)())
    expect(error).toMatchObject({ name: 'ConfigurationError', fix: expect.stringContaining('Use a string') })
    expect(error.message).toContain(message)
  })

  it.each(['', 'a%b'])('rejects the name "%s"', (name) => {
    expect(() => hogql.ref(name)).toThrow('Expected the name of a column or property')
  })
})

describe('untrusted input', () => {
  const outside = JSON.parse(
    '{"list":["select secret"],"separator":" or secret or ","raw":["select secret"]}',
  )
  const real = ((text: TemplateStringsArray, ..._: unknown[]) => text)`select ${1}`

  it.each<[string, unknown[]]>([
    ['a string', ['select secret']],
    ['a JSON array', [outside.list]],
    ['an array with `raw`', [Object.assign([...outside.list], { raw: outside.raw })]],
    ['a frozen array', [Object.freeze([...outside.list])]],
    [
      'a frozen array with an unfrozen `raw`',
      [Object.freeze(Object.assign([...outside.list], { raw: outside.raw }))],
    ],
    ['an array-like object', [{ 0: 'select secret', length: 1, raw: outside.raw }]],
    ['no argument', []],
    ['null', [null]],
    ['a query', [hogql`select 1`]],
    ['too few values', [real]],
    ['too many values', [real, 1, 2]],
  ])('is rejected as a template: %s', (_, args) => {
    expect(() => Reflect.apply(hogql, undefined, args)).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        fix: expect.stringContaining('hogql`select …`'),
      }),
    )
  })

  it('is rejected as a separator', () => {
    expect(() => hogql.join([1, 2], outside.separator)).toThrow(
      /separator of `hogql.join` is " or secret or "/,
    )
    expect(hogql.join([1, 2], ' or ').query).toBe('{p0} or {p1}')
    expect(hogql.join([1, 2], undefined).query).toBe('{p0}, {p1}')
  })

  it.each<[string, () => unknown, string]>([
    ['ref without a name', () => Reflect.apply(hogql.ref, undefined, []), '`hogql.ref` is undefined'],
    ['ref of an array', () => hogql.ref(['a'] as never), '`hogql.ref` is an array'],
    ['ref of a bigint', () => hogql.ref(1n as never), '`hogql.ref` is 1n'],
    ['list of a string', () => hogql.list('ab' as never), '`hogql.list` is "ab"'],
    ['list of undefined', () => hogql.list(undefined as never), '`hogql.list` is undefined'],
    ['list of a Set', () => hogql.list(new Set([1]) as never), '`hogql.list` is a Set'],
    ['list of arrays', () => hogql.list([[1]] as never), 'Item 0 of `hogql.list` is an array'],
    ['list of a sparse array', () => hogql.list(new Array(1)), 'undefined has no HogQL constant'],
    ['join of a string', () => hogql.join('ab' as never), '`hogql.join` is "ab"'],
    ['raw of a number', () => hogql.raw(5 as never), '`hogql.raw` is 5'],
    ['raw of a query', () => hogql.raw(hogql`select 1` as never), '`hogql.raw` is an object'],
    ['text of an array', () => hogql.text(['a'] as never), '`hogql.text` is an array'],
    [
      'text with an array of values',
      () => hogql.text('a', [1] as never),
      'values of `hogql.text` is an array',
    ],
    ['text with a string of values', () => hogql.text('a', 'b' as never), 'values of `hogql.text` is "b"'],
    ['text with __proto__', () => hogql.text('a', JSON.parse('{"__proto__":1}')), '"__proto__"'],
    ['text with an invalid name', () => hogql.text('a', { 'a b': 1 }), '"a b"'],
    ['an invalid escape sequence', () => hogql`select '\u'`, 'an invalid escape'],
    ['a sparse array', () => hogql`select ${new Array(1)}`, 'undefined has no HogQL constant'],
  ])('is rejected with the name of the argument: %s', (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', message: expect.stringContaining(message) }),
    )
  })
})

it('accepts queries of another copy of the package', async () => {
  vi.resetModules()
  const other = await import('../../../../src/runtime/hogql/hogql.ts')
  expect(other.hogql).not.toBe(hogql)
  expect(isHogQL(other.hogql`select 1`)).toBe(true)
  const part = other.hogql`a = ${1}`
  expect(hogql`select ${2} where ${part}`).toEqual({
    query: 'select {p0} where a = {p1}',
    values: { p0: 2, p1: 1 },
  })
})
