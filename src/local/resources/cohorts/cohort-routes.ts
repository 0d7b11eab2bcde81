import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage, uncountedPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import { text, texts } from '../../store/fields.ts'
import { readField, readFields } from '../../store/read-fields.ts'
import { findRecord, patchRecord } from '../../store/records.ts'
import {
  actionRoute,
  listActivityRoute,
  recordActivityRoute,
  resourceRoutes,
} from '../../store/resource-routes.ts'
import { readPersons } from '../persons/person-table.ts'
import { personListItems } from '../persons/person-view.ts'
import { cohortUses } from './cohort-uses.ts'
import { cohorts, currentMembers } from './cohorts.ts'
import type { CohortRecord } from './membership.ts'

const READ = 'cohort:read'
const WRITE = 'cohort:write'
const COHORT = `${cohorts.path}/:id`

/** Cohorts, their members and their calculations. */
export const cohortRoutes: readonly Route[] = [
  listActivityRoute(cohorts),
  ...resourceRoutes(cohorts),
  recordActivityRoute(cohorts),
  actionRoute('GET', `${COHORT}/persons`, `${READ} person:read`, listPersons, 'clickhouse'),
  actionRoute('GET', `${COHORT}/calculation_history`, READ, calculationHistory),
  actionRoute('GET', `${COHORT}/used_in`, READ, cohortUses),
  actionRoute('PATCH', `${COHORT}/add_persons_to_static_cohort`, WRITE, addPersons),
  actionRoute('PATCH', `${COHORT}/remove_person_from_static_cohort`, WRITE, removePerson),
]

async function listPersons(call: Call): Promise<Response> {
  const { state, url } = call
  const members = await currentMembers(call, findRecord(cohorts, call))
  const page = uncountedPage(members, url, state.pageSize)
  return jsonResponse(200, { ...page, results: await personListItems(state, page.results) })
}

// Ids of unknown persons are ignored.
async function addPersons(call: Call): Promise<Response> {
  const cohort = staticCohort(call)
  const ids = readFields({ person_ids: texts({ default: [] }) }, call.body)['person_ids'] as string[]
  if (ids.length === 0) throw invalid(null, 'person_ids must be a non-empty list')
  const found = (await readPersons(call.state, ids)).map((person) => person.uuid)
  await patchRecord(cohorts, call, cohort, { persons: [...new Set([...cohort.persons, ...found])] })
  return jsonResponse(200, { success: true })
}

async function removePerson(call: Call): Promise<Response> {
  const cohort = staticCohort(call)
  const id = String(readField('person_id', text(), call.body))
  if (!cohort.persons.includes(id)) throw notFound('Person not found in this cohort.')
  await patchRecord(cohorts, call, cohort, { persons: cohort.persons.filter((member) => member !== id) })
  return jsonResponse(200, { success: true })
}

function staticCohort(call: Call): CohortRecord {
  const cohort = findRecord(cohorts, call)
  if (!cohort.is_static) throw invalid(null, 'Persons can be added to and removed from static cohorts only.')
  return cohort
}

function calculationHistory(call: Call): Response {
  const cohort = findRecord(cohorts, call)
  const runs = cohort.calculations
    .map((run) => ({ ...run, cohort: cohort.id, team: call.project, error: null, error_code: null }))
    .reverse()
  return jsonResponse(200, offsetPage(runs, call.url, call.state.pageSize))
}
