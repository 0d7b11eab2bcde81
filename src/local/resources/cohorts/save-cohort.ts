import { invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import { nextNumber } from '../../local-data.ts'
import type { ServerState } from '../../server-state.ts'
import { changesBetween, noteActivity } from '../activity/activity-log.ts'
import { readPersons } from '../persons/person-table.ts'
import type { CohortRecord } from './cohort-record.ts'
import { membersOf } from './membership.ts'

const FIELDS = ['name', 'description', 'deleted', 'filters', 'groups', 'query'] as const

/** What a body may say of a cohort. */
export type CohortFields = Partial<Pick<CohortRecord, (typeof FIELDS)[number] | 'is_static' | 'persons'>>

/** Reads what a body says of a cohort. */
export function readCohort(body: Readonly<Record<string, unknown>>): CohortFields {
  const { name, description, deleted, filters, groups, query, is_static } = body
  if (name !== undefined && name !== null && typeof name !== 'string') {
    throw invalid('name', 'Not a valid string.')
  }
  for (const [key, value] of Object.entries({ deleted, is_static })) {
    if (value !== undefined && typeof value !== 'boolean') throw invalid(key, 'Must be a valid boolean.')
  }
  if (filters !== undefined && filters !== null && !isObject(member(filters))) {
    throw invalid('filters', "Must contain a 'properties' key with type 'AND' or 'OR'")
  }
  return {
    ...(name === undefined ? {} : { name: name === null ? '' : String(name) }),
    ...(description === undefined ? {} : { description: String(description ?? '') }),
    ...(deleted === undefined ? {} : { deleted: deleted === true }),
    ...(filters === undefined ? {} : { filters: isObject(filters) ? filters : null }),
    ...(groups === undefined ? {} : { groups: Array.isArray(groups) ? groups : [] }),
    ...(query === undefined ? {} : { query }),
    ...(is_static === undefined ? {} : { is_static: is_static === true }),
  }
}

function member(filters: unknown): unknown {
  return isObject(filters) ? filters['properties'] : undefined
}

/** Makes a cohort. */
export async function createCohort(
  world: ServerState,
  project: number,
  fields: CohortFields,
): Promise<CohortRecord> {
  const cohort: CohortRecord = {
    name: '',
    description: '',
    deleted: false,
    filters: null,
    groups: [],
    query: null,
    is_static: false,
    persons: [],
    ...fields,
    id: nextNumber(world.data.stores, 'cohort'),
    created_at: world.now().toISOString(),
    version: 1,
    calculations: [],
  }
  world.data.stores.cohorts.push(cohort)
  await calculate(world, cohort)
  noteActivity(world, { ...aboutCohort(project, cohort), activity: 'created' })
  await world.persist()
  return cohort
}

/** Changes a cohort, and calculates it again. */
export async function updateCohort(
  world: ServerState,
  project: number,
  cohort: CohortRecord,
  { is_static: _fixed, ...fields }: CohortFields,
): Promise<void> {
  const before = { ...cohort }
  Object.assign(cohort, fields)
  cohort.version += 1
  const changes = changesBetween('Cohort', before, cohort, FIELDS)
  if (!cohort.deleted) await calculate(world, cohort)
  const activity = cohort.deleted && !before.deleted ? 'deleted' : 'updated'
  noteActivity(world, { ...aboutCohort(project, cohort), activity, changes })
  await world.persist()
}

function aboutCohort(
  project: number,
  { id, name }: CohortRecord,
): { project: number; scope: string; item: number; name: string } {
  return { project, scope: 'Cohort', item: id, name }
}

async function calculate(world: ServerState, cohort: CohortRecord): Promise<void> {
  const started = world.now()
  const persons = await readPersons(world)
  const { length } = membersOf(cohort, persons, world.data.stores.cohorts, started)
  const finished = world.now()
  cohort.calculations.push({
    id: crypto.randomUUID(),
    filters: cohort.filters,
    count: length,
    started_at: started.toISOString(),
    finished_at: finished.toISOString(),
    total_query_ms: Math.max(0, finished.getTime() - started.getTime()),
  })
}
