import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { boolean, DELETED, json, object, text, texts } from '../../store/fields.ts'
import type { Resource } from '../../store/resource.ts'
import { type PersonRow, readPersons } from '../persons/person-table.ts'
import { conditionTypes, withoutBehavioral } from './condition-types.ts'
import { COHORTS, type CohortCalculation, type CohortRecord, cohortType, membersOf } from './membership.ts'

/** The cohorts of the project: dynamic (by filters) or static (by list). */
export const cohorts: Resource<CohortRecord> = {
  kind: COHORTS,
  path: 'projects/:project/cohorts',
  object: 'cohort',
  fields: {
    name: text({ nullable: true, blank: true, default: '' }),
    description: text({ nullable: true, blank: true, default: '' }),
    deleted: DELETED,
    filters: object({ nullable: true }),
    groups: json({ default: [] }),
    query: json({ default: null }),
    is_static: boolean({ default: false }),
    _create_static_person_ids: texts({ writeOnly: true }),
  },
  systemFields: ['created_at', 'created_by'],
  deletion: 'refused',
  hideDeleted: 'always',
  activity: 'Cohort',
  unlogged: ['_create_static_person_ids', 'persons', 'version', 'calculations'],
  search: ['name'],
  showsSearchMatch: true,
  filter: ({ state, url: { searchParams } }, found) =>
    searchParams.get('hide_behavioral_cohorts')?.toLowerCase() === 'true'
      ? withoutBehavioral(found, collectionOf(state, COHORTS).all())
      : found,
  prepareCreate: async (call, { _create_static_person_ids: ids, ...values }) => {
    const { is_static, filters, query } = values
    if (is_static !== true && filters === null && query === null) {
      throw invalid('filters', 'A cohort needs filters, a query, or is_static.', 'required')
    }
    const members =
      is_static === true && Array.isArray(ids) ? await readPersons(call.state, ids.map(String)) : []
    return withCalculation(call, {
      ...normalize(values),
      persons: members.map(({ uuid }) => uuid),
      version: 1,
    })
  },
  prepareUpdate: (call, before, { _create_static_person_ids: ignored, ...values }) => {
    // A static cohort stays static.
    const changes = { ...normalize(values), is_static: before.is_static, version: before.version + 1 }
    const after = { ...before, ...changes, _create_static_person_ids: undefined }
    return after.deleted ? after : withCalculation(call, after)
  },
  view: async (call, cohort, list) => ({
    ...(list && isBasic(call) ? HEAVY_MEMBERS : {}),
    version: cohort.version,
    pending_version: cohort.version,
    is_calculating: false,
    last_calculation: cohort.calculations.at(-1)?.finished_at ?? null,
    last_backfill_person_properties_at: null,
    last_error_message: null,
    errors_calculating: 0,
    last_import_total_count: null,
    last_import_unmatched_count: null,
    condition_type: conditionTypes(cohort.filters),
    count: (await currentMembers(call, cohort)).length,
    cohort_type: cohortType(cohort),
    experiment_set: [],
  }),
}

/** What a list leaves out with `basic=true`. */
const HEAVY_MEMBERS = { filters: undefined, query: undefined, groups: undefined }

function isBasic({ url }: Call): boolean {
  return /^(?:1|true|t|yes|y|on)$/i.test(url.searchParams.get('basic') ?? '')
}

/** Reads the current members of a cohort. */
export async function currentMembers(call: Call, cohort: CohortRecord): Promise<PersonRow[]> {
  const { state } = call
  return membersOf(cohort, await personsFor(call), collectionOf(state, COHORTS).all(), state.now())
}

const personsByCall = new WeakMap<Call, Promise<readonly PersonRow[]>>()

/** Reads all persons, once per request: a page shows the counts of many cohorts. */
function personsFor(call: Call): Promise<readonly PersonRow[]> {
  const known = personsByCall.get(call)
  if (known !== undefined) return known
  const persons = readPersons(call.state)
  personsByCall.set(call, persons)
  return persons
}

function normalize({ name, description, filters, groups, ...values }: JsonRecord): JsonRecord {
  if (filters !== undefined && filters !== null && !isObject(member(filters, 'properties'))) {
    throw invalid('filters', "Must contain a 'properties' key with type 'AND' or 'OR'")
  }
  return {
    ...values,
    ...(name === undefined ? {} : { name: name ?? '' }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(filters === undefined ? {} : { filters }),
    ...(groups === undefined ? {} : { groups: Array.isArray(groups) ? groups : [] }),
  }
}

async function withCalculation(call: Call, values: JsonRecord): Promise<JsonRecord> {
  // The body fields and the members from `prepareCreate` form a cohort. Only a new cohort lacks an id.
  const cohort = { id: 0, calculations: [], ...values } as unknown as CohortRecord
  const started = call.state.now()
  const { length } = await currentMembers(call, cohort)
  const finished = call.state.now()
  const calculation: CohortCalculation = {
    id: crypto.randomUUID(),
    filters: cohort.filters,
    count: length,
    started_at: started.toISOString(),
    finished_at: finished.toISOString(),
    total_query_ms: Math.max(0, finished.getTime() - started.getTime()),
  }
  return { ...values, calculations: [...cohort.calculations, calculation] }
}
