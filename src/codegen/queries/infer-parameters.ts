import { walk } from '../../hogql/inspect.ts'
import type { Expression, Placeholder, Query } from '../../hogql/parse/tree.ts'
import type { ParameterType } from './parameter-type.ts'
import { addCtes, type QueryScope, scopeOf, typeOfExpression } from './query-scope.ts'

/** Types of the placeholders of a query, where a comparison makes them plain. */
export function inferPlaceholders(query: Query): ReadonlyMap<Placeholder, ParameterType> {
  const types = new Map<Placeholder, ParameterType>()
  const scopes = new Map<Query, QueryScope>()
  walk(query, (node, parents) => {
    if (node.node !== 'Placeholder') return
    const type = inferType(node, parents, scopes)
    if (type !== undefined) types.set(node, type)
  })
  return types
}

function inferType(
  node: Placeholder,
  parents: readonly Expression[],
  scopes: Map<Query, QueryScope>,
): ParameterType | undefined {
  const [parent, grandparent] = parents
  if (parent === undefined) return undefined
  const compared = (expression: Expression): ParameterType | undefined => {
    const scope = scopeAround(parents, scopes)
    const base = scope && typeOfExpression(expression, scope)
    return base && { base, isArray: false, nullable: false }
  }
  switch (parent.node) {
    case 'CompareOperation': {
      const { left, right, operator } = parent
      const isList = operator === 'in' || operator === 'not in'
      if (isList && right === node) return isBareList(parent, node) ? asArray(compared(left)) : undefined
      if (isList) return commonType(listItems(right).map(compared))
      if (operator === 'in cohort' || operator === 'not in cohort') return undefined
      if (isPattern(operator)) return right === node ? single('String') : undefined
      return compared(left === node ? right : left)
    }
    case 'BetweenExpr':
      return commonType([parent.expr, parent.low, parent.high].filter((part) => part !== node).map(compared))
    case 'Tuple':
    case 'Array': {
      if (grandparent?.node !== 'CompareOperation' || grandparent.right !== parent) return undefined
      const { operator, left } = grandparent
      return operator === 'in' || operator === 'not in' ? compared(left) : undefined
    }
    case 'SelectQuery':
    case 'SelectSetQuery': {
      const limitBy = parent.node === 'SelectQuery' ? parent.limitBy : undefined
      const counts = [parent.limit, parent.offset, limitBy?.count, limitBy?.offset]
      return counts.includes(node) ? single('Integer') : undefined
    }
    case 'Call':
      return /^toInterval[A-Z]/.test(parent.name) ? single('Integer') : undefined
    default:
      return undefined
  }
}

/** Whether `in` has a placeholder without parentheses. With them, it may be a single value or a list. */
function isBareList(compare: Expression, placeholder: Placeholder): boolean {
  return compare.end === placeholder.end
}

/** Whether a placeholder is the list of an `in`. */
export function isListOperand(node: Placeholder, [parent]: readonly Expression[]): boolean {
  if (parent?.node !== 'CompareOperation' || parent.right !== node) return false
  return (parent.operator === 'in' || parent.operator === 'not in') && isBareList(parent, node)
}

function single(base: ParameterType['base']): ParameterType {
  return { base, isArray: false, nullable: false }
}

function asArray(type: ParameterType | undefined): ParameterType | undefined {
  return type && { ...type, isArray: true }
}

function isPattern(operator: string): boolean {
  return operator.endsWith('like') || operator.includes('~')
}

function listItems(list: Expression): readonly Expression[] {
  return list.node === 'Tuple' || list.node === 'Array' ? list.exprs : []
}

function commonType(types: readonly (ParameterType | undefined)[]): ParameterType | undefined {
  const known = types.filter((type) => type !== undefined)
  const [first] = known
  return known.every((type) => type.base === first?.base) ? first : undefined
}

/** The scope of the innermost SELECT around a node. */
function scopeAround(parents: readonly Expression[], scopes: Map<Query, QueryScope>): QueryScope | undefined {
  const at = parents.findIndex(({ node }) => node === 'SelectQuery')
  const select = parents[at]
  if (select?.node !== 'SelectQuery') return undefined
  const known = scopes.get(select)
  if (known !== undefined) return known
  const outer = parents
    .slice(at + 1)
    .reverse()
    .reduce<QueryScope['ctes']>(
      (ctes, { node, ...rest }) =>
        node === 'SelectQuery' || node === 'SelectSetQuery'
          ? addCtes(ctes, (rest as { readonly ctes?: Parameters<typeof addCtes>[1] }).ctes)
          : ctes,
      new Map(),
    )
  const scope = scopeOf(select, outer)
  scopes.set(select, scope)
  return scope
}
