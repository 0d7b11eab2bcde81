import { findTable, tableNames } from '../../hogql/schema/find-table.ts'
import type { Field, HogqlType } from '../../hogql/schema/table.ts'
import type { QueryResult } from './query-run.ts'

/** Names of types in a database schema. */
const TYPES: Readonly<Record<HogqlType, string>> = {
  String: 'string',
  Integer: 'integer',
  Float: 'float',
  Decimal: 'decimal',
  Boolean: 'boolean',
  Date: 'date',
  DateTime: 'datetime',
  UUID: 'string',
  Json: 'json',
  'Array(String)': 'array',
  'Array(Float64)': 'array',
  'Map(String, String)': 'unknown',
  Unknown: 'unknown',
}

/** Computes a DatabaseSchemaQuery: the tables that HogQL can read. */
export function computeDatabaseSchema(): QueryResult {
  const tables = tableNames().flatMap((name): [string, unknown][] => {
    const table = findTable(name)
    if (table === undefined || table.source.kind === 'function') return []
    const fields = Object.entries(table.fields).flatMap(([field, definition]): [string, unknown][] =>
      isHidden(definition) ? [] : [[field, describeField(field, definition)]],
    )
    const type = name.startsWith('system.') ? 'system' : 'posthog'
    return [[name, { id: name, name, type, fields: Object.fromEntries(fields) }]]
  })
  return { tables: Object.fromEntries(tables), joins: [] }
}

function isHidden(field: Field): boolean {
  return (field.kind === 'column' || field.kind === 'expression') && field.hidden === true
}

function describeField(name: string, field: Field): Record<string, unknown> {
  const common = {
    name,
    hogql_value: /^[A-Za-z_$][\w$]*$/.test(name) ? name : `\`${name}\``,
    schema_valid: true,
  }
  switch (field.kind) {
    case 'column':
      return { ...common, type: TYPES[field.type] }
    case 'expression':
      return { ...common, type: 'expression' }
    case 'alias':
      return { ...common, type: 'field_traverser', chain: field.path }
    case 'group':
      return { ...common, type: 'virtual_table', table: name, fields: Object.keys(field.fields) }
    case 'join': {
      const { fields = {} } = findTable(field.table) ?? {}
      return { ...common, type: 'lazy_table', table: field.table, fields: Object.keys(fields) }
    }
  }
}
