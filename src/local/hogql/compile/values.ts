import { HogqlError } from '../../../hogql/hogql-error.ts'
import type { Constant, Span } from '../../../hogql/parse/tree.ts'
import { stringLiteral } from '../../engine/sql-values.ts'
import type { Sql } from './sql.ts'

const MAX_DEPTH = 8

/** SQL of a constant. */
export function constantSql(node: Constant): Sql {
  const { sql, type, nullable } = valueSql(node.value, node)
  return { sql: node.digits ?? sql, type, nullable, isConstant: true }
}

/**
 * SQL of a JSON value: text and numbers as literals, a list as an array.
 *
 * @throws HogqlError for objects, which HogQL has no literal for.
 */
export function valueSql(value: unknown, span: Span, label?: string, depth = 0): Sql {
  if (value === null || value === undefined)
    return { sql: 'NULL', type: 'Unknown', nullable: true, isConstant: true }
  if (typeof value === 'string')
    return { sql: stringLiteral(value), type: 'String', nullable: false, isConstant: true }
  if (typeof value === 'boolean')
    return { sql: String(value), type: 'Boolean', nullable: false, isConstant: true }
  if (typeof value === 'number') {
    const type = Number.isInteger(value) ? 'Integer' : 'Float'
    return { sql: numberSql(value), type, nullable: false, isConstant: true }
  }
  if (Array.isArray(value) && depth < MAX_DEPTH) {
    const items = value.map((item) => valueSql(item, span, label, depth + 1).sql)
    return { sql: `[${items.join(', ')}]`, type: 'Unknown', nullable: false, isConstant: true }
  }
  throw new HogqlError(
    `Expected the value of {${label ?? ''}} to be a string, number, boolean, null or a list at most ${MAX_DEPTH} levels deep`,
    span,
  )
}

function numberSql(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '0' : String(value)
}
