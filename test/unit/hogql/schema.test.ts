import { describe, expect, it } from 'vitest'
import { groupTableName } from '../../../src/hogql/schema/events-table.ts'
import { parseFields } from '../../../src/hogql/schema/field-table.ts'
import { findTable, tableNames } from '../../../src/hogql/schema/find-table.ts'
import type { Field, Table } from '../../../src/hogql/schema/table.ts'
import { fieldsNotLocal, tablesNotLocal } from '../../../src/hogql/schema/tables-not-local.ts'
import { findFunction } from '../../../src/local/hogql/functions/find-function.ts'
import { POSTHOG_FUNCTIONS } from '../../../src/local/hogql/functions/posthog-functions.ts'

type Fields = Table['fields']

function tableNamed(name: string): Table {
  const table = findTable(name)
  if (table === undefined) throw new Error(`Expected a table ${name}.`)
  return table
}

// Follows a path of names, through joins, groups, aliases and keys of JSON.
function fieldAt(fields: Fields, path: readonly string[]): Field {
  const [name = '', ...rest] = path
  const field = fields[name]
  if (field === undefined) throw new Error(`Expected a field ${name}.`)
  if (field.kind === 'alias') return fieldAt(fields, [...field.path, ...rest])
  if (rest.length === 0) return field
  if (field.kind === 'join') return fieldAt(tableNamed(field.table).fields, rest)
  if (field.kind === 'group') return fieldAt(field.fields, rest)
  if (field.kind === 'column' && field.type === 'Json') return field
  throw new Error(`Expected ${name} to have fields.`)
}

// All names before a parenthesis, except operators.
function functionsIn(hogql: string): string[] {
  // The types in texts, such as 'Nullable(String)', are no calls.
  const names = [...hogql.replace(/'[^']*'/g, '').matchAll(/(\w+) ?\(/g)].map(([, name = '']) => name)
  return names.filter((name) => !/^(?:and|or|not|in)$/i.test(name))
}

function functionsOf(fields: Fields): string[] {
  return Object.values(fields).flatMap((field) => {
    if (field.kind === 'expression') return functionsIn(field.hogql)
    return field.kind === 'group' ? functionsOf(field.fields) : []
  })
}

const tables = [...tableNames(), ...[0, 1, 2, 3, 4].map(groupTableName)].map(tableNamed)
const references = tables.flatMap(({ name, fields }) =>
  Object.entries(fields).flatMap(([field, { ...definition }]) => [{ name, fields, field, definition }]),
)

describe('the tables of HogQL', () => {
  it('have unique names', () => {
    expect(new Set(tableNames()).size).toBe(tableNames().length)
  })

  it('include those of PostHog', () => {
    expect(tableNames()).toEqual(
      expect.arrayContaining([
        ...[
          'events',
          'persons',
          'person_distinct_ids',
          'sessions',
          'raw_sessions',
          'groups',
          'cohort_people',
        ],
        ...[
          'session_replay_events',
          'log_entries',
          'query_log',
          'numbers',
          'system.cohorts',
          'system.feature_flags',
        ],
      ]),
    )
  })

  it.each(references.filter(({ definition }) => definition.kind === 'alias'))(
    'resolve the alias $field of $name',
    ({ fields, field }) => {
      expect(fieldAt(fields, [field]).kind).not.toBe('alias')
    },
  )

  it.each(references.filter(({ definition }) => definition.kind === 'join'))(
    'resolve both fields of the join $field of $name',
    ({ fields, definition }) => {
      if (definition.kind !== 'join') throw new Error('Expected a join.')
      const [from, to] = definition.on
      const keys = [fieldAt(fields, from), fieldAt(tableNamed(definition.table).fields, to)]
      expect(keys.map(({ kind }) => kind)).toEqual([
        expect.stringMatching(/column|expression/),
        expect.stringMatching(/column|expression/),
      ])
    },
  )

  it('call listed functions only', () => {
    const called = tables.flatMap(({ source, fields }) => [
      ...(source.kind === 'query' ? functionsIn(source.hogql) : []),
      ...functionsOf(fields),
    ])
    const unknown = called.filter((name) => findFunction(name) === undefined && !POSTHOG_FUNCTIONS.has(name))
    expect(called.length).toBeGreaterThan(50)
    expect(unknown).toEqual([])
  })

  it('show a column at least, and never the project', () => {
    for (const { fields } of tables) {
      const shown = Object.entries(fields).filter(
        ([, field]) => field.kind === 'column' && field.hidden !== true,
      )
      expect(shown).not.toHaveLength(0)
      expect(shown.map(([name]) => name)).not.toContain('team_id')
    }
  })
})

describe('tables and fields that are not local', () => {
  it('are no tables of the local PostHog', () => {
    expect([...tablesNotLocal.keys()].filter((name) => findTable(name) !== undefined)).toEqual([])
  })

  it('are no fields of its tables', () => {
    const known = [...fieldsNotLocal.keys()].filter((name) => {
      const [table = '', field = ''] = name.split('.')
      return findTable(table)?.fields[field]?.kind === 'column'
    })
    expect(known).toEqual([])
  })
})

describe('parseFields', () => {
  it('reads columns', () => {
    expect(parseFields('name String?\nteam_id Integer\nid UUID <person_id\nkeys Texts hidden')).toEqual({
      name: { kind: 'column', type: 'String', nullable: true },
      team_id: { kind: 'column', type: 'Integer', hidden: true },
      id: { kind: 'column', type: 'UUID', column: 'person_id' },
      keys: { kind: 'column', type: 'Array(String)', hidden: true },
    })
  })

  it('reads expressions and flags', () => {
    expect(parseFields('deleted flag\nlower hidden := lower(name)\nupper := upper(name)')).toEqual({
      _deleted: { kind: 'column', type: 'Boolean', hidden: true },
      deleted: { kind: 'expression', hogql: 'toInt(_deleted)' },
      lower: { kind: 'expression', hogql: 'lower(name)', hidden: true },
      upper: { kind: 'expression', hogql: 'upper(name)' },
    })
  })

  it.each(['name', 'name Text', 'name String <'])('refuses %j', (line) => {
    expect(() => parseFields(line)).toThrow(
      `Expected a field such as "name String?", got ${JSON.stringify(line)}.`,
    )
  })
})
