import { HogqlError, NotLocalError } from '../../../hogql/hogql-error.ts'
import type { Expression, Field, Join, Ratio, Values } from '../../../hogql/parse/tree.ts'
import { findTable, shortTableName } from '../../../hogql/schema/find-table.ts'
import type { Table } from '../../../hogql/schema/table.ts'
import { tablesNotLocal } from '../../../hogql/schema/tables-not-local.ts'
import { quotedName } from '../../engine/sql-values.ts'
import type { Compiler } from './context.ts'
import { placeholderQuery } from './placeholders.ts'
import type { Scope, TableRef } from './scope.ts'
import type { ResultColumn } from './sql.ts'
import { tableSql } from './table-sql.ts'

/** A table of FROM: its SQL in front of the tables that its fields join. */
interface Entry {
  readonly ref: TableRef
  readonly sql: string
  readonly constraint: string
}

/** Compiles the tables of FROM and adds them to the scope. Call the result when all fields of the SELECT are compiled. */
export function compileFrom(compiler: Compiler, join: Join | undefined, scope: Scope): () => string {
  const entries: Entry[] = []
  for (let node = join; node !== undefined; node = node.next) entries.push(compileJoin(compiler, node, scope))
  return () => {
    if (entries.length === 0) return ''
    return ` FROM ${entries.map(({ ref, sql, constraint }) => [`${sql}${constraint}`, ...joinedSql(ref)].join(' ')).join(' ')}`
  }
}

function joinedSql(ref: TableRef): string[] {
  return [...ref.joined.values()].flatMap(({ ref: inner, sql }) => [sql, ...joinedSql(inner)])
}

function compileJoin(compiler: Compiler, node: Join, scope: Scope): Entry {
  const { sql, name, source } = compileTable(compiler, node, scope)
  const alias = node.alias ?? name ?? `subquery_${scope.tables.size + 1}`
  const ref: TableRef = { alias, source, joined: new Map() }
  scope.addTable(alias, ref, node)
  const type = node.type === undefined ? '' : `${node.type} `
  return {
    ref,
    sql: `${type}${sql} AS ${quotedName(alias)}`,
    constraint: compileConstraint(compiler, node, scope),
  }
}

function compileConstraint(compiler: Compiler, { constraint }: Join, scope: Scope): string {
  if (constraint === undefined) return ''
  if (constraint.kind === 'USING') {
    const { expr } = constraint
    const names = (expr.node === 'Tuple' ? expr.exprs : [expr]).map((item) => {
      if (item.node === 'Field') return quotedName(item.chain.at(-1) ?? '')
      throw new HogqlError('USING takes names of columns', item)
    })
    return ` USING (${names.join(', ')})`
  }
  scope.inJoin = true
  try {
    return ` ON ${compiler.expression(constraint.expr, scope).sql}`
  } finally {
    scope.inJoin = false
  }
}

interface CompiledTable {
  readonly sql: string
  readonly name: string | undefined
  readonly source: Table | readonly ResultColumn[]
}

function compileTable(compiler: Compiler, node: Join, scope: Scope): CompiledTable {
  const { table } = node
  switch (table.node) {
    case 'Field':
      return compileNamedTable(compiler, node, table, scope)
    case 'ValuesQuery':
      return compileValues(compiler, table, node.columnAliases, scope)
    case 'SelectQuery':
    case 'SelectSetQuery':
      return renamed(compiler.query(table, scope, { aliased: true }), node.columnAliases, undefined)
    case 'Placeholder': {
      const { query, compiler: inner } = placeholderQuery(compiler, table)
      return renamed(inner.query(query, scope, { aliased: true }), node.columnAliases, undefined)
    }
    case 'HogQLXTag':
      throw new NotLocalError('tags in FROM', table)
    default:
      throw new NotLocalError(table.node === 'PivotExpr' ? 'PIVOT' : 'UNPIVOT', table)
  }
}

/** A subquery, with other names for its columns if there are any. */
export function renamed(
  { sql, columns }: { readonly sql: string; readonly columns: readonly ResultColumn[] },
  names: readonly string[] | undefined,
  name: string | undefined,
): CompiledTable {
  if (names === undefined) return { sql: `(${sql})`, name, source: columns }
  const items = columns.map(
    (column, index) => `${quotedName(column.name)} AS ${quotedName(names[index] ?? column.name)}`,
  )
  const source = columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }))
  return { sql: `(SELECT ${items.join(', ')} FROM (${sql}))`, name, source }
}

