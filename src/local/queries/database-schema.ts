import type { QueryResult } from './query-run.ts'

/** A column of a table, with its type in HogQL, such as `datetime`. */
export interface SchemaField {
  readonly name: string
  readonly type: string
}

/** The tables of HogQL with their columns. */
export type SchemaTables = Readonly<Record<string, readonly SchemaField[]>>

/** The tables of the local database. */
export const LOCAL_TABLES: SchemaTables = {
  events: fields({
    uuid: 'string',
    event: 'string',
    properties: 'json',
    timestamp: 'datetime',
    distinct_id: 'string',
    elements_chain: 'string',
    created_at: 'datetime',
    $session_id: 'string',
    person_id: 'string',
  }),
  persons: fields({ id: 'string', created_at: 'datetime', properties: 'json', is_identified: 'boolean' }),
}

/** Computes a DatabaseSchemaQuery: the tables that HogQL can read. */
export function computeDatabaseSchema(tables: SchemaTables = LOCAL_TABLES): QueryResult {
  const described = Object.entries(tables).map(([name, columns]) => {
    const fields = columns.map((column) => [
      column.name,
      { name: column.name, hogql_value: column.name, type: column.type, schema_valid: true },
    ])
    return [name, { id: name, name, type: 'posthog', fields: Object.fromEntries(fields) }]
  })
  return { tables: Object.fromEntries(described), joins: [] }
}

function fields(types: Readonly<Record<string, string>>): SchemaField[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }))
}
