import { describe, expect, it } from 'vitest'
import type { VersionRecord } from '../../../src/local/resources/endpoints/endpoint-store.ts'
import { checkVariables } from '../../../src/local/resources/endpoints/run-request.ts'
import { placeholderValues } from '../../../src/local/resources/query/run-hogql.ts'
import type { SavedQuery } from '../../../src/local/resources/query/saved-query.ts'
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

/** A run that sends variables and nothing else. */
const sending = (variables: Record<string, unknown>): Parameters<typeof checkVariables>[1] => ({
  variables,
  filtersOverride: undefined,
})

describe('checkVariables', () => {
  it.each([
    ['accepts no variables for inline HogQL', hogql, false, {}],
    ['accepts null for inline HogQL', hogql, false, { a: null }],
    ['accepts all variables for materialized HogQL', hogql, true, { a: 1, b: '' }],
    ['accepts no variables for inline trends', trends, false, {}],
    [
      'accepts dates and breakdowns for inline trends',
      trends,
      false,
      { date_from: '-7d', $browser: 'Chrome' },
    ],
    ['accepts empty text for materialized trends', trends, true, { $browser: '' }],
  ])('%s', (_, query, materialized, sent) => {
    expect(() => checkVariables(version(query, materialized), sending(sent))).not.toThrow()
  })

  it.each([
    ['names unknown variables, sorted', hogql, false, { z: 1, y: 1, a: 1 }, 'Unknown variable(s): y, z'],
    [
      'names missing variables, sorted, even those with defaults',
      hogql,
      true,
      {},
      "Required variable(s) 'a', 'b' not provided",
    ],
    ['counts null as missing', hogql, true, { a: 1, b: null }, "Required variable(s) 'b' not provided"],
    ['reports unknown before missing variables', hogql, true, { x: 1 }, 'Unknown variable(s): x'],
    [
      'rejects dates for materialized trends',
      trends,
      true,
      { $browser: 'x', date_from: '-7d' },
      'Unknown variable(s): date_from',
    ],
    [
      'requires the breakdown of materialized trends',
      trends,
      true,
      {},
      "Required variable(s) '$browser' not provided",
    ],
    [
      'rejects names of inherited members',
      hogql,
      false,
      { constructor: 1 },
      'Unknown variable(s): constructor',
    ],
  ])('%s', (_, query, materialized, sent, detail) => {
    expect(() => checkVariables(version(query, materialized), sending(sent))).toThrow(
      expect.objectContaining({
        status: 400,
        body: { type: 'validation_error', code: 'invalid_input', attr: 'variables', detail },
      }),
    )
  })

  it('accepts a missing optional breakdown', () => {
    expect(() => checkVariables(version(trends, true, ['$browser']), sending({}))).not.toThrow()
  })
})

describe('placeholderValues', () => {
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

  it('uses the saved value, else the default of the project, else null', () => {
    expect(Object.fromEntries(placeholderValues(query, {}, project))).toEqual({
      own: 7,
      'variables.a': 'stored',
      'variables.b': 'b of the project',
      'variables.c': null,
      'variables.d': null,
    })
  })

  it('uses sent values unchanged, including null and falsy ones', () => {
    const sent = { a: null, b: '5', c: false, d: 0 }
    expect(Object.fromEntries(placeholderValues(query, sent, project))).toMatchObject({
      'variables.a': null,
      'variables.b': '5',
      'variables.c': false,
      'variables.d': 0,
    })
  })
})
