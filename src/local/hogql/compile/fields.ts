import { HogqlError } from '../../../hogql/hogql-error.ts'
import { parseHogqlExpression } from '../../../hogql/parse/parse.ts'
import type { Expression, Field as FieldNode, Span } from '../../../hogql/parse/tree.ts'
import { findTable } from '../../../hogql/schema/find-table.ts'
import type { Field, Table } from '../../../hogql/schema/table.ts'
import { quotedName, stringLiteral } from '../../engine/sql-values.ts'
import type { Compiler } from './context.ts'
import { readJson } from './json.ts'
import { isColumns, Scope, type TableRef } from './scope.ts'
import type { PropertyOwner, Sql } from './sql.ts'
import { tableSql } from './table-sql.ts'

/**
 * Compiles a dotted name. As in PostHog, a lambda argument comes first, then a table's name in front of a field, then an
 * alias of the same SELECT, then a column.
 */
export function compileField(compiler: Compiler, node: FieldNode, scope: Scope): Sql {
  const [name = '', ...rest] = node.chain
  if (scope.arguments.includes(name)) {
    const value: Sql = { sql: quotedName(name), type: 'Unknown', nullable: true }
    return readKeys(compiler, value, rest, node)
  }
  const prefixed = rest.length > 0 ? scope.tables.get(name) : undefined
  if (prefixed !== undefined) return readTable(compiler, prefixed, rest, node)
  const alias = scope.aliases.get(name)
  if (alias !== undefined) {
    const { json: _, isConstant: __, ...value } = alias
    const json = alias.json?.path.length === 0 ? { json: { ...alias.json, column: quotedName(name) } } : {}
    return readKeys(compiler, { ...value, ...json, sql: quotedName(name) }, rest, node)
  }
  const tables = scope.tablesWith(name)
  const [table, other] = tables
  if (other !== undefined)
    throw new HogqlError(`Ambiguous query. Found multiple sources for field: ${name}`, node)
  if (table !== undefined) return readTable(compiler, table, node.chain, node)
  const named = scope.findColumn(name)
  if (named !== undefined && !scope.open.has(name)) {
    scope.open.add(name)
    try {
      return readKeys(compiler, compiler.expression(named.expr, scope), rest, node)
    } finally {
      scope.open.delete(name)
    }
  }
  throw new HogqlError(`Unable to resolve field: ${name}`, node)
}

/** Reads a field of a table by its path, joining other tables on the way. */
function readTable(compiler: Compiler, ref: TableRef, path: readonly string[], span: Span): Sql {
  const [name = '', ...rest] = path
  const { source } = ref
  if (isColumns(source)) {
    const column = source.find((item) => item.name === name)
    if (column === undefined) throw new HogqlError(`Unable to resolve field: ${name}`, span)
    const sql = `${quotedName(ref.alias)}.${quotedName(name)}`
    const json = column.type === 'Json' ? { json: { column: sql, path: [], owner: undefined } } : {}
    return readKeys(compiler, { sql, type: column.type, nullable: column.nullable, ...json }, rest, span)
  }
  const field = Object.hasOwn(source.fields, name) ? source.fields[name] : undefined
  if (field === undefined) throw new HogqlError(`Field not found: ${name}`, span)
  return readField(compiler, ref, source, { name, field }, rest, span)
}

