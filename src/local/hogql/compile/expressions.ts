import { HogqlError } from '../../../hogql/hogql-error.ts'
import type {
  Access,
  Arithmetic,
  Call,
  Expression,
  Tag,
  Window,
  WindowCall,
} from '../../../hogql/parse/tree.ts'
import { quotedName } from '../../engine/sql-values.ts'
import { findFunction } from '../functions/find-function.ts'
import { unknownFunction } from '../functions/function-errors.ts'
import { compileCall, writeCall } from './calls.ts'
import { compileCast } from './casts.ts'
import { comparisonSql, compileComparison } from './comparisons.ts'
import type { Compiler } from './context.ts'
import { compileField, readKeys } from './fields.ts'
import { arithmeticType, functionType } from './function-types.ts'
import { compilePlaceholder } from './placeholders.ts'
import { constantKey, type Scope } from './scope.ts'
import type { Sql } from './sql.ts'
import { constantSql, valueSql } from './values.ts'

const ARITHMETIC: Readonly<Record<Arithmetic['operator'], string>> = {
  '+': 'plus',
  '-': 'minus',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
}

/** Compiles an expression to ClickHouse SQL. */
export function compileExpression(compiler: Compiler, node: Expression, scope: Scope): Sql {
  const compile = (item: Expression): Sql => compiler.expression(item, scope)
  switch (node.node) {
    case 'Constant':
      return constantSql(node)
    case 'Field':
      return compileField(compiler, node, scope)
    case 'Placeholder':
      return compilePlaceholder(compiler, node, scope)
    case 'Call':
      return compileCall(compiler, node, scope)
    case 'WindowFunction':
      return compileWindowCall(compiler, node, scope)
    case 'CompareOperation':
      return compileComparison(compiler, node, scope)
    case 'ArithmeticOperation': {
      const [left, right] = [compile(node.left), compile(node.right)]
      const sql = `${ARITHMETIC[node.operator]}(${left.sql}, ${right.sql})`
      const type = node.operator === '/' ? 'Float' : arithmeticType(left, right)
      return { sql, type, nullable: left.nullable || right.nullable }
    }
    case 'And':
    case 'Or': {
      const items = node.exprs.map(compile)
      const sql = `${node.node.toLowerCase()}(${items.map((item) => item.sql).join(', ')})`
      return { sql, type: 'Boolean', nullable: items.some(({ nullable }) => nullable) }
    }
    case 'Not': {
      const inner = compile(node.expr)
      return { sql: `not(${inner.sql})`, type: 'Boolean', nullable: inner.nullable }
    }
    case 'BetweenExpr': {
      const value = compile(node.expr)
      const [low, high] = [compile(node.low), compile(node.high)]
      const sql = `(${value.sql} ${node.negated ? 'NOT ' : ''}BETWEEN ${low.sql} AND ${high.sql})`
      const nullable = value.nullable || low.nullable || high.nullable
      return {
        sql: nullable ? `ifNull(${sql}, ${node.negated ? 1 : 0})` : sql,
        type: 'Boolean',
        nullable: false,
      }
    }
    case 'IsDistinctFrom': {
      const sql = comparisonSql(node.negated ? '==' : '!=', compile(node.left), compile(node.right))
      return { sql, type: 'Boolean', nullable: false }
    }
    case 'Alias': {
      const value = compile(node.expr)
      scope.addAlias(node.alias, value, node)
      return { ...value, sql: `${value.sql} AS ${quotedName(node.alias)}` }
    }
    case 'Tuple':
      return list('tuple', node.exprs.map(compile))
    case 'Array': {
      const items = node.exprs.map(compile)
      return { sql: `[${items.map(({ sql }) => sql).join(', ')}]`, type: 'Unknown', nullable: false }
    }
    case 'Dict':
      return list('tuple', [
        text('__hx_tag'),
        text('__hx_obj'),
        ...node.items.flatMap(([key, value]) => [compile(key), compile(value)]),
      ])
    case 'ArrayAccess':
      return compileAccess(compiler, node, scope)
    case 'ArraySlice': {
      const from = node.from === undefined ? '1' : compile(node.from).sql
      const value = compile(node.array)
      const length = node.to === undefined ? '' : `, minus(plus(${compile(node.to).sql}, 1), ${from})`
      return { sql: `arraySlice(${value.sql}, ${from}${length})`, type: 'Unknown', nullable: false }
    }
    case 'TupleAccess': {
      const value = compile(node.tuple)
      if (value.json !== undefined) return readKeys(compiler, value, [node.index], node)
      return { sql: `tupleElement(${value.sql}, ${node.index})`, type: 'Unknown', nullable: true }
    }
    case 'Lambda': {
      const body = scope.withArguments(node.args, () => compile(node.expr))
      const names = node.args.map(quotedName).join(', ')
      return { sql: `(${names}) -> ${body.sql}`, type: 'Unknown', nullable: body.nullable }
    }
    case 'TypeCast':
    case 'TryCast':
      return compileCast(compiler, node, scope)
    case 'SelectQuery':
    case 'SelectSetQuery': {
      const { sql, columns } = compiler.query(node, scope, { aliased: false })
      return { sql: `(${sql})`, type: columns[0]?.type ?? 'Unknown', nullable: true }
    }
    case 'HogQLXTag':
      return compileTag(compiler, node, scope)
    case 'PositionalRef':
      return { sql: String(node.index), type: 'Unknown', nullable: true }
    case 'ExprCall':
      throw new HogqlError('You can only call simple functions in HogQL, not expressions', node)
    case 'NamedArgument':
      throw new HogqlError('Named arguments are not supported', node)
    case 'ColumnsExpr':
      throw new HogqlError('COLUMNS() can only be used in the SELECT list', node)
  }
}

