import { HogqlError } from '../../../hogql/hogql-error.ts'
import type { Columns, Expression, Span } from '../../../hogql/parse/tree.ts'
import { isColumns, type Scope, type TableRef } from './scope.ts'

/** Replaces `*`, `t.*` and COLUMNS(…) in a SELECT list by the columns that they stand for. */
export function expandColumns(items: readonly Expression[], scope: Scope): Expression[] {
  return items.flatMap((item) => {
    if (item.node === 'ColumnsExpr') return expandSelection(item, scope)
    if (item.node !== 'Field' || item.chain.at(-1) !== '*') return [item]
    return starColumns(item.chain.slice(0, -1), item, scope)
  })
}

function expandSelection(node: Columns, scope: Scope): Expression[] {
  const { regex, columns, exclude = [], replace = {}, table = [] } = node
  if (columns !== undefined) return expandColumns(columns, scope)
  const all = starColumns(table, node, scope)
  const name = (item: Expression): string => (item.node === 'Field' ? (item.chain.at(-1) ?? '') : '')
  if (regex !== undefined) {
    const pattern = new RegExp(regex)
    const matching = all.filter((item) => pattern.test(name(item)))
    if (matching.length === 0) throw new HogqlError(`No columns match the pattern '${regex}'`, node)
    return matching
  }
  return all
    .filter((item) => !exclude.includes(name(item)))
    .map((item) => {
      const expr = replace[name(item)]
      return expr === undefined
        ? item
        : { node: 'Alias', alias: name(item), expr, start: node.start, end: node.end }
    })
}

function starColumns(path: readonly string[], span: Span, scope: Scope): Expression[] {
  const [name] = path
  const tables = [...scope.tables.entries()]
  const chosen = name === undefined ? tables : tables.filter(([key]) => key === name)
  const [first, second] = chosen
  if (second !== undefined) {
    throw new HogqlError(
      "Cannot use '*' without table name when there are multiple tables in the query",
      span,
    )
  }
  if (first === undefined) {
    throw new HogqlError(
      name === undefined
        ? "Cannot use '*' when there are no tables in the query"
        : `Unable to resolve field: ${name}`,
      span,
    )
  }
  const [key, ref] = first
  return visibleColumns(ref).map((column) => ({
    node: 'Field',
    chain: [key, column],
    start: span.start,
    end: span.end,
  }))
}

/** Names of the columns that `*` stands for. */
function visibleColumns({ source }: TableRef): string[] {
  if (isColumns(source)) return source.map(({ name }) => name)
  return Object.entries(source.fields).flatMap(([name, field]) => {
    const isColumn = field.kind === 'column' || field.kind === 'expression'
    return isColumn && field.hidden !== true ? [name] : []
  })
}
