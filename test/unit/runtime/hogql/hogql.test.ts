import { describe, expect, it, vi } from 'vitest'
import { hogql, isHogQL } from '../../../../src/runtime/hogql/hogql.ts'
import { failure } from '../harness.ts'

describe('the tag', () => {
  it('keeps values out of the text', () => {
    const { query, values } =
      hogql`select ${1}, ${'a'} from events where x = ${true} and y in ${['a', 2, null]}`
    expect(query).toBe('select {p0}, {p1} from events where x = {p2} and y in {p3}')
    expect(values).toEqual({ p0: 1, p1: 'a', p2: true, p3: ['a', 2, null] })
  })

  it('makes something frozen, which changes of the values do not reach', () => {
    const list = ['a']
    const query = hogql`select ${list}`
    list.push('b')
    expect(query.values).toEqual({ p0: ['a'] })
    expect([query, query.values, query.values['p0']].every(Object.isFrozen)).toBe(true)
  })

  it('writes dates and large integers as conversions of texts', () => {
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

  it('leaves placeholders of the author alone', () => {
    const { query, values } = hogql`select {p0}, {filters}, ${1}`
    expect(query).toBe('select {p0}, {filters}, {p_0}')
    expect(values).toEqual({ p_0: 1 })
  })

  it('nests, joins and lists', () => {
    const conditions = [hogql`event = ${'a'}`, hogql`timestamp > ${'b'}`]
    const inner = hogql`select ${1} where ${hogql.join(conditions, ' and ')}`
    const { query, values } =
      hogql`select * from (${inner}) where x in ${hogql.list([2, 'c'])} and y in ${hogql.list([])}`
    expect(query).toBe(
      'select * from (select {p0} where event = {p1} and timestamp > {p2}) where x in ({p3}, {p4}) and y in (NULL)',
    )
    expect(values).toEqual({ p0: 1, p1: 'a', p2: 'b', p3: 2, p4: 'c' })
  })

  it('quotes names, and takes raw text as it is', () => {
    expect(hogql`select ${hogql.ref('properties', '$a`b\\c')}, ${hogql.raw('count()')}`.query).toBe(
      'select `properties`.`$a\\`b\\\\c`, count()',
    )
  })

  it('takes a text with names of its own, also as a part', () => {
    const part = hogql.text('event = {event}', { event: 'a', p0: [1] })
    const { query, values } = hogql`select ${5} where ${part} and ${part}`
    expect(query).toBe('select {p_0} where event = {event} and event = {event}')
    expect(values).toEqual({ p_0: 5, event: 'a', p0: [1] })
    expect(() => hogql`${part} ${hogql.text('{event}', { event: 'b' })}`).toThrow('{event} is given twice')
  })

  it.each([
    [{ a: {} }, '{a} has no constant'],
    [{ a: undefined }, '{a} has no constant'],
    [{ a: [[1]] }, '{a} has no constant'],
    [{ a: 5n }, '{a} has no constant'],
  ])('refuses values of a text that JSON does not have: %o', (values, message) => {
    expect(() => hogql.text('select {a}', values as never)).toThrow(message)
  })

  it('takes nothing from outside for a part of a query', () => {
    const forged = JSON.parse('{"query":"1; drop table events","values":{}}')
    expect(isHogQL(forged)).toBe(false)
    expect(() => hogql`select ${forged}`).toThrow('has no constant in HogQL')
    expect(isHogQL(hogql`select 1`)).toBe(true)
  })

  it.each([
    [undefined, 'undefined'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [{}, 'type object'],
    [() => 1, 'type function'],
    [Symbol('x'), 'type symbol'],
    [[[1]], 'array within an array'],
    [[{}], 'type object'],
    [new Date('no'), 'The Date is invalid'],
    [2n ** 63n, 'beyond 64 bits'],
  ])('refuses %s, with the fix', async (value, message) => {
    const error = await failure((async () => hogql`select ${value as never}`)())
    expect(error).toMatchObject({ name: 'ConfigurationError', fix: expect.stringContaining('Use a text') })
    expect(error.message).toContain(message)
  })

  it.each(['', 'a%b'])('refuses the name "%s"', (name) => {
    expect(() => hogql.ref(name)).toThrow('cannot be the name of a column')
  })
})

describe('text from outside', () => {
  const outside = JSON.parse(
    '{"list":["select secret"],"separator":" or secret or ","raw":["select secret"]}',
  )
  const real = ((text: TemplateStringsArray, ..._: unknown[]) => text)`select ${1}`

  it.each<[string, unknown[]]>([
    ['a text', ['select secret']],
    ['a list of JSON', [outside.list]],
    ['a list with `raw`', [Object.assign([...outside.list], { raw: outside.raw })]],
    ['a frozen list', [Object.freeze([...outside.list])]],
    [
      'a frozen list with `raw` that is not',
      [Object.freeze(Object.assign([...outside.list], { raw: outside.raw }))],
    ],
    ['an object like a list', [{ 0: 'select secret', length: 1, raw: outside.raw }]],
    ['nothing', []],
    ['null', [null]],
    ['a query', [hogql`select 1`]],
    ['fewer values than places', [real]],
    ['more values than places', [real, 1, 2]],
  ])('is no template: %s', (_, args) => {
    expect(() => Reflect.apply(hogql, undefined, args)).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        fix: expect.stringContaining('hogql`select …`'),
      }),
    )
  })

  it('is no separator', () => {
    expect(() => hogql.join([1, 2], outside.separator)).toThrow(
      /separator of `hogql.join` is " or secret or "/,
    )
    expect(hogql.join([1, 2], ' or ').query).toBe('{p0} or {p1}')
    expect(hogql.join([1, 2], undefined).query).toBe('{p0}, {p1}')
  })

  it.each<[string, () => unknown, string]>([
    ['ref without a name', () => Reflect.apply(hogql.ref, undefined, []), '`hogql.ref` is undefined'],
    ['ref of a list', () => hogql.ref(['a'] as never), '`hogql.ref` is an array'],
    ['ref of a bigint', () => hogql.ref(1n as never), '`hogql.ref` is 1n'],
    ['list of a text', () => hogql.list('ab' as never), '`hogql.list` is "ab"'],
    ['list of nothing', () => hogql.list(undefined as never), '`hogql.list` is undefined'],
    ['list of a Set', () => hogql.list(new Set([1]) as never), '`hogql.list` is a Set'],
    ['list of lists', () => hogql.list([[1]] as never), 'Item 0 of `hogql.list` is an array'],
    ['list with a hole', () => hogql.list(new Array(1)), 'undefined has no constant'],
    ['join of a text', () => hogql.join('ab' as never), '`hogql.join` is "ab"'],
    ['raw of a number', () => hogql.raw(5 as never), '`hogql.raw` is 5'],
    ['raw of a query', () => hogql.raw(hogql`select 1` as never), '`hogql.raw` is an object'],
    ['text of a list', () => hogql.text(['a'] as never), '`hogql.text` is an array'],
    ['text with a list of values', () => hogql.text('a', [1] as never), 'values of `hogql.text` is an array'],
    ['text with a text of values', () => hogql.text('a', 'b' as never), 'values of `hogql.text` is "b"'],
    ['text with __proto__', () => hogql.text('a', JSON.parse('{"__proto__":1}')), '"__proto__"'],
    ['text with a name that is none', () => hogql.text('a', { 'a b': 1 }), '"a b"'],
    ['an escape that does not exist', () => hogql`select '\u'`, 'an escape'],
    ['a list with a hole', () => hogql`select ${new Array(1)}`, 'undefined has no constant'],
  ])('is refused by name: %s', (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', message: expect.stringContaining(message) }),
    )
  })
})

it('takes queries of another copy of the package', async () => {
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
