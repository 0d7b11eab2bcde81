import { COHORTS, membersOf } from '../resources/cohorts/membership.ts'
import { groupsOfType, groupTypesOf } from '../resources/groups/groups.ts'
import { readPersons } from '../resources/persons/person-table.ts'
import type { ServerState } from '../server-state.ts'
import { collectionOf, type JsonRecord } from '../store/collection.ts'
import type { RecordReader } from './record-reader.ts'

/** Readers of the tables of groups and cohorts. */
export const PERSON_RECORDS: Readonly<Record<string, RecordReader>> = {
  // Locally, events always have the current person of their distinct id.
  person_distinct_id_overrides: () => [],
  raw_person_distinct_id_overrides: () => [],
  groups: (state) =>
    allGroups(state).map(({ group_type_index, group_key, group_properties, created_at }) => ({
      index: group_type_index,
      key: group_key,
      created_at,
      updated_at: created_at,
      properties: group_properties,
    })),
  cohort_people: (state) => dynamicMembers(state),
  raw_cohort_people: async (state) => (await dynamicMembers(state)).map((member) => ({ ...member, sign: 1 })),
  static_cohort_people: (state) =>
    collectionOf(state, COHORTS)
      .all()
      .filter(({ is_static, deleted }) => is_static && !deleted)
      .flatMap(({ id, persons }) => persons.map((person_id) => ({ person_id, cohort_id: id }))),
}

/** The groups of all types. */
export function allGroups(state: ServerState): readonly JsonRecord[] {
  return groupTypesOf(state).flatMap(({ group_type_index }) => groupsOfType(state, group_type_index))
}

async function dynamicMembers(state: ServerState): Promise<readonly JsonRecord[]> {
  const all = collectionOf(state, COHORTS).all()
  const persons = await readPersons(state)
  return all
    .filter(({ is_static, deleted }) => !is_static && !deleted)
    .flatMap((cohort) =>
      membersOf(cohort, persons, all, state.now()).map(({ uuid }) => ({
        person_id: uuid,
        cohort_id: cohort.id,
        version: cohort.version,
      })),
    )
}
