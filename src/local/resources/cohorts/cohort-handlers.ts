import { invalid, notFound } from '../../http/api-error.ts'
import { fieldsOf, numberInPath, requiredText, textList } from '../../http/fields.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call } from '../../http/route.ts'
import { personPage } from '../persons/person-page.ts'
import { readPersons } from '../persons/person-table.ts'
import { personViews } from '../persons/person-view.ts'
import type { CohortRecord } from './cohort-record.ts'
import { cohortView } from './cohort-view.ts'
import { membersOf } from './membership.ts'
import { createCohort, readCohort, updateCohort } from './save-cohort.ts'

/** GET the list, newest first, without the deleted ones. */
export async function listCohorts({ world, url }: Call): Promise<Response> {
  const search = url.searchParams.get('search')?.toLowerCase() ?? ''
  const cohorts = world.data.stores.cohorts
    .filter((cohort) => !cohort.deleted && cohort.name.toLowerCase().includes(search))
    .reverse()
  const page = offsetPage(cohorts, url, world.pageSize)
  const persons = await readPersons(world)
  return jsonResponse(200, {
    ...page,
    results: page.results.map((cohort) => cohortView(world, cohort, persons)),
  })
}

/** POST a new cohort; a static one may name its persons. */
export async function postCohort({ world, project, body }: Call): Promise<Response> {
  const given = fieldsOf(body)
  const fields = readCohort(given)
  if (fields.is_static !== true && fields.filters === undefined && fields.query === undefined) {
    throw invalid('filters', 'A cohort needs filters, a query, or is_static.', 'required')
  }
  const named = fields.is_static === true ? (textList(given, '_create_static_person_ids') ?? []) : []
  const persons = (await readPersons(world, named)).map((person) => person.uuid)
  const cohort = await createCohort(world, project, { ...fields, persons })
  return jsonResponse(201, cohortView(world, cohort, await readPersons(world)))
}

/** GET one. */
export async function getCohort(call: Call): Promise<Response> {
  const cohort = cohortInPath(call)
  return jsonResponse(200, cohortView(call.world, cohort, await readPersons(call.world)))
}

/** PATCH and PUT; `deleted` deletes and restores. */
export async function patchCohort(call: Call): Promise<Response> {
  const given = fieldsOf(call.body)
  // A deleted cohort is found only by what restores it.
  const cohort = cohortInPath(call, given['deleted'] === false)
  await updateCohort(call.world, call.project, cohort, readCohort(given))
  return jsonResponse(200, cohortView(call.world, cohort, await readPersons(call.world)))
}

/** The cohort that the path names. */
export function cohortInPath(call: Call, alsoDeleted = false): CohortRecord {
  const id = numberInPath(call)
  const cohort = call.world.data.stores.cohorts.find((candidate) => candidate.id === id)
  if (cohort === undefined || (cohort.deleted && !alsoDeleted)) throw notFound()
  return cohort
}

/** GET the persons of one. */
export async function cohortPersons(call: Call): Promise<Response> {
  const { world, url } = call
  const persons = await readPersons(world)
  const members = membersOf(cohortInPath(call), persons, world.data.stores.cohorts, world.now())
  const page = personPage(members, url, world.pageSize)
  const views = await personViews(world, page.results)
  return jsonResponse(200, {
    ...page,
    results: views.map((view) => ({
      ...view,
      type: 'person',
      id: view.uuid,
      matched_recordings: [],
      value_at_data_point: null,
    })),
  })
}

/** PATCH persons into a static cohort. Ids of nobody are passed over. */
export async function addPersons(call: Call): Promise<Response> {
  const cohort = staticCohort(call)
  const ids = textList(fieldsOf(call.body), 'person_ids')
  if (ids === undefined || ids.length === 0) throw invalid(null, 'person_ids must be a non-empty list')
  const found = (await readPersons(call.world, ids)).map((person) => person.uuid)
  await updateCohort(call.world, call.project, cohort, {
    persons: [...new Set([...cohort.persons, ...found])],
  })
  return jsonResponse(200, { success: true })
}

/** PATCH one person out of a static cohort. */
export async function removePerson(call: Call): Promise<Response> {
  const cohort = staticCohort(call)
  const id = requiredText(fieldsOf(call.body), 'person_id')
  if (!cohort.persons.includes(id)) throw notFound('Person not found in this cohort.')
  await updateCohort(call.world, call.project, cohort, {
    persons: cohort.persons.filter((member) => member !== id),
  })
  return jsonResponse(200, { success: true })
}

function staticCohort(call: Call): CohortRecord {
  const cohort = cohortInPath(call)
  if (!cohort.is_static) throw invalid(null, 'Persons can be added to and removed from static cohorts only.')
  return cohort
}

/** GET when it was calculated, newest first. */
export function calculationHistory(call: Call): Response {
  const cohort = cohortInPath(call)
  const runs = cohort.calculations
    .map((run) => ({
      ...run,
      cohort: cohort.id,
      team: call.project,
      error: null,
      error_code: null,
    }))
    .reverse()
  return jsonResponse(200, offsetPage(runs, call.url, call.world.pageSize))
}