function text(value: string): Sql {
  return valueSql(value, { start: 0, end: 0 })
}

function list(name: string, items: readonly Sql[]): Sql {
  return { sql: `${name}(${items.map(({ sql }) => sql).join(', ')})`, type: 'Unknown', nullable: false }
}

function compileAccess(compiler: Compiler, node: Access, scope: Scope): Sql {
  const key = constantKey(node.property)
  if (node.array.node === 'Dict' && key !== undefined) {
    const item = node.array.items.find(([name]) => constantKey(name) === key)
    return item === undefined
      ? constantSql({ node: 'Constant', value: null, start: 0, end: 0 })
      : compiler.expression(item[1], scope)
  }
  // `person?.properties`: a joined table is no value, so the keys are one name.
  const chain = nameOf(node)
  if (chain !== undefined && isKnownName(chain, scope)) {
    return compileField(compiler, { node: 'Field', chain, start: node.start, end: node.end }, scope)
  }
  const value = compiler.expression(node.array, scope)
  if (key !== undefined && value.json !== undefined) return readKeys(compiler, value, [key], node)
  const property = compiler.expression(node.property, scope)
  return { sql: `${value.sql}[${property.sql}]`, type: 'Unknown', nullable: true }
}

/** The parts of a name written with `?.`, `.` and `['…']`. */
function nameOf(node: Expression): string[] | undefined {
  if (node.node === 'Field') return [...node.chain]
  if (node.node !== 'ArrayAccess') return undefined
  const key = constantKey(node.property)
  const before = nameOf(node.array)
  return before === undefined || typeof key !== 'string' ? undefined : [...before, key]
}

function isKnownName([name = '', second = '']: readonly string[], scope: Scope): boolean {
  if (scope.arguments.includes(name) || scope.aliases.has(name)) return false
  return scope.tablesWith(name).length === 1 || (scope.tables.has(name) && second !== '')
}

/** A tag is a tuple that PostHog's app renders: its kind, then names and values. */
function compileTag(compiler: Compiler, node: Tag, scope: Scope): Sql {
  const items = node.attributes.flatMap(({ name, value }): Sql[] => [
    text(name),
    Array.isArray(value)
      ? list(
          'tuple',
          value.map((item: Expression) => compiler.expression(item, scope)),
        )
      : compiler.expression(value as Expression, scope),
  ])
  return list('tuple', [text('__hx_tag'), text(node.kind), ...items])
}

function compileWindowCall(compiler: Compiler, node: WindowCall, scope: Scope): Sql {
  const definition = findFunction(node.name)
  if (definition === undefined) throw new HogqlError(unknownFunction(node.name), node)
  const args = node.args.map((item) => compiler.expression(item, scope))
  const { over: window, node: _, ...rest } = node
  const call: Call = { ...rest, node: 'Call', distinct: false }
  const over = typeof window === 'string' ? quotedName(window) : `(${windowSql(compiler, window, scope)})`
  const frame =
    /^(?:lag|lead)InFrame$/.test(definition.clickhouse) &&
    typeof window !== 'string' &&
    window.frame === undefined
  const fullFrame = ' ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)'
  const sql = `${writeCall(compiler, call, definition, args, scope)} OVER ${frame ? over.replace(/\)$/, fullFrame) : over}`
  return { sql, type: functionType(node.name, args), nullable: true }
}

/** SQL of PARTITION BY, ORDER BY and the frame of a window. */
export function windowSql(compiler: Compiler, window: Window, scope: Scope): string {
  const parts: string[] = []
  const compile = (item: Expression): string => compiler.expression(item, scope).sql
  if (window.partitionBy !== undefined)
    parts.push(`PARTITION BY ${window.partitionBy.map(compile).join(', ')}`)
  if (window.orderBy !== undefined) {
    const orders = window.orderBy.map(
      ({ expr, descending }) => `${compile(expr)} ${descending ? 'DESC' : 'ASC'}`,
    )
    parts.push(`ORDER BY ${orders.join(', ')}`)
  }
  const { frame } = window
  if (frame !== undefined) {
    const bound = ({ kind, value }: typeof frame.start): string =>
      kind === 'CURRENT ROW' ? kind : `${value === undefined ? 'UNBOUNDED' : compile(value)} ${kind}`
    const range =
      frame.end === undefined ? bound(frame.start) : `BETWEEN ${bound(frame.start)} AND ${bound(frame.end)}`
    parts.push(`${frame.method} ${range}`)
  }
  return parts.join(' ')
}
