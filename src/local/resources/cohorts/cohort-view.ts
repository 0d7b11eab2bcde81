import type { ServerState } from '../../server-state.ts'
import { currentUser } from '../../store/account.ts'
import type { PersonRow } from '../persons/person-table.ts'
import type { CohortRecord } from './cohort-record.ts'
import { cohortType, membersOf } from './membership.ts'

/** A cohort as the API shows it; its count is that of the persons there are now. */
export function cohortView(
  world: ServerState,
  cohort: CohortRecord,
  persons: readonly PersonRow[],
): Record<string, unknown> {
  const last = cohort.calculations.at(-1)
  return {
    id: cohort.id,
    name: cohort.name,
    description: cohort.description,
    groups: cohort.groups,
    deleted: cohort.deleted,
    filters: cohort.filters,
    query: cohort.query,
    version: cohort.version,
    pending_version: cohort.version,
    is_calculating: false,
    created_by: currentUser(world),
    created_at: cohort.created_at,
    last_calculation: last?.finished_at ?? null,
    last_backfill_person_properties_at: null,
    last_error_message: null,
    errors_calculating: 0,
    count: membersOf(cohort, persons, world.data.stores.cohorts, world.now()).length,
    is_static: cohort.is_static,
    cohort_type: cohortType(cohort),
    experiment_set: [],
  }
}
