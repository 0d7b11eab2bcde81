import { parseHogqlQuery } from '../../../hogql/parse/parse.ts'
import type { Query } from '../../../hogql/parse/tree.ts'
import type { Field, HogqlType, Table } from '../../../hogql/schema/table.ts'
import { quotedName } from '../../engine/sql-values.ts'
import type { Compiler } from './context.ts'

/** Trees of the tables that are queries over other tables. */
const queries = new WeakMap<Table, Query>()

/** SQL of a table of the schema in FROM, without its alias. */
export function tableSql(compiler: Compiler, table: Table): string {
  const { source } = table
  if (source.kind === 'engine') return compiler.options.tableName(source.table)
  if (source.kind === 'records') return recordsSql(compiler, table, source.name)
  if (source.kind === 'function')
    throw new Error(`${table.name} is a table function: it has no SQL without arguments`)
  const query = queries.get(table) ?? parseHogqlQuery(source.hogql)
  if (query.node === 'HogQLXTag') throw new Error(`The query of table ${table.name} is a tag`)
  queries.set(table, query)
  return `(${compiler.query(query, undefined, { aliased: true }).sql})`
}

/** Name of the parameter with the records of a table, as JSON. */
export function recordsParameter(name: string): string {
  return `records_${name.replace(/\W/g, '_')}`
}

type Column = Extract<Field, { kind: 'column' }>

// Records of the local PostHog reach the engine as one parameter: a JSON list that becomes rows.
function recordsSql(compiler: Compiler, table: Table, name: string): string {
  compiler.records.set(name, table)
  const columns = storedColumns(table)
  const types = columns.map(([column, { type }]) => `${quotedName(column)} ${jsonType(type)}`).join(', ')
  const selected = columns.map(([column, field]) => `${recordValue(column, field)} AS ${quotedName(column)}`)
  const rows = `JSONExtract({${recordsParameter(name)}:String}, 'Array(Tuple(${types.replaceAll("'", "\\'")}))')`
  return `(SELECT ${selected.join(', ')} FROM (SELECT arrayJoin(${rows}) AS record))`
}

/** The columns with values of their own, also those inside groups. */
export function storedColumns(table: Table): [string, Column][] {
  const columns = (fields: Readonly<Record<string, Field>>): [string, Column][] =>
    Object.entries(fields).flatMap(([name, field]): [string, Column][] => {
      if (field.kind === 'group') return columns(field.fields)
      return field.kind === 'column' ? [[field.column ?? name, field]] : []
    })
  return [...new Map(columns(table.fields))]
}

/** Types that cannot be NULL. */
const CONTAINERS: readonly HogqlType[] = ['Array(String)', 'Array(Float64)', 'Map(String, String)']

function jsonType(type: Column['type']): string {
  if (type === 'Integer') return 'Nullable(Int64)'
  if (type === 'Float' || type === 'Decimal') return 'Nullable(Float64)'
  if (type === 'Boolean') return 'Nullable(Bool)'
  if (CONTAINERS.includes(type)) return type
  return 'Nullable(String)'
}

function recordValue(column: string, { type, nullable }: Column): string {
  const cell = `tupleElement(record, '${column.replace(/[\\']/g, '\\$&')}')`
  const value =
    type === 'DateTime'
      ? `parseDateTime64BestEffortOrNull(${cell}, 6, 'UTC')`
      : type === 'Date'
        ? `toDateOrNull(${cell})`
        : type === 'UUID'
          ? `toUUIDOrNull(${cell})`
          : cell
  return nullable === true || CONTAINERS.includes(type) ? value : `assumeNotNull(${value})`
}
