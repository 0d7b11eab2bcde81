import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndpointDescription } from '../../../../src/codegen/endpoints/describe-endpoint.ts'
import { EndpointDescriptionError } from '../../../../src/codegen/endpoints/document-reader.ts'
import {
  endpointIdentifiers,
  isIdentifier,
  readModuleIdentifiers,
} from '../../../../src/codegen/endpoints/identifiers.ts'
import { createLock, identifiersOf, parseLock, renderLock } from '../../../../src/codegen/endpoints/lock.ts'
import { renderModule } from '../../../../src/codegen/endpoints/render-module.ts'
import { compileModules } from './compile.ts'
import { described } from './documents.ts'

const source = { host: 'https://us.posthog.com', projectId: '1' }
const kinds = [
  'HogQLQuery',
  'TrendsQuery',
  'LifecycleQuery',
  'PathsQuery',
  'RetentionQuery',
  'StickinessQuery',
]

/** Strings with a meaning for a compiler, JavaScript or a generated module. */
const words = [
  ...Object.getOwnPropertyNames(Object.prototype),
  ...[
    'then',
    'prototype',
    'toJSON',
    'class',
    'default',
    'await',
    'readonly',
    'get',
    'new',
    'in',
    'enum',
    'any',
  ],
  ...['endpoints', 'Endpoint', 'endpoint', 'Record', 'typehog', 'never', 'unknown', 'string'],
  ...[
    'trends',
    'Trends',
    'retention',
    'paths',
    'lifecycle',
    'stickiness',
    'TrendsRow',
    'trends_row',
    'x',
    'X',
  ],
  ...[
    'a-b',
    'a_b',
    'A-b',
    'a--b',
    'aB',
    'AB',
    'a_b_2',
    'aB_2',
    'aRow',
    'a-row',
    'aVariables',
    '1',
    '_1',
    '$x',
    '___',
  ],
  ...[
    '@ts-expect-error',
    '@ts-ignore',
    '@ts-nocheck',
    ' @ts-expect-error',
    '*@ts-ignore',
    '/@ts-expect-error',
  ],
  ...['// @ts-expect-error', '/* @ts-ignore', '@internal', '@deprecated', '{@link x}', '@type {'],
  ...[
    '*/',
    '*/ throw 1 /*',
    '/*',
    '*',
    '/',
    '//',
    '*\\/',
    '**/',
    '*\u200b/',
    '<!--',
    '-->',
    '#!x',
    '</script>',
  ],
  ...[
    "'",
    '"',
    '`',
    "\\'",
    '\\',
    '\\\\',
    `\`\${1}\``,
    "'+(()=>{throw 1})()+'",
    '{',
    '}',
    ';',
    ',',
    ':',
    '?',
    '[',
  ],
  ...[
    '\u2028',
    '\u2029',
    '\u0000',
    '\u0007',
    '\u001b[2J',
    '\u009b',
    '\u202eabc',
    '\r',
    '\n',
    '\r\n',
    '\t',
    '\u0085',
  ],
  ...['\ud800', '\udc00x', '\ufeff', '\ufffe', '\u{1f600}', '\u{e0001}', 'é', '日本', 'x'.repeat(3_000), ' '],
]
const word = fc.oneof(
  fc.constantFrom(...words),
  fc.tuple(fc.constantFrom(...words), fc.constantFrom(...words)).map((pair) => pair.join('')),
  fc.string({ unit: 'binary', maxLength: 9 }),
)
const unusual = fc.constantFrom<unknown>(undefined, null, '', '3', 0, -1, 1.5, 1e300, true, [], {}, ['x'])
const mostly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: unusual })
const variable = fc.record({
  type: fc.oneof(fc.constantFrom('string', 'number', 'boolean', 'array', 'integer'), word),
  format: fc.constantFrom(undefined, 'date', 'x'),
  items: fc.constantFrom(undefined, { type: 'string' }),
  description: mostly(word),
  example: fc.oneof(word, unusual),
})
/** The description of an endpoint from a hostile server. */
const shape = fc.record({
  endpoint: fc.record({
    name: mostly(word),
    description: mostly(word),
    query: mostly(fc.record({ kind: mostly(fc.oneof(fc.constantFrom(...kinds, ...kinds), word)) })),
    is_materialized: mostly(fc.boolean()),
    current_version: mostly(fc.integer({ min: 1, max: 9 })),
    columns: mostly(
      fc.array(fc.record({ name: word, type: fc.oneof(fc.constantFrom('integer', 'array'), word) }), {
        maxLength: 4,
      }),
    ),
  }),
  properties: fc
    .array(fc.tuple(word, mostly(variable)), { maxLength: 4 })
    .map((pairs) => Object.fromEntries(pairs)),
})

