import { describe, expect, it } from 'vitest'
import type { SavedQuery, VersionRecord } from '../../../src/local/resources/endpoints/endpoint-record.ts'
import { checkVariables, placeholderValues } from '../../../src/local/resources/endpoints/variable-rules.ts'
import type { InsightVariable } from '../../../src/local/resources/variables/insight-variable.ts'

const variable = (code_name: string, value?: unknown, isNull: boolean | null = null): object => ({
  variableId: code_name,
  code_name,
  value,
  isNull,
})

const hogql: SavedQuery = {
  kind: 'HogQLQuery',
  query: '',
  variables: { b: variable('b'), a: variable('a', 1) },
}
const trends: SavedQuery = {
  kind: 'TrendsQuery',
  breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' },
}

const version = (
  query: SavedQuery,
  materialized: boolean,
  optionalBreakdowns: string[] = [],
): VersionRecord => ({
  id: 'v',
  version: 1,
  query,
  description: '',
  freshnessSeconds: 86_400,
  isActive: true,
  materialization: materialized ? { savedQueryId: 's', builtAt: new Date(0) } : null,
  bucketOverrides: null,
  optionalBreakdowns,
  columns: [],
  createdAt: new Date(0),
  updatedAt: null,
  lastExecutedAt: null,
})

describe('variables of a run', () => {
  it.each([
    ['inline HogQL takes none', hogql, false, {}],
    ['inline HogQL takes null', hogql, false, { a: null }],
    ['materialised HogQL takes all', hogql, true, { a: 1, b: '' }],
    ['inline trends take none', trends, false, {}],
    ['inline trends take dates and breakdowns', trends, false, { date_from: '-7d', $browser: 'Chrome' }],
    ['materialised trends take the empty text', trends, true, { $browser: '' }],
  ])('%s', (_, query, materialized, sent) => {
    expect(() => checkVariables(version(query, materialized), sent)).not.toThrow()
  })

  it.each([
    ['names unknown variables, sorted', hogql, false, { z: 1, y: 1, a: 1 }, 'Unknown variable(s): y, z'],
    [
      'names missing variables, sorted, defaults or not',
      hogql,
      true,
      {},
      "Required variable(s) 'a', 'b' not provided",
    ],
    ['counts null as missing', hogql, true, { a: 1, b: null }, "Required variable(s) 'b' not provided"],
    ['tells unknown before missing', hogql, true, { x: 1 }, 'Unknown variable(s): x'],
    [
      'refuses dates on materialised trends',
      trends,
      true,
      { $browser: 'x', date_from: '-7d' },
      'Unknown variable(s): date_from',
    ],
    [
      'demands a breakdown of materialised trends',
      trends,
      true,
      {},
      "Required variable(s) '$browser' not provided",
    ],
    ['knows no inherited names', hogql, false, { constructor: 1 }, 'Unknown variable(s): constructor'],
  ])('%s', (_, query, materialized, sent, detail) => {
    expect(() => checkVariables(version(query, materialized), sent)).toThrow(
      expect.objectContaining({
        status: 400,
        body: { type: 'validation_error', code: 'invalid_input', attr: 'variables', detail },
      }),
    )
  })

  it('lets an optional breakdown be left out', () => {
    expect(() => checkVariables(version(trends, true, ['$browser']), {})).not.toThrow()
  })
})

describe('values of placeholders', () => {
  const project = new Map<string, InsightVariable>(
    ['b', 'c'].map((name) => [
      name,
      {
        id: name,
        name,
        code_name: name,
        type: 'String',
        default_value: `${name} of the project`,
        created_by: 1,
        created_at: '',
        values: null,
      },
    ]),
  )
  const query: SavedQuery = {
    kind: 'HogQLQuery',
    values: { own: 7 },
    variables: {
      a: variable('a', 'stored'),
      b: variable('b'),
      c: variable('c', undefined, true),
      d: variable('d'),
    },
  }

  it('are the stored value, else the default of the project, else NULL', () => {
    expect(Object.fromEntries(placeholderValues(query, {}, project))).toEqual({
      own: 7,
      'variables.a': 'stored',
      'variables.b': 'b of the project',
      'variables.c': null,
      'variables.d': null,
    })
  })

  it('are what was sent, unchanged, null and falsy values too', () => {
    const sent = { a: null, b: '5', c: false, d: 0 }
    expect(Object.fromEntries(placeholderValues(query, sent, project))).toMatchObject({
      'variables.a': null,
      'variables.b': '5',
      'variables.c': false,
      'variables.d': 0,
    })
  })
})
