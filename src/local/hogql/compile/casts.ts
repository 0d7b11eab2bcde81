import { HogqlError } from '../../../hogql/hogql-error.ts'
import type { Cast } from '../../../hogql/parse/tree.ts'
import type { HogqlType } from '../../../hogql/schema/table.ts'
import type { Compiler } from './context.ts'
import type { Scope } from './scope.ts'
import type { Sql } from './sql.ts'

/** ClickHouse types by the names of SQL, in lower case. */
const TYPES: Readonly<Record<string, readonly [clickhouse: string, type: HogqlType]>> = {
  int: ['Int64', 'Integer'],
  integer: ['Int64', 'Integer'],
  bigint: ['Int64', 'Integer'],
  smallint: ['Int16', 'Integer'],
  float: ['Float64', 'Float'],
  double: ['Float64', 'Float'],
  real: ['Float32', 'Float'],
  numeric: ['Float64', 'Float'],
  string: ['String', 'String'],
  text: ['String', 'String'],
  varchar: ['String', 'String'],
  bool: ['Bool', 'Boolean'],
  boolean: ['Bool', 'Boolean'],
  date: ['Date', 'Date'],
  datetime: ["DateTime64(6, 'UTC')", 'DateTime'],
  timestamp: ["DateTime64(6, 'UTC')", 'DateTime'],
  uuid: ['UUID', 'UUID'],
  json: ['String', 'Json'],
}

const SIZED = /^(u?)int(8|16|32|64|128|256)$/

/** Compiles `x::type`, CAST(x AS type) and TRY_CAST(x AS type). */
export function compileCast(compiler: Compiler, node: Cast, scope: Scope): Sql {
  const value = compiler.expression(node.expr, scope)
  const found = findType(node.type)
  if (found === undefined) throw new HogqlError(`Unsupported cast to type '${node.type}'`, node)
  const [name, type] = found
  if (node.node === 'TryCast') {
    return { sql: `accurateCastOrNull(${value.sql}, ${quoted(name)})`, type, nullable: true }
  }
  const wraps = value.nullable && !/^(?:Array|Nullable)\(/.test(name)
  const sql = `CAST(${value.sql}, ${quoted(wraps ? `Nullable(${name})` : name)})`
  return { sql, type, nullable: value.nullable }
}

function quoted(type: string): string {
  return `'${type.replaceAll("'", "\\'")}'`
}

function findType(name: string): readonly [string, HogqlType] | undefined {
  const known = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined
  if (known !== undefined) return known
  const sized = SIZED.exec(name)
  if (sized !== null) return [`${sized[1] === 'u' ? 'U' : ''}Int${sized[2]}`, 'Integer']
  if (/^float(32|64)$/.test(name)) return [name.replace('float', 'Float'), 'Float']
  const decimal = /^decimal\((\d+)(?:, (\d+))?\)$/.exec(name)
  if (decimal !== null) return [`Decimal(${decimal[1]}, ${decimal[2] ?? 0})`, 'Decimal']
  const wrapped = /^(nullable|array)\((.+)\)$/.exec(name) ?? /^()(.+)\[\]$/.exec(name)
  const inner = wrapped === null ? undefined : findType(wrapped[2] ?? '')
  if (inner === undefined) return undefined
  return wrapped?.[1] === 'nullable' ? [`Nullable(${inner[0]})`, inner[1]] : [`Array(${inner[0]})`, 'Unknown']
}
