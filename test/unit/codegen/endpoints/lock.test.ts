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
  it('round-trips through text', () => {
    expect(parseLock(text, 'x.json')).toEqual(lock)
  })

  it('does not depend on the order of the endpoints', () => {
    const two = [described(), described({ endpoint: { name: 'other' } })]
    expect(renderLock(createLock([...two].reverse(), source))).toBe(renderLock(createLock(two, source)))
  })

  it('changes the hash with types and versions, not with descriptions', () => {
    const hashOf = (shape: Parameters<typeof described>[0]): string | undefined =>
      createLock([described(shape)], source).endpoints['top-pages']?.hash
    const before = hashOf(variables)
    expect(hashOf({ ...variables, endpoint: { description: 'Other words.' } })).toBe(before)
    expect(hashOf({ ...variables, endpoint: { version: 4 } })).not.toBe(before)
    expect(hashOf({ ...variables, required: ['a', 'b'] })).not.toBe(before)
    expect(hashOf({ ...variables, endpoint: { columns: [{ name: 'path', type: 'date' }] } })).not.toBe(before)
    expect(hashOf({ ...variables, endpoint: { is_materialized: true } })).not.toBe(before)
  })

  it('assigns the original identifiers to endpoints of older locks', () => {
    const names = ['a_b', 'a-b', 'c']
    const now = createLock(
      names.map((name) => described({ endpoint: { name } })),
      source,
    )
    const older = renderLock(now).replace(/ *"identifier".*\n/g, '')
    expect(older).not.toContain('identifier')
    expect(parseLock(older, 'x.json')).toEqual(now)
    // A merge of an old and a new lock keeps the stored identifier.
    const merged = JSON.parse(older)
    merged.endpoints.a_b.identifier = 'aB'
    expect([...identifiersOf(parseLock(JSON.stringify(merged), 'x.json')).values()]).toEqual([
      'aB_2',
      'aB',
      'c',
    ])
  })

  it('accepts an edited identifier', () => {
    const lock = parseLock(text.replace('"topPages"', '"pages"'), 'x.json')
    expect([...identifiersOf(lock)]).toEqual([['top-pages', 'pages']])
  })

  it.each([
    ['an empty file', '', 'is not JSON'],
    ['a list', '[]', 'is not a JSON object'],
    ['a truncated file', text.slice(0, 200), 'is not JSON'],
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
    ['no host', text.replace('"host"', '"hosts"'), '/host is not a string'],
    [
      'a project that is a number',
      text.replace('"projectId": "1"', '"projectId": 1'),
      '/projectId is not a string',
    ],
    [
      'endpoints as a list',
      '{"lockfileVersion":1,"host":"h","projectId":"1","endpoints":[]}',
      '/endpoints is not a JSON object',
    ],
    ['an edited version', text.replace('"version": 3', '"version": 4'), 'top-pages was edited'],
    ['an edited column', text.replace('"integer"', '"float"'), 'top-pages was edited'],
    ['an endpoint without columns', text.replace('"columns"', '"column"'), 'top-pages is invalid'],
    [
      'an invalid identifier',
      text.replace('"identifier": "topPages"', '"identifier": "top-pages"'),
      '/endpoints/top-pages/identifier is not an identifier',
    ],
    [
      'a duplicate identifier',
      renderLock(createLock([described(), described({ endpoint: { name: 'other' } })], source)).replace(
        '"identifier": "topPages"',
        '"identifier": "other"',
      ),
      '/endpoints/top-pages/identifier is also the identifier of "other"',
    ],
    ['a variable without type', text.replace('"type": "number"', '"kind": 1'), 'top-pages is invalid'],
  ])('rejects %s and names the place', (_, broken, message) => {
    expect(() => parseLock(broken, 'x.json')).toThrow(message)
    expect(() => parseLock(broken, 'x.json')).toThrow('x.json')
  })
})
