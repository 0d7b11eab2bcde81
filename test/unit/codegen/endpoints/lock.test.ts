import { describe, expect, it } from 'vitest'
import { createLock, identifiersOf, parseLock, renderLock } from '../../../../src/codegen/endpoints/lock.ts'
import { described } from './documents.ts'

const source = { host: 'https://us.posthog.com', projectId: '1' }
const variables = {
  properties: { b: { type: 'string' }, a: { type: 'number', description: 'prose' } },
  required: ['a'],
}
const lock = createLock([described(variables)], source)
const text = renderLock(lock)

describe('the lock file', () => {
  it('reads back what was written', () => {
    expect(parseLock(text, 'x.json')).toEqual(lock)
  })

  it('has the same bytes in whatever order the endpoints come', () => {
    const two = [described(), described({ endpoint: { name: 'other' } })]
    expect(renderLock(createLock([...two].reverse(), source))).toBe(renderLock(createLock(two, source)))
  })

  it('has another hash when types or the version change, and the same when prose does', () => {
    const hashOf = (shape: Parameters<typeof described>[0]): string | undefined =>
      createLock([described(shape)], source).endpoints['top-pages']?.hash
    const before = hashOf(variables)
    expect(hashOf({ ...variables, endpoint: { description: 'Other words.' } })).toBe(before)
    expect(hashOf({ ...variables, endpoint: { version: 4 } })).not.toBe(before)
    expect(hashOf({ ...variables, required: ['a', 'b'] })).not.toBe(before)
    expect(hashOf({ ...variables, endpoint: { columns: [{ name: 'path', type: 'date' }] } })).not.toBe(before)
    expect(hashOf({ ...variables, endpoint: { is_materialized: true } })).not.toBe(before)
  })

  it('gives endpoints of older locks the identifiers that they had', () => {
    const names = ['a_b', 'a-b', 'c']
    const now = createLock(
      names.map((name) => described({ endpoint: { name } })),
      source,
    )
    const older = renderLock(now).replace(/ *"identifier".*\n/g, '')
    expect(older).not.toContain('identifier')
    expect(parseLock(older, 'x.json')).toEqual(now)
    // Merged from a branch of each: the identifier that is written stays.
    const merged = JSON.parse(older)
    merged.endpoints.a_b.identifier = 'aB'
    expect([...identifiersOf(parseLock(JSON.stringify(merged), 'x.json')).values()]).toEqual([
      'aB_2',
      'aB',
      'c',
    ])
  })

  it('takes an identifier that was changed by hand', () => {
    const lock = parseLock(text.replace('"topPages"', '"pages"'), 'x.json')
    expect([...identifiersOf(lock)]).toEqual([['top-pages', 'pages']])
  })

  it.each([
    ['an empty file', '', 'is no JSON'],
    ['a list', '[]', 'is no JSON object'],
    ['half a file', text.slice(0, 200), 'is no JSON'],
    [
      'merge conflicts',
      `<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`,
      'unresolved merge conflicts',
    ],
    [
      'a later version',
      text.replace('"lockfileVersion": 1', '"lockfileVersion": 2'),
      '/lockfileVersion is not 1',
    ],
    ['no host', text.replace('"host"', '"hosts"'), '/host is not a text'],
    [
      'a project that is a number',
      text.replace('"projectId": "1"', '"projectId": 1'),
      '/projectId is not a text',
    ],
    [
      'endpoints as list',
      '{"lockfileVersion":1,"host":"h","projectId":"1","endpoints":[]}',
      '/endpoints is no JSON',
    ],
    [
      'a version changed by hand',
      text.replace('"version": 3', '"version": 4'),
      'top-pages was changed by hand',
    ],
    ['a column changed by hand', text.replace('"integer"', '"float"'), 'top-pages was changed by hand'],
    [
      'an endpoint without columns',
      text.replace('"columns"', '"column"'),
      'top-pages is not what a pull writes',
    ],
    [
      'an identifier that is none',
      text.replace('"identifier": "topPages"', '"identifier": "top-pages"'),
      '/endpoints/top-pages/identifier is not an identifier',
    ],
    [
      'an identifier of two endpoints',
      renderLock(createLock([described(), described({ endpoint: { name: 'other' } })], source)).replace(
        '"identifier": "topPages"',
        '"identifier": "other"',
      ),
      '/endpoints/top-pages/identifier is the identifier of "other" as well',
    ],
    [
      'a variable without type',
      text.replace('"type": "number"', '"kind": 1'),
      'top-pages is not what a pull writes',
    ],
  ])('refuses %s and names the place', (_, broken, message) => {
    expect(() => parseLock(broken, 'x.json')).toThrow(message)
    expect(() => parseLock(broken, 'x.json')).toThrow('x.json')
  })
})
