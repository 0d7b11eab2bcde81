import { HogqlError } from '../../../hogql/hogql-error.ts'
import { placeholderPath } from '../../../hogql/inspect.ts'
import { parseHogqlExpression, parseHogqlQuery } from '../../../hogql/parse/parse.ts'
import type { Placeholder, Query, Span } from '../../../hogql/parse/tree.ts'
import type { Compiler, Expansion } from './context.ts'
import type { Scope } from './scope.ts'
import type { Sql } from './sql.ts'
import { valueSql } from './values.ts'

/** Compiles `{name}`: a value, an expression or, inside the template of a function, an argument. */
export function compilePlaceholder(compiler: Compiler, node: Placeholder, scope: Scope): Sql {
  const { expr } = node
  if (expr.node === 'Constant' && typeof expr.value === 'number') {
    const value = scope.template?.[expr.value]
    if (value !== undefined) return value
  }
  const path = placeholderPath(node)
  if (path === undefined) {
    throw new HogqlError('Placeholders with expressions are not supported here', node)
  }
  const expansion = resolvePlaceholder(compiler, path, node, scope.tableNames())
  return expand(compiler, expansion, node, scope, path.join('.'))
}

/** Compiles what a placeholder stands for. HogQL sees its own values first. */
export function expand(
  compiler: Compiler,
  expansion: Expansion,
  span: Span,
  scope: Scope,
  label?: string,
): Sql {
  if (expansion.kind === 'value') return valueSql(expansion.value, span, label)
  const inner = withValues(compiler, expansion.values)
  try {
    return inner.expression(parseHogqlExpression(expansion.text), scope)
  } catch (error) {
    // Positions inside the expansion mean nothing in the user's text.
    if (error instanceof HogqlError) throw error.at(span)
    throw error
  }
}

function withValues(compiler: Compiler, values: ReadonlyMap<string, unknown>): Compiler {
  const { options } = compiler
  return compiler.with({
    ...options,
    placeholder: (path, tables) => {
      const name = path.join('.')
      return values.has(name) ? { kind: 'value', value: values.get(name) } : options.placeholder(path, tables)
    },
  })
}

function resolvePlaceholder(
  { options }: Compiler,
  path: readonly string[],
  span: Span,
  tables: readonly string[],
): Expansion {
  try {
    const expansion = options.placeholder(path, tables)
    if (expansion !== undefined) return expansion
  } catch (error) {
    if (error instanceof HogqlError) throw error.at(span)
    throw error
  }
  throw unresolved(path, span)
}

function unresolved(path: readonly string[], span: Span): HogqlError {
  return new HogqlError(`Unresolved placeholder: {${path.join('.')}}`, span)
}

/** The query that stands in place of a placeholder such as `SELECT 1 UNION ALL {other}`. */
export function placeholderQuery(
  compiler: Compiler,
  node: Placeholder,
): { query: Query; compiler: Compiler } {
  const path = placeholderPath(node) ?? []
  const expansion = resolvePlaceholder(compiler, path, node, [])
  const query = expansion.kind === 'hogql' ? parseHogqlQuery(expansion.text) : undefined
  if (query === undefined || query.node === 'HogQLXTag' || expansion.kind === 'value') {
    throw new HogqlError(`Expected {${path.join('.')}} to be a query`, node)
  }
  return { query, compiler: withValues(compiler, expansion.values) }
}
