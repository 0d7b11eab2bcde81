import { describe, expect, it } from 'vitest'
import { queryString } from '../../../src/client/build-request.ts'

describe('a query string', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['nothing for no parameters', {}, ''],
    ['plain values as text', { a: 'x', b: 7, c: false, d: 12n }, 'a=x&b=7&c=false&d=12'],
    ['zero and an empty string', { limit: 0, search: '' }, 'limit=0&search='],
    ['parameters in the given order', { b: 1, a: 2 }, 'b=1&a=2'],
    ['an array as repeated keys', { ids: [3, 1, 2] }, 'ids=3&ids=1&ids=2'],
    ['nothing for an empty array', { ids: [] }, ''],
    ['nothing for undefined and null', { a: undefined, b: null, c: 1 }, 'c=1'],
    ['a date in ISO 8601', { after: new Date(Date.UTC(2026, 0, 2)) }, 'after=2026-01-02T00%3A00%3A00.000Z'],
    [
      'an array of dates as repeated keys',
      { day: [new Date(Date.UTC(2026, 0, 2)), new Date(Date.UTC(2026, 0, 3))] },
      'day=2026-01-02T00%3A00%3A00.000Z&day=2026-01-03T00%3A00%3A00.000Z',
    ],
  ])('has %s', (_, query, expected) => {
    expect(queryString(query)).toBe(expected)
  })

  it.each<[string, unknown]>([
    ['an object', { key: 'plan', value: ['a', 'b'], operator: 'exact' }],
    ['an array of objects', [{ key: 'plan' }, { key: 'country' }]],
    ['an array that mixes values and objects', [1, { key: 'plan' }]],
    ['an object with a date inside', { after: '2026-01-02T00:00:00.000Z' }],
    ['an empty object', {}],
  ])('has %s as JSON in one parameter', (_, value) => {
    const search = new URLSearchParams(queryString({ properties: value }))
    expect(search.getAll('properties')).toHaveLength(1)
    expect(JSON.parse(search.get('properties') ?? '')).toEqual(value)
  })

  it.each(['a&b=c', 'a=b', '?x#y', 'one + one', '100 %', '%26', 'Zürich', '日本', '🦔', 'a\nb', "'); drop"])(
    'encodes %j without loss, as a value and as a name',
    (text) => {
      const search = queryString({ before: '1', [text]: text, after: '2' })
      expect([...new URLSearchParams(search)]).toEqual([
        ['before', '1'],
        [text, text],
        ['after', '2'],
      ])
      expect(search).toMatch(/^[!-~]+$/)
    },
  )

  it('contains only own properties', () => {
    expect(queryString(Object.create({ inherited: 1 }))).toBe('')
  })
})