function readField(
  compiler: Compiler,
  ref: TableRef,
  table: Table,
  { name, field }: { readonly name: string; readonly field: Field },
  rest: readonly string[],
  span: Span,
): Sql {
  switch (field.kind) {
    case 'column': {
      // The engine keeps the rows of one project, so it has no column for it.
      if (name === 'team_id' && table.source.kind === 'engine') {
        return { sql: `toInt64(${compiler.options.projectId})`, type: 'Integer', nullable: false }
      }
      const sql = `${quotedName(ref.alias)}.${quotedName(field.column ?? name)}`
      return readKeys(compiler, columnValue(compiler, sql, field, ownerOf(table, ref)), rest, span)
    }
    case 'expression': {
      const own = new Scope()
      own.tables.set(table.name, ref)
      return readKeys(compiler, compiler.expression(parseDefinition(field), own), rest, span)
    }
    case 'alias':
      return readTable(compiler, ref, [...field.path, ...rest], span)
    case 'group': {
      const [inner = '', ...deeper] = rest
      const member = field.fields[inner]
      if (member === undefined) throw new HogqlError(`Field not found: ${inner}`, span)
      return readField(compiler, ref, groupTable(table, name), { name: inner, field: member }, deeper, span)
    }
    case 'join':
      if (rest.length === 0)
        throw new HogqlError(`Can't select a table when a column is expected: ${name}`, span)
      return readTable(compiler, joinTable(compiler, ref, name, field, span), rest, span)
  }
}

/** Trees of the fields that are computed from others. */
const definitions = new WeakMap<Field, Expression>()

function parseDefinition(field: Extract<Field, { kind: 'expression' }>): Expression {
  const tree = definitions.get(field) ?? parseHogqlExpression(field.hogql)
  definitions.set(field, tree)
  return tree
}

// A group keeps its fields in the same table; only the owner of its properties differs.
function groupTable(table: Table, name: string): Table {
  return { ...table, name: name === 'poe' ? 'persons' : name.startsWith('goe') ? 'groups' : table.name }
}

function ownerOf(table: Table, ref: TableRef): PropertyOwner | undefined {
  const name = table.name.replace(/^raw_/, '')
  if (name === 'events') return ref.alias.endsWith('__person') ? 'person' : 'event'
  if (name === 'persons') return 'person'
  if (name.startsWith('groups')) return 'group'
  return undefined
}

function columnValue(
  { options }: Compiler,
  sql: string,
  field: Extract<Field, { kind: 'column' }>,
  owner: PropertyOwner | undefined,
): Sql {
  const nullable = field.nullable === true
  if (field.type === 'Json') return { sql, type: 'Json', nullable, json: { column: sql, path: [], owner } }
  if (field.type === 'DateTime' && options.convertTimeZone) {
    return { sql: `toTimeZone(${sql}, ${stringLiteral(options.timeZone)})`, type: 'DateTime', nullable }
  }
  return { sql, type: field.type, nullable }
}

function joinTable(
  compiler: Compiler,
  ref: TableRef,
  name: string,
  field: Extract<Field, { kind: 'join' }>,
  span: Span,
): TableRef {
  const known = ref.joined.get(name)
  if (known !== undefined) return known.ref
  const table = findTable(field.table)
  if (table === undefined) throw new HogqlError(`The local PostHog has no table ${field.table}`, span)
  const alias = `${ref.alias}__${name}`
  const joined: TableRef = { alias, source: table, joined: new Map() }
  const [from, to] = field.on
  const left = readTable(compiler, ref, from, span).sql
  const right = readTable(compiler, joined, to, span).sql
  const sql = `LEFT JOIN ${tableSql(compiler, table)} AS ${quotedName(alias)} ON equals(${left}, ${right})`
  ref.joined.set(name, { ref: joined, sql })
  return joined
}

/** Reads keys of a value: of JSON by name, of a tuple or map by name or index. */
export function readKeys(
  compiler: Compiler,
  value: Sql,
  keys: readonly (string | number)[],
  span: Span,
): Sql {
  if (keys.length === 0) return value
  const { json } = value
  if (json !== undefined) return readJson(compiler, { ...json, path: [...json.path, ...keys] })
  if (['Integer', 'Float', 'Boolean', 'DateTime', 'Date', 'UUID'].includes(value.type)) {
    throw new HogqlError(`Can't access property "${String(keys[0])}" on a value of type ${value.type}`, span)
  }
  const sql = keys.reduce(
    (inner: string, key) => `${inner}[${typeof key === 'number' ? key : stringLiteral(key)}]`,
    value.sql,
  )
  return { sql, type: 'Unknown', nullable: true }
}
