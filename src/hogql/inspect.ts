import type { Expression, Placeholder, Query } from './parse/tree.ts'

/** A node of the tree, and the nodes around it from the inside out. */
type Visit = (node: Expression, parents: readonly Expression[]) => void

/** Visits every expression and query of a tree. */
export function walk(root: Query | Expression, visit: Visit): void {
  visitValue(root, [], visit)
}

function visitValue(value: unknown, parents: readonly Expression[], visit: Visit): void {
  if (Array.isArray(value)) {
    for (const item of value) visitValue(item, parents, visit)
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (!isExpression(value)) {
    for (const item of Object.values(value)) visitValue(item, parents, visit)
    return
  }
  visit(value, parents)
  for (const item of Object.values(value)) visitValue(item, [value, ...parents], visit)
}

// Every object with a `node` in the tree is an expression, a query or a table.
function isExpression(value: object): value is Expression {
  return 'node' in value
}

/** The name in a placeholder as a path, such as `['filters', 'dateRange', 'from']`. Undefined for `{a + 1}`. */
export function placeholderPath({ expr }: Placeholder): readonly string[] | undefined {
  return expr.node === 'Field' ? expr.chain : undefined
}

/** The full name in a placeholder, such as `variables.country`. Undefined for `{a + 1}`. */
export function placeholderName(placeholder: Placeholder): string | undefined {
  return placeholderPath(placeholder)?.join('.')
}

/** Unique names of the placeholders, in the order of first use. */
export function findPlaceholders(query: Query): string[] {
  const names = new Map<string, number>()
  walk(query, (node) => {
    const name = node.node === 'Placeholder' ? placeholderName(node) : undefined
    // The order of the tree is not the order of the text.
    if (name !== undefined) names.set(name, Math.min(node.start, names.get(name) ?? node.start))
  })
  return [...names].sort(([, a], [, b]) => a - b).map(([name]) => name)
}

/** Whether the query or a subquery skips rows with OFFSET or `LIMIT a, b`. */
export function usesOffset(query: Query): boolean {
  let found = false
  walk(query, (node) => {
    if (node.node === 'SelectQuery') found ||= node.offset !== undefined || node.limitBy?.offset !== undefined
    if (node.node === 'SelectSetQuery') found ||= node.offset !== undefined
  })
  return found
}

/** The LIMIT of a query, when it is a literal number. */
export function literalLimit(query: Query): number | undefined {
  if (query.node === 'Placeholder' || query.limit?.node !== 'Constant') return undefined
  return typeof query.limit.value === 'number' ? query.limit.value : undefined
}
