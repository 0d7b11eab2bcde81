import { HogqlError } from '../hogql-error.ts'
import { parseHogqlExpression, parseHogqlQuery } from '../parse/parse.ts'
import type { Expression, Placeholder, Query, Span } from '../parse/tree.ts'
import type { Compiler, Expansion, Sql } from './context.ts'
import type { Scope } from './scope.ts'
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
  const expansion = compiler.options.placeholder(path)
  if (expansion === undefined) throw unresolved(path, node)
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
    const { sql, ...rest } = inner.expression(parseHogqlExpression(expansion.text), scope)
    return { ...rest, sql }
  } catch (error) {
    // Positions inside the expansion mean nothing in the user's text.
    if (error instanceof HogqlError) throw Object.assign(error, { start: span.start, end: span.end })
    throw error
  }
}

function withValues(compiler: Compiler, values: ReadonlyMap<string, unknown>): Compiler {
  const { options } = compiler
  return compiler.with({
    ...options,
    placeholder: (path) => {
      const name = path.join('.')
      return values.has(name) ? { kind: 'value', value: values.get(name) } : options.placeholder(path)
    },
  })
}

/** The name in a placeholder as a path, such as `['filters', 'dateRange', 'from']`. */
export function placeholderPath({ expr }: Placeholder): readonly string[] | undefined {
  return expr.node === 'Field' ? expr.chain : undefined
}

export function unresolved(path: readonly string[], span: Span): HogqlError {
  return new HogqlError(`Unresolved placeholder: {${path.join('.')}}`, span)
}

/** The query that stands in place of a placeholder such as `SELECT 1 UNION ALL {other}`. */
export function placeholderQuery(
  compiler: Compiler,
  node: Placeholder,
): { query: Query; compiler: Compiler } {
  const path = placeholderPath(node) ?? []
  const expansion = compiler.options.placeholder(path)
  if (expansion === undefined) throw unresolved(path, node)
  const query = expansion.kind === 'hogql' ? parseHogqlQuery(expansion.text) : undefined
  if (query === undefined || query.node === 'HogQLXTag' || expansion.kind === 'value') {
    throw new HogqlError(`Expected {${path.join('.')}} to be a query`, node)
  }
  return { query, compiler: withValues(compiler, expansion.values) }
}

/** All placeholders of a query by their full name, in the order of the text. */
export function findPlaceholders(root: Expression | Query): string[] {
  const names = new Set<string>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    else if (typeof value === 'object' && value !== null) {
      if ('node' in value && value.node === 'Placeholder' && 'expr' in value) {
        const path = placeholderPath(value as Placeholder)
        if (path !== undefined) names.add(path.join('.'))
      }
      for (const item of Object.values(value)) visit(item)
    }
  }
  visit(root)
  return [...names]
}
