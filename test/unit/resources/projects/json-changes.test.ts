import { describe, expect, it } from 'vitest'
import { jsonChanges } from '../../../../src/resources/projects/json-changes.ts'

describe('jsonChanges', () => {
  it('lists nested differences with their paths', () => {
    const from = { name: 'a', groups: [{ rollout: 10, properties: ['x'] }], tags: ['one'] }
    const to = {
      name: 'b',
      groups: [{ rollout: 20, properties: ['x'] }],
      tags: ['one', 'two'],
      active: false,
    }
    expect(jsonChanges(from, to)).toEqual([
      { path: 'name', from: 'a', to: 'b' },
      { path: 'groups[0].rollout', from: 10, to: 20 },
      { path: 'tags', from: ['one'], to: ['one', 'two'] },
      { path: 'active', from: undefined, to: false },
    ])
  })

  it.each<[what: string, from: unknown, to: unknown]>([
    ['null and an absent member', { a: null }, {}],
    ['an empty object and null', { a: {} }, { a: null }],
    ['an empty array and an absent member', {}, { a: [] }],
    ['members in another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
  ])('treats %s as equal', (_, from, to) => {
    expect(jsonChanges(from, to)).toEqual([])
  })

  it.each<[from: unknown, to: unknown]>([
    [0, undefined],
    ['', undefined],
    [false, null],
    [0, false],
    [[1], { 0: 1 }],
  ])('treats %j and %j as different', (from, to) => {
    expect(jsonChanges({ a: from }, { a: to })).toHaveLength(1)
  })
})
