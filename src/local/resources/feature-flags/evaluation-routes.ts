import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { requiredQuery } from '../../http/parameters.ts'
import type { Call, Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { type Fields, json, object } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { sessionOnlyRoute } from '../../store/session-routes.ts'
import { COHORTS, isInCohort } from '../cohorts/membership.ts'
import { groupsOfType } from '../groups/groups.ts'
import { readPersons } from '../persons/person-table.ts'
import { matchesFilter, matchesTree, type PropertyFilter } from '../properties/property-filter.ts'
import { evaluateFlag } from './evaluate.ts'
import { evaluationContext, readSubject } from './evaluation-context.ts'
import { minimalFlagView } from './flag-view.ts'
import { flags } from './flags.ts'

const READ = 'feature_flag:read'
const BLAST_RADIUS: Fields = { condition: object({ required: true }), group_type_index: json() }

/** Routes that evaluate flags or conditions. */
export const evaluationRoutes: readonly Route[] = [
  actionRoute('GET', `${flags.path}/evaluation_reasons`, READ, evaluationReasons),
  actionRoute('GET', `${flags.path}/my_flags`, READ, myFlags),
  actionRoute('POST', `${flags.path}/user_blast_radius`, READ, userBlastRadius),
  sessionOnlyRoute('POST', `${flags.path}/:id/create_static_cohort_for_flag`),
]

/** The value of every flag for a distinct id, with reasons. */
async function evaluationReasons({ state, url, project }: Call): Promise<Response> {
  const distinctId = requiredQuery(url, 'distinct_id')
  const subject = await readSubject(state, { distinctId, groups: groupsIn(url) })
  const context = evaluationContext(state, project)
  const keys = flagKeysIn(url)
  const requested = context.flags.filter(({ key }) => keys.length === 0 || keys.includes(key))
  const found = requested.map((flag) => {
    const { enabled, variant, reason } = evaluateFlag(flag, subject, context)
    const { code, condition_index, description } = reason
    // This route has its own code for disabled flags.
    const evaluation = {
      reason: code === 'flag_disabled' ? 'disabled' : code,
      condition_index,
      description,
    }
    return [flag.key, { value: variant ?? enabled, evaluation }] as const
  })
  return jsonResponse(200, Object.fromEntries(found))
}

/**
 * The flags of the project with their values for the user, newest first.
 *
 * @see PostHog/posthog posthog/api/feature_flag.py, my_flags
 */
async function myFlags({ state, url, project }: Call): Promise<Response> {
  const subject = await readSubject(state, { distinctId: USER.distinct_id, groups: groupsIn(url) })
  const context = evaluationContext(state, project)
  const keys = flagKeysIn(url)
  const shown = context.flags.filter(({ key }) => keys.length === 0 || keys.includes(key)).reverse()
  const views = shown.map((flag) => {
    const { enabled, variant } = evaluateFlag(flag, subject, context)
    return { feature_flag: minimalFlagView(state, flag), value: variant ?? enabled }
  })
  return jsonResponse(200, views)
}

function groupsIn(url: URL): unknown {
  try {
    return JSON.parse(url.searchParams.get('groups') || '{}') as unknown
  } catch {
    throw invalid('groups', 'Value must be valid JSON.')
  }
}

// Repeated parameters, or one with a JSON list.
function flagKeysIn({ searchParams }: URL): string[] {
  const given = searchParams.getAll('flag_keys')
  const [only = ''] = given
  if (given.length !== 1 || !only.trim().startsWith('[')) return given
  try {
    return (JSON.parse(only) as unknown[]).map(String)
  } catch {
    throw invalid('flag_keys', 'Invalid JSON in flag_keys parameter')
  }
}

/** The number of persons or groups that match a condition set. */
async function userBlastRadius({ state, body }: Call): Promise<Response> {
  const { condition, group_type_index: index = null } = readFields(BLAST_RADIUS, body)
  const { properties, rollout_percentage: rollout } = condition as JsonRecord
  const now = state.now()
  const share = typeof rollout === 'number' ? rollout / 100 : 1
  if (index !== null) {
    const groups = groupsOfType(state, index)
    const matching = groups.filter(({ group_properties, group_key }) =>
      matchesTree(properties, (filter) =>
        matchesFilter(filter, { ...group_properties, $group_key: group_key }, now),
      ),
    )
    return jsonResponse(200, { affected: Math.round(matching.length * share), total: groups.length })
  }
  const persons = await readPersons(state)
  const all = collectionOf(state, COHORTS).all()
  const matching = persons.filter((person) => {
    const matches = (filter: PropertyFilter): boolean => {
      if (filter.type !== 'cohort') return matchesFilter(filter, person.properties, now)
      const cohort = all.find((candidate) => candidate.id === Number(filter.value))
      return cohort !== undefined && isInCohort(cohort, person, all, now)
    }
    return matchesTree(properties, matches)
  })
  return jsonResponse(200, { affected: Math.round(matching.length * share), total: persons.length })
}
