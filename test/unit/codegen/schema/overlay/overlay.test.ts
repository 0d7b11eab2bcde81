import { describe, expect, it } from 'vitest'
import { assertUsable } from '../../../../../src/codegen/schema/check/check-document.ts'
import { operationsOf } from '../../../../../src/codegen/schema/document.ts'
import { applyOverlays } from '../../../../../src/codegen/schema/overlay/apply-overlays.ts'
import {
  type Overlay,
  parseOverlay,
  readOverlays,
} from '../../../../../src/codegen/schema/overlay/read-overlays.ts'
import { SchemaError } from '../../../../../src/codegen/schema/schema-error.ts'
import { readSnapshot } from '../../../../../src/codegen/schema/snapshot/read-snapshot.ts'
import { documentWith } from '../../small-documents.ts'

const head = 'overlay: 1.0.0\ninfo: { title: T, version: 1.0.0 }\n'
const why = 'x-reason: r, x-source: s'

interface Action {
  readonly target: string
  readonly update?: unknown
  readonly remove?: boolean
}

function overlay(...actions: Action[]): Overlay {
  const reasoned = actions.map((action) => ({ ...action, 'x-reason': 'r', 'x-source': 's' }))
  return parseOverlay(
    JSON.stringify({ overlay: '1.0.0', info: { title: 'T' }, actions: reasoned }),
    'test.yaml',
  )
}

const document = documentWith({
  tags: [{ name: 'a' }],
  paths: {
    '/a/': { get: { tags: ['a'], operationId: 'listA' } },
    "/b'/": { get: { tags: ['b'], parameters: [] } },
  },
})

describe('parseOverlay', () => {
  it.each([
    ['no version', 'info: { title: T }\nactions: [{}]', '/overlay'],
    ['another version', 'overlay: 2.0.0\ninfo: { title: T }', '/overlay'],
    ['no title', 'overlay: 1.0.0\ninfo: {}', '/info/title'],
    ['no actions', `${head}actions: []`, '/actions'],
    ['an unknown key', `${head}action: []\nactions: [{}]`, '/action'],
    ['an unknown layer', `${head}x-layer: 3\nactions: [{}]`, '/x-layer'],
    ['an action that is a string', `${head}actions: [a]`, '/actions/0'],
    ['an action without a target', `${head}actions: [{ update: {}, ${why} }]`, '/actions/0/target'],
    ['an action that does nothing', `${head}actions: [{ target: $, ${why} }]`, '/actions/0'],
    [
      'an action without a reason',
      `${head}actions: [{ target: $, update: {}, x-source: s }]`,
      '/actions/0/x-reason',
    ],
    [
      'an action with a blank source',
      `${head}actions: [{ target: $, update: {}, x-reason: r, x-source: ' ' }]`,
      '/actions/0/x-source',
    ],
    [
      'a misspelled key of an action',
      `${head}actions: [{ target: $, updates: {}, ${why} }]`,
      '/actions/0/updates',
    ],
    [
      'a remove that is not a boolean',
      `${head}actions: [{ target: $, remove: 'yes', ${why} }]`,
      '/actions/0/remove',
    ],
    ['a list', '- overlay: 1.0.0', '/'],
  ])('rejects %s', (_, text, place) => {
    expect(() => parseOverlay(text, 'test.yaml')).toThrow(SchemaError)
    expect(() => parseOverlay(text, 'test.yaml')).toThrow(`test.yaml at ${place}:`)
  })
})

