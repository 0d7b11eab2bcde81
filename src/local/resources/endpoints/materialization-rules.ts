import { HogqlError } from '../../../hogql/hogql-error.ts'
import { placeholderName, walk } from '../../../hogql/inspect.ts'
import type { Expression, Placeholder, Query, Select } from '../../../hogql/parse/tree.ts'
import { parseQuery } from '../../hogql/compile.ts'
import { member } from '../../http/json.ts'
import type { SavedQuery } from '../query/saved-query.ts'
import { aggregatesOf, type BucketOverrides, rangeComparisons } from './range-buckets.ts'

const KINDS = ['HogQLQuery', 'TrendsQuery', 'LifecycleQuery', 'RetentionQuery']
const TIME_DEPENDENT = ['now', 'now64', 'today', 'yesterday', 'current_timestamp']
const COMPARISONS = ['==', '>=', '>', '<', '<=']

/** The reason why a query cannot be materialized, or null when it can. */
export function unsupportedReason(query: SavedQuery, overrides: BucketOverrides = null): string | null {
  if (!KINDS.includes(query.kind)) return `Query kind ${query.kind} cannot be materialized`
  if (query.kind !== 'HogQLQuery') {
    const compare = member(query['compareFilter'], 'compare') === true
    const cohort = member(query['breakdownFilter'], 'breakdown_type') === 'cohort'
    if (compare) return 'Compare mode cannot be materialized'
    return cohort ? 'Cohort breakdowns cannot be materialized' : null
  }
  try {
    const sql = String(query['query'])
    const parsed = parseQuery(sql)
    return hogqlReason(parsed) ?? aggregateReason(parsed, sql, overrides)
  } catch (error) {
    if (error instanceof HogqlError) return error.message
    throw error
  }
}

function hogqlReason(query: Query): string | null {
  let reason: string | null = null
  walk(query, (node, parents) => {
    if (node.node === 'Call' && TIME_DEPENDENT.includes(node.name.toLowerCase())) {
      reason ??= `Functions of the current time such as ${node.name}() cannot be materialized`
    }
    if (node.node === 'Placeholder') reason ??= variableReason(node, parents)
  })
  return reason
}

/** A range of buckets needs aggregations that combine the values of several buckets. */
function aggregateReason(query: Query, sql: string, overrides: BucketOverrides): string | null {
  if (rangeComparisons(query, overrides).length === 0) return null
  const aggregate = aggregatesOf(sql).find(({ combinedBy }) => combinedBy === undefined)
  if (aggregate === undefined) return null
  return `Aggregate function '${aggregate.name}' cannot be re-aggregated for range variable materialization`
}

function variableReason(node: Placeholder, parents: readonly Expression[]): string | null {
  const path = placeholderName(node) ?? ''
  if (!path.startsWith('variables.')) return null
  const name = path.slice('variables.'.length)
  const depth = parents.findIndex((parent) => parent.node === 'SelectQuery')
  const select = parents[depth]
  const inside = parents.slice(0, depth)
  if (select?.node !== 'SelectQuery' || !isInWhere(select, node))
    return `Variable '${name}' is used outside WHERE`
  if (inside.some((parent) => parent.node === 'Or')) return `Variable '${name}' is used inside OR`
  const around = inside.find((parent) => parent.node !== 'Call')
  const isCompared = around?.node === 'CompareOperation' && COMPARISONS.includes(around.operator)
  return isCompared ? null : `Variable '${name}' is used with an operator other than =, >=, >, <, <=`
}

function isInWhere({ where, prewhere }: Select, { start, end }: Placeholder): boolean {
  return [where, prewhere].some(
    (clause) => clause !== undefined && clause.start <= start && end <= clause.end,
  )
}