/** The descriptions of valid endpoints, without duplicate names. Unexpected errors fail the test. */
function describeAll(shapes: readonly Parameters<typeof described>[0][]): EndpointDescription[] {
  const found = new Map<string, EndpointDescription>()
  for (const one of shapes) {
    try {
      const description = described(one)
      found.set(description.name, description)
    } catch (error) {
      if (!(error instanceof EndpointDescriptionError)) throw error
    }
  }
  return [...found.values()]
}

describe('endpoints of a hostile server', () => {
  it('render modules that compile, or throw an error that names the fault', { timeout: 60_000 }, () => {
    const teams = fc.sample(fc.array(shape, { maxLength: 12 }), { numRuns: 300, seed: 11 })
    const modules = teams.map(describeAll).map((descriptions, index) => {
      // The modules share a program, where each needs a registry of its own.
      const registry = `interface EndpointRegistry${index} {`
      return renderModule(descriptions, source).replace(/(?<=^ {2})interface EndpointRegistry \{/m, registry)
    })
    expect(
      modules.filter((module) => /^ {2}interface EndpointRegistry\d+ \{$/m.test(module)).length,
    ).toBeGreaterThan(200)
    expect(modules.filter((module) => module.includes('Row = TrendsRow')).length).toBeGreaterThan(10)
    expect(compileModules(modules)).toEqual([])
  })

  it('render a lock file that can be parsed, with unique identifiers', () => {
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 12 }), (shapes) => {
        const descriptions = describeAll(shapes)
        const lock = createLock(descriptions, source)
        expect(parseLock(renderLock(lock), 'x.json')).toEqual(lock)
        const identifiers = [...identifiersOf(lock).values()]
        expect(identifiers.filter((identifier) => !isIdentifier(identifier))).toEqual([])
        expect(new Set(identifiers).size).toBe(descriptions.length)
        expect(readModuleIdentifiers(renderModule(descriptions, source))).toEqual(identifiersOf(lock))
      }),
    )
  })

  it('never take the identifier of an existing endpoint', () => {
    const names = fc.uniqueArray(
      word.filter((name) => name !== ''),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(names, names, (before, after) => {
        const previous = endpointIdentifiers(before)
        const now = endpointIdentifiers(after, previous)
        const reused = [...now].filter(([name]) => previous.has(name))
        expect(reused).toEqual(reused.map(([name]) => [name, previous.get(name)]))
        const added = [...now].filter(([name]) => !previous.has(name))
        expect(added.filter(([, identifier]) => [...previous.values()].includes(identifier))).toEqual([])
        expect(endpointIdentifiers([...after].reverse(), previous)).toEqual(new Map([...now].reverse()))
      }),
    )
  })

  it('get identifiers in linear time, even if all names convert to the same one', () => {
    const names = Array.from({ length: 32_768 }, (_, index) => {
      return `a${index.toString(2).padStart(15, '0').replaceAll('0', '-').replaceAll('1', '_')}`
    })
    expect(new Set(endpointIdentifiers(names).values()).size).toBe(names.length)
  })
})