function compileNamedTable(
  compiler: Compiler,
  node: Join,
  { chain, start, end }: Field,
  scope: Scope,
): CompiledTable {
  const span = { start, end }
  const [first = ''] = chain
  const named = chain.length === 1 ? scope.findQuery(first) : undefined
  if (named !== undefined) return { sql: quotedName(named.name), name: named.name, source: named.columns }
  const name = chain.join('.')
  const table = findTable(name)
  if (table === undefined) {
    const reason = tablesNotLocal.get(name) ?? tablesNotLocal.get(shortTableName(name))
    throw reason === undefined
      ? new HogqlError(`Unknown table \`${name}\`.`, span)
      : new NotLocalError(`the table ${name}: ${reason}`, span)
  }
  const alias = chain.at(-1) ?? name
  const { source } = table
  if (source.kind === 'function') return compileTableFunction(compiler, node, table, source, scope)
  if (node.tableArgs !== undefined) throw new HogqlError(`Table '${name}' does not accept arguments`, span)
  return { sql: sampledSql(node, table, tableSql(compiler, table)), name: alias, source: table }
}

function compileTableFunction(
  compiler: Compiler,
  node: Join,
  table: Table,
  { min, max }: { readonly min: number; readonly max: number },
  scope: Scope,
): CompiledTable {
  const args = node.tableArgs
  if (args === undefined) throw new HogqlError(`Table function '${table.name}' requires arguments`, node)
  if (args.length < min || args.length > max) {
    const expected = args.length < min ? `at least ${min}` : `at most ${max}`
    throw new HogqlError(
      `Table function '${table.name}' requires ${expected} argument${(args.length < min ? min : max) === 1 ? '' : 's'}`,
      node,
    )
  }
  const values = args.map((item) => compiler.expression(item, scope).sql)
  return { sql: `${table.name}(${values.join(', ')})`, name: table.name, source: table }
}

// ClickHouse samples PostHog's events by the hash of the distinct id. The local table has no sampling key.
function sampledSql({ sample }: Join, table: Table, sql: string): string {
  if (sample === undefined) return sql
  const share = ratioOf(sample.ratio)
  const from = sample.offset === undefined ? 0 : ratioOf(sample.offset)
  if (table.name !== 'events') throw new NotLocalError(`SAMPLE of the table ${table.name}`, sample.ratio.left)
  if (share > 1) throw new NotLocalError('SAMPLE by a number of rows', sample.ratio.left)
  const hash = 'cityHash64(distinct_id)'
  return `(SELECT * FROM ${sql} WHERE ${hash} >= ${hashBound(from)} AND ${hash} < ${hashBound(from + share)})`
}

function hashBound(share: number): string {
  const parts = 1_000_000_000
  const bound = ((1n << 64n) * BigInt(Math.round(Math.min(share, 1) * parts))) / BigInt(parts)
  return String(bound === 1n << 64n ? bound - 1n : bound)
}

function ratioOf({ left, right }: Ratio): number {
  const value = (node: Expression): number => {
    if (node.node === 'Constant' && typeof node.value === 'number') return node.value
    throw new NotLocalError('SAMPLE by a placeholder', node)
  }
  return value(left) / (right === undefined ? 1 : value(right))
}

function compileValues(
  compiler: Compiler,
  node: Values,
  names: readonly string[] | undefined,
  scope: Scope,
): CompiledTable {
  const rows = node.rows.map((row) => row.map((item) => compiler.expression(item, scope)))
  const columns = (rows[0] ?? []).map(({ type, nullable }, index) => ({
    name: names?.[index] ?? `column${index + 1}`,
    type,
    nullable: nullable || rows.some((row) => row[index]?.nullable === true),
  }))
  if (rows.some((row) => row.length !== columns.length)) {
    throw new HogqlError('All rows of VALUES must have the same number of values', node)
  }
  const selects = rows.map(
    (row) =>
      `SELECT ${row.map(({ sql }, index) => `${sql} AS ${quotedName(columns[index]?.name ?? '')}`).join(', ')}`,
  )
  return { sql: `(${selects.join(' UNION ALL ')})`, name: undefined, source: columns }
}
