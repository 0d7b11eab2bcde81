import type { Expression, Order, Window } from '../../../hogql/parse/tree.ts'
import { COMPARISON_FUNCTIONS } from './comparisons.ts'

const OPERATORS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(COMPARISON_FUNCTIONS).map(([name, operator]) => [operator, name]),
)
const ARITHMETIC = { '+': 'plus', '-': 'minus', '*': 'multiply', '/': 'divide', '%': 'modulo' }

/**
 * Name of a result column: the alias, the last part of a name, or the expression as PostHog writes HogQL, such as
 * `toDate(timestamp)` and `plus(a, 1)`.
 */
export function columnLabel(node: Expression): string {
  if (node.node === 'Alias') return node.alias
  if (node.node === 'Field') return node.chain.at(-1) ?? ''
  if (
    node.node === 'ArrayAccess' &&
    node.property.node === 'Constant' &&
    typeof node.property.value === 'string'
  ) {
    return node.property.value
  }
  return printHogql(node)
}

/** Prints an expression as HogQL. */
export function printHogql(node: Expression): string {
  const list = (items: readonly Expression[]): string => items.map(printHogql).join(', ')
  switch (node.node) {
    case 'Constant':
      return printConstant(node.value, node.digits)
    case 'Field':
      return node.chain.map(printName).join('.')
    case 'Call': {
      const params = node.params === undefined ? '' : `(${list(node.params)})`
      const order = node.orderBy === undefined ? '' : ` ORDER BY ${printOrders(node.orderBy)}`
      const filter = node.filter === undefined ? '' : ` FILTER (WHERE ${printHogql(node.filter)})`
      return `${node.name}${params}(${node.distinct ? 'DISTINCT ' : ''}${list(node.args)}${order})${filter}`
    }
    case 'WindowFunction': {
      const params = node.params === undefined ? '' : `(${list(node.params)})`
      const over = typeof node.over === 'string' ? printName(node.over) : `(${printWindow(node.over)})`
      return `${node.name}${params}(${list(node.args)}) OVER ${over}`
    }
    case 'ArithmeticOperation':
      return `${ARITHMETIC[node.operator]}(${printHogql(node.left)}, ${printHogql(node.right)})`
    case 'CompareOperation': {
      const name = OPERATORS[node.operator]
      const [left, right] = [printHogql(node.left), printHogql(node.right)]
      if (name !== undefined) return `${name}(${left}, ${right})`
      return `${left} ${node.operator.toUpperCase()} ${right}`
    }
    case 'BetweenExpr': {
      const not = node.negated ? 'NOT ' : ''
      return `${printHogql(node.expr)} ${not}BETWEEN ${printHogql(node.low)} AND ${printHogql(node.high)}`
    }
    case 'IsDistinctFrom':
      return `${printHogql(node.left)} IS ${node.negated ? 'NOT ' : ''}DISTINCT FROM ${printHogql(node.right)}`
    case 'And':
    case 'Or':
      return `${node.node.toLowerCase()}(${list(node.exprs)})`
    case 'Not':
      return `not(${printHogql(node.expr)})`
    case 'Alias':
      return `${printHogql(node.expr)} AS ${printName(node.alias)}`
    case 'Tuple':
      return `tuple(${list(node.exprs)})`
    case 'Array':
      return `[${list(node.exprs)}]`
    case 'Dict': {
      const items = node.items.map(([key, value]) => `${printHogql(key)}: ${printHogql(value)}`)
      return `{${items.join(', ')}}`
    }
    case 'ArrayAccess':
      return `${printHogql(node.array)}[${printHogql(node.property)}]`
    case 'ArraySlice': {
      const bound = (item: Expression | undefined): string => (item === undefined ? '' : printHogql(item))
      return `${printHogql(node.array)}[${bound(node.from)}:${bound(node.to)}]`
    }
    case 'TupleAccess':
      return `${printHogql(node.tuple)}.${node.index}`
    case 'Lambda': {
      const names = node.args.map(printName).join(', ')
      return `${node.args.length === 1 ? names : `(${names})`} -> ${printHogql(node.expr)}`
    }
    case 'TypeCast':
      return `CAST(${printHogql(node.expr)} AS ${node.type})`
    case 'TryCast':
      return `TRY_CAST(${printHogql(node.expr)} AS ${node.type})`
    case 'Placeholder':
      return `{${printHogql(node.expr)}}`
    case 'HogQLXTag':
      return `<${node.kind} />`
    case 'PositionalRef':
      return `#${node.index}`
    case 'NamedArgument':
      return `${printName(node.name)} := ${printHogql(node.value)}`
    case 'ExprCall':
      return `${printHogql(node.callee)}(${list(node.args)})`
    case 'ColumnsExpr':
      return 'COLUMNS()'
    case 'SelectQuery':
    case 'SelectSetQuery':
      return '(SELECT)'
  }
}

function printConstant(value: string | number | boolean | null, digits: string | undefined): string {
  if (typeof value === 'string')
    return `'${value.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`
  if (value === null) return 'NULL'
  return digits ?? String(value)
}

function printName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) || name === '*'
    ? name
    : `\`${name.replace(/\\/g, '\\\\').replace(/`/g, '``')}\``
}

function printOrders(orders: readonly Order[]): string {
  return orders.map(({ expr, descending }) => `${printHogql(expr)} ${descending ? 'DESC' : 'ASC'}`).join(', ')
}

function printWindow(window: Window): string {
  const parts: string[] = []
  if (window.partitionBy !== undefined)
    parts.push(`PARTITION BY ${window.partitionBy.map(printHogql).join(', ')}`)
  if (window.orderBy !== undefined) parts.push(`ORDER BY ${printOrders(window.orderBy)}`)
  return parts.join(' ')
}
