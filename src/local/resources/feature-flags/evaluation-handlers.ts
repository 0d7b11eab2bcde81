import { invalid } from '../../http/api-error.ts'
import { fieldsOf, requiredField, requiredQuery } from '../../http/fields.ts'
import { isObject, jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { cohortView } from '../cohorts/cohort-view.ts'
import { isInCohort } from '../cohorts/membership.ts'
import { createCohort } from '../cohorts/save-cohort.ts'
import { distinctIdsOf, readPersons } from '../persons/person-table.ts'
import { matchesFilter, matchesTree, type PropertyFilter } from '../properties/property-filter.ts'
import { evaluateFlag } from './evaluate.ts'
import { flagInPath } from './flag-handlers.ts'
import { evaluationContext, readSubject } from './subject.ts'

/** GET the value of each flag for somebody, and why. */
export async function evaluationReasons({ world, url, project }: Call): Promise<Response> {
  const distinctId = requiredQuery(url, 'distinct_id')
  const subject = await readSubject(world, { distinctId, groups: groupsIn(url) })
  const context = evaluationContext(world, project)
  const found = context.flags.map((flag) => {
    const { enabled, variant, reason } = evaluateFlag(flag, subject, context)
    const { code, condition_index, description } = reason
    return [
      flag.settings.key,
      {
        value: variant ?? enabled,
        // This route has a word of its own for it.
        evaluation: { reason: code === 'flag_disabled' ? 'disabled' : code, condition_index, description },
      },
    ] as const
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

/** POST a set of conditions; answers how many persons, or groups, fit it. */
export async function userBlastRadius({ world, body }: Call): Promise<Response> {
  const fields = fieldsOf(body)
  const condition = requiredField(fields, 'condition')
  if (!isObject(condition)) throw invalid('condition', 'Expected a dictionary of items.')
  const { stores } = world.data
  const now = world.now()
  const index = fields['group_type_index'] ?? null
  const rollout = condition['rollout_percentage']
  const share = typeof rollout === 'number' ? rollout / 100 : 1
  if (index !== null) {
    const groups = stores.groups.filter((group) => group.group_type_index === index)
    const fitting = groups.filter(({ group_properties, group_key }) =>
      matchesTree(condition['properties'], (filter) =>
        matchesFilter(filter, { ...group_properties, $group_key: group_key }, now),
      ),
    )
    return jsonResponse(200, { affected: Math.round(fitting.length * share), total: groups.length })
  }
  const persons = await readPersons(world)
  const fitting = persons.filter((person) => {
    const fits = (filter: PropertyFilter): boolean => {
      if (filter.type !== 'cohort') return matchesFilter(filter, person.properties, now)
      const cohort = stores.cohorts.find((candidate) => candidate.id === Number(filter.value))
      return cohort !== undefined && isInCohort(cohort, person, stores.cohorts, now)
    }
    return matchesTree(condition['properties'], fits)
  })
  return jsonResponse(200, { affected: Math.round(fitting.length * share), total: persons.length })
}

/** POST: a static cohort of everybody for whom the flag is on now. */
export async function cohortOfFlag(call: Call): Promise<Response> {
  const { world, project } = call
  const flag = flagInPath(call)
  const persons = await readPersons(world)
  const ids = await distinctIdsOf(
    world,
    persons.map((person) => person.uuid),
  )
  const context = evaluationContext(world, project)
  const on = persons.filter(({ uuid, properties }) =>
    (ids.get(uuid) ?? []).some((distinctId) => {
      const subject = { uuid, properties, distinctId, groups: new Map() }
      return evaluateFlag(flag, subject, context).enabled
    }),
  )
  const at = world.now().toISOString().replace('T', ' ').slice(0, 19)
  const cohort = await createCohort(world, project, {
    name: `Users with feature flag ${flag.settings.key} enabled at ${at}`,
    is_static: true,
    persons: on.map((person) => person.uuid),
  })
  return jsonResponse(201, { cohort: cohortView(world, cohort, persons) })
}
