import { isObject, member } from '../../http/json.ts'
import type { SavedQuery } from './endpoint-record.ts'

/** One property by which an insight is split. */
export interface Breakdown {
  readonly property: string
  /** `event`, `person`, `hogql`, … */
  readonly type: string
}

/** Kinds whose breakdowns act as variables of an endpoint. */
const KINDS = ['TrendsQuery', 'RetentionQuery']

/** The breakdowns of an insight that a caller may set, in order; none for other kinds. */
export function breakdownsOf(query: SavedQuery): Breakdown[] {
  if (!KINDS.includes(query.kind)) return []
  const filter = query['breakdownFilter']
  const several = member(filter, 'breakdowns')
  if (Array.isArray(several) && several.length > 0) {
    return several.filter(isObject).map((breakdown) => ({
      property: String(breakdown['property']),
      type: String(breakdown['type'] ?? 'event'),
    }))
  }
  const type = String(member(filter, 'breakdown_type') ?? 'event')
  const one = member(filter, 'breakdown')
  const properties = Array.isArray(one) ? one : [one]
  return properties.filter((property) => typeof property === 'string').map((property) => ({ property, type }))
}
