import { isObject } from '../../../shared/is-object.ts'
import { member } from '../../http/json.ts'

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

/** A property that breaks an insight down into series. */
export interface Breakdown {
  readonly property: string
  /** `event`, `person`, `hogql`, … */
  readonly type: string
}

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
  if (!KINDS_WITH_BREAKDOWNS.includes(query.kind)) return []
  const filter = query['breakdownFilter']
  const breakdowns = member(filter, 'breakdowns')
  if (Array.isArray(breakdowns) && breakdowns.length > 0) {
    return breakdowns.filter(isObject).map((breakdown) => ({
      property: String(breakdown['property']),
      type: String(breakdown['type'] ?? 'event'),
    }))
  }
  const type = String(member(filter, 'breakdown_type') ?? 'event')
  const breakdown = member(filter, 'breakdown')
  const properties = Array.isArray(breakdown) ? breakdown : [breakdown]
  return properties.filter((property) => typeof property === 'string').map((property) => ({ property, type }))
}
