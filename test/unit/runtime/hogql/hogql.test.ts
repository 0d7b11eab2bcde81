import { describe, expect, it } from 'vitest'
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
