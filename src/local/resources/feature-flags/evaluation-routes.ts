import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { requiredQuery } from '../../http/parameters.ts'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { type Fields, json, object } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { createRecord, findRecord, recordView } from '../../store/records.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { cohorts } from '../cohorts/cohorts.ts'
import { COHORTS, isInCohort } from '../cohorts/membership.ts'
import { groupsOfType } from '../groups/groups.ts'
import { distinctIdsOf, readPersons } from '../persons/person-table.ts'
import { matchesFilter, matchesTree, type PropertyFilter } from '../properties/property-filter.ts'
import { evaluateFlag } from './evaluate.ts'
import { evaluationContext, readSubject } from './evaluation-context.ts'
import { flags } from './flags.ts'

const READ = 'feature_flag:read'
const BLAST_RADIUS: Fields = { condition: object({ required: true }), group_type_index: json() }

/** Routes that evaluate flags or conditions. */
export const evaluationRoutes: readonly Route[] = [
  actionRoute('GET', `${flags.path}/evaluation_reasons`, READ, evaluationReasons),
  actionRoute('POST', `${flags.path}/user_blast_radius`, READ, userBlastRadius),
  actionRoute(
    'POST',
    `${flags.path}/:id/create_static_cohort_for_flag`,
    'feature_flag:write',
    createStaticCohort,
  ),
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

/** Creates a static cohort of everybody for whom the flag is on. */
async function createStaticCohort(call: Call): Promise<Response> {
  const { state, project } = call
  const flag = findRecord(flags, call)
  const persons = await readPersons(state)
  const ids = await distinctIdsOf(
    state,
    persons.map((person) => person.uuid),
  )
  const context = evaluationContext(state, project)
  const enabled = persons.filter(({ uuid, properties }) =>
    (ids.get(uuid) ?? []).some((distinctId) => {
      const subject = { uuid, properties, distinctId, deviceId: '', groups: new Map() }
      return evaluateFlag(flag, subject, context).enabled
    }),
  )
  const at = state.now().toISOString().replace('T', ' ').slice(0, 19)
  const cohort = await createRecord(cohorts, call, {
    name: `Users with feature flag ${flag.key} enabled at ${at}`,
    is_static: true,
    _create_static_person_ids: enabled.map((person) => person.uuid),
  })
  return jsonResponse(201, { cohort: await recordView(cohorts, call, cohort) })
}