describe('applyOverlays', () => {
  it('merges an update into every matching node', () => {
    const { document: result, report } = applyOverlays(document, [
      overlay({ target: '$.paths[*].get', update: { 'x-a': { b: 1 } } }),
    ])
    expect(result.paths['/a/']?.get).toMatchObject({ 'x-a': { b: 1 }, operationId: 'listA' })
    expect(result.paths["/b'/"]?.get?.['x-a']).toEqual({ b: 1 })
    expect(report).toEqual([{ overlay: 'test.yaml', actions: 1, nodes: 2 }])
  })

  it('appends to lists that are targets or keys of a target', () => {
    const { document: result } = applyOverlays(document, [
      overlay(
        { target: '$.tags', update: { name: 'b' } },
        { target: "$.paths['/a/'].get", update: { tags: ['c'] } },
        { target: "$.paths['/a/'].get.tags", update: ['d', 'e'] },
      ),
    ])
    expect(result.tags).toEqual([{ name: 'a' }, { name: 'b' }])
    expect(result.paths['/a/']?.get?.tags).toEqual(['a', 'c', 'd', 'e'])
  })

  it('selects by the values of a list', () => {
    const { document: result } = applyOverlays(document, [
      overlay({ target: "$.paths[*][?@.tags[?@ == 'b']]", update: { 'x-b': 1 } }),
    ])
    expect(result.paths['/a/']?.get?.['x-b']).toBeUndefined()
    expect(result.paths["/b'/"]?.get?.['x-b']).toBe(1)
  })

  it('removes keys with quotes and backslashes, and several items of one list', () => {
    const x = { name: 'x', in: 'query' }
    const y = { name: 'y', in: 'query' }
    const source = documentWith({ paths: { "/b'\\/": {}, '/c/': { parameters: [x, y, x] } } })
    const { document: result } = applyOverlays(source, [
      overlay(
        { target: "$.paths['/b\\'\\\\/']", remove: true },
        { target: "$.paths['/c/'].parameters[?@.name == 'x']", remove: true },
      ),
    ])
    expect(result.paths).toEqual({ '/c/': { parameters: [y] } })
  })

  it('changes neither its input nor the overlay, and shares no values between targets', () => {
    const before = structuredClone(document)
    const given = overlay(
      { target: '$.paths[*].get', update: { 'x-a': { list: [1] } } },
      { target: "$.paths['/a/'].get['x-a'].list", update: 2 },
    )
    const { document: result } = applyOverlays(document, [given])
    expect(document).toEqual(before)
    expect(given.actions[0]?.update).toEqual({ 'x-a': { list: [1] } })
    expect(result.paths['/a/']?.get?.['x-a']).toEqual({ list: [1, 2] })
    expect(result.paths["/b'/"]?.get?.['x-a']).toEqual({ list: [1] })
  })

  it.each<[string, Action, RegExp]>([
    ['matches nothing', { target: "$.paths['/missing/']", update: {} }, /matches nothing/],
    ['is not a path', { target: 'paths[', update: {} }, /not a valid JSONPath/],
    ['selects a string', { target: '$.openapi', update: {} }, /to be objects/],
    ['selects an object for an update that is not one', { target: '$.info', update: 1 }, /to be objects/],
  ])('rejects a target that %s and names the action', (_, action, problem) => {
    const apply = (): unknown => applyOverlays(document, [overlay({ target: '$.info', update: {} }, action)])
    expect(apply).toThrow(problem)
    expect(apply).toThrow('test.yaml at /actions/1:')
  })

  it('rejects a duplicate parameter', () => {
    const source = documentWith({ paths: { '/a/': { get: { parameters: [{ name: 'x', in: 'query' }] } } } })
    const again = (name: string): Action => ({
      target: "$.paths['/a/'].get.parameters",
      update: { name, in: 'query' },
    })
    expect(() => applyOverlays(source, [overlay(again('y'))])).not.toThrow()
    expect(() => applyOverlays(source, [overlay(again('x'))])).toThrow(/query x twice/)
  })

  it('rejects a duplicate scope', () => {
    const source = documentWith({ paths: { '/a/': { get: { 'x-typehog-scopes': ['cohort:read'] } } } })
    const addScope = (scope: string): Action => ({
      target: "$.paths['/a/'].get",
      update: { 'x-typehog-scopes': [scope] },
    })
    expect(() => applyOverlays(source, [overlay(addScope('person:read'))])).not.toThrow()
    expect(() => applyOverlays(source, [overlay(addScope('cohort:read'))])).toThrow(/a scope twice/)
  })

  it('does not assign prototypes', () => {
    const update = JSON.parse('{ "__proto__": { "polluted": 1 } }') as unknown
    const { document: result } = applyOverlays(document, [overlay({ target: '$.info', update })])
    expect(Object.getPrototypeOf(result.info)).toBe(Object.prototype)
  })
})

describe('the overlays of the repository', () => {
  it('are sorted by layer and name', async () => {
    const files = await readOverlays(new URL('../../../../../openapi/overlay', import.meta.url).pathname)
    const names = files.map(({ overlay: { layer, name } }) => `${layer} ${name}`)
    expect(names).toEqual([...names].sort())
    expect(names).toContain('2 retry.yaml')
  })

  it('leave no missing references', async () => {
    const { document: result } = await readSnapshot(
      new URL('../../../../../openapi', import.meta.url).pathname,
    )
    expect(() => assertUsable(result, 'snapshot')).not.toThrow()
  })

  it('are empty when the folder does not exist', async () => {
    expect(await readOverlays(new URL('./no-such-folder', import.meta.url).pathname)).toEqual([])
  })

  it('give every operation a throttle class and every GET a paging kind', async () => {
    const { document: result } = await readSnapshot(
      new URL('../../../../../openapi', import.meta.url).pathname,
    )
    const lacking: string[] = []
    for (const { method, operation, pointer } of operationsOf(result)) {
      if (operation['x-typehog-throttle'] === undefined) lacking.push(pointer)
      if (method === 'get' && operation['x-typehog-paging'] === undefined) lacking.push(pointer)
      if (operation['x-typehog-retry'] !== undefined && method !== 'post') lacking.push(pointer)
    }
    expect(lacking).toEqual([])
  })

  it('describe every operation of the main resources', async () => {
    const { document: result } = await readSnapshot(
      new URL('../../../../../openapi', import.meta.url).pathname,
    )
    const mainResources = new Set([
      'cohorts',
      'dashboards',
      'endpoints',
      'events',
      'feature_flags',
      'insights',
      'persons',
      'query',
    ])
    const ofMainResources = [...operationsOf(result)].filter(
      ({ path, operation: { tags } }) =>
        path.startsWith('/api/projects/') && mainResources.has(tags?.[0] ?? ''),
    )
    expect(ofMainResources.length).toBeGreaterThan(100)
    const undescribed = ofMainResources.filter(
      ({ operation: { description = '' } }) => !/^[A-Z].*\.$/.test(description),
    )
    expect(undescribed.map(({ pointer }) => pointer)).toEqual([])
  })
})
