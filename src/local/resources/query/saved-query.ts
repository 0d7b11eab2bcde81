import { type Breakdown, breakdownsIn } from '../../queries/breakdown.ts'

/** The query of an endpoint or an insight: an object with a `kind`. */
export type SavedQuery = Readonly<Record<string, unknown>> & { readonly kind: string }

/** A variable in a saved HogQL query. */
export interface QueryVariable {
  readonly variableId: string
  readonly code_name: string
  readonly value?: unknown
  readonly isNull?: boolean | null
}

/** Variable values that a caller sent, by code name. */
export type SentVariables = Readonly<Record<string, unknown>>

/** Kinds of queries whose breakdowns act as variables of an endpoint. */
const KINDS_WITH_BREAKDOWNS = ['TrendsQuery', 'RetentionQuery']

/** The variables of a saved HogQL query, in the order of the query. */
export function queryVariables(query: SavedQuery): QueryVariable[] {
  const variables = query['variables']
  if (typeof variables !== 'object' || variables === null) return []
  // Validated when the query was saved: every value is a variable with a code name.
  return Object.values(variables) as QueryVariable[]
}

/** The breakdowns of an insight that a caller may set, in order. Empty for other kinds of queries. */
export function breakdownsOf(query: SavedQuery): Breakdown[] {
  return KINDS_WITH_BREAKDOWNS.includes(query.kind) ? breakdownsIn(query) : []
}
