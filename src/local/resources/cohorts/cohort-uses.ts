import { isObject } from '../../../shared/is-object.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { INSIGHTS } from '../../store/kinds.ts'
import { findRecord } from '../../store/records.ts'
import { flagsOf } from '../feature-flags/flag-record.ts'
import { cohorts } from './cohorts.ts'
import { COHORTS } from './membership.ts'

/** Maximum number of uses of each kind in a response. */
const MAX_USES = 100

/** Lists the feature flags, insights and cohorts that use a cohort. */
export function cohortUses(call: Call): Response {
  const { state } = call
  const { id } = findRecord(cohorts, call)
  const flags = flagsOf(state, state.projectId).filter(({ filters }) => refersTo(filters, id))
  const insights = collectionOf(state, INSIGHTS)
    .all()
    .filter(({ deleted, query }) => deleted !== true && refersTo(query, id))
  const others = collectionOf(state, COHORTS)
    .all()
    .filter((cohort) => !cohort.deleted && cohort.id !== id && refersTo(cohort.filters, id))
  return jsonResponse(200, {
    feature_flags: block(flags.map((flag) => ({ id: flag.id, key: flag.key, name: flag.name }))),
    insights: block(
      insights.map(({ id: insight, short_id, name, derived_name }) => ({
        id: insight,
        short_id,
        name: name || derived_name || 'Unnamed',
      })),
    ),
    cohorts: block(others.map((cohort) => ({ id: cohort.id, name: cohort.name }))),
  })
}

function block(uses: readonly JsonRecord[]): JsonRecord {
  return { results: uses.slice(0, MAX_USES), total: uses.length, has_more: uses.length > MAX_USES }
}

/** Whether a value contains a filter by membership of a cohort. */
function refersTo(value: unknown, cohort: number): boolean {
  if (Array.isArray(value)) return value.some((item) => refersTo(item, cohort))
  if (!isObject(value)) return false
  const { type, key, value: target } = value
  const isFilter = type === 'cohort' && key === 'id'
  if (isFilter && [target].flat().some((id) => Number(id) === cohort)) return true
  return Object.values(value).some((member) => refersTo(member, cohort))
}
