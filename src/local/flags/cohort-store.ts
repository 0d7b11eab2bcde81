import { type CollectionKind, collectionOf, type JsonRecord } from '../collections/collection.ts'
import { smallUser } from '../projects/user.ts'
import type { World } from '../world.ts'

const COHORTS: CollectionKind = { name: 'cohorts', ids: 'integer' }

/** Makes a cohort of persons who match filters, and gives it as answers show it. */
export function createCohort(
  world: World,
  name: string,
  filters: JsonRecord,
  experiments: readonly number[],
): JsonRecord {
  const made = collectionOf(world, COHORTS).add({
    name,
    description: '',
    groups: [],
    deleted: false,
    filters,
    query: null,
    is_static: false,
    is_calculating: false,
    created_at: world.now().toISOString(),
    last_calculation: null,
    last_backfill_person_properties_at: null,
    last_error_message: null,
    errors_calculating: 0,
    count: null,
    cohort_type: null,
    experiment_set: experiments,
    pending_version: null,
    version: null,
  })
  return { ...made, created_by: smallUser() }
}
