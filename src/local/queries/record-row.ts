import type { HogqlType, Table } from '../../hogql/schema/table.ts'
import { writeJson } from '../http/json.ts'
import type { JsonRecord } from '../store/collection.ts'

/**
 * A row of a table: the values of all of its columns, by field. Times are ISO times and JSON is text. A column such as
 * `_deleted` takes its value from the member `deleted`; `team_id` is the project.
 *
 * @throws Error when the record lacks a value that must not be NULL.
 */
export function rowOf({ name, fields }: Table, project: number, record: JsonRecord): JsonRecord {
  const members: JsonRecord = { team_id: project, ...record }
  const cells = Object.entries(fields).flatMap(([field, definition]): [string, unknown][] => {
    if (definition.kind !== 'column') return []
    const value = members[field] ?? members[field.replace(/^_/, '')] ?? null
    if (value !== null) return [[field, cellOf(definition.type, value)]]
    if (definition.nullable === true) return [[field, null]]
    throw new Error(`A record of the table ${name} has no value for ${field}.`)
  })
  return Object.fromEntries(cells)
}

function cellOf(type: HogqlType, value: unknown): unknown {
  switch (type) {
    case 'Integer':
    case 'Float':
    case 'Decimal':
      return Number(value)
    case 'Boolean':
      return value === true
    case 'Date':
      return isoTimeOf(value).slice(0, 'yyyy-mm-dd'.length)
    case 'DateTime':
      return isoTimeOf(value)
    case 'Json':
      return writeJson(value)
    case 'Array(String)':
      return Array.isArray(value) ? value.map(String) : [String(value)]
    default:
      return String(value)
  }
}

function isoTimeOf(value: unknown): string {
  return new Date(value instanceof Date ? value : String(value)).toISOString()
}
