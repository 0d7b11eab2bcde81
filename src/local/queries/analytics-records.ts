import { nextCheck } from '../resources/alerts/alerts.ts'
import { COHORTS, membersOf } from '../resources/cohorts/membership.ts'
import { FLAGS } from '../resources/feature-flags/flag-record.ts'
import { groupTypesOf } from '../resources/groups/groups.ts'
import { readPersons } from '../resources/persons/person-table.ts'
import { VARIABLES } from '../resources/variables/insight-variable.ts'
import type { ServerState } from '../server-state.ts'
import { USER } from '../store/account.ts'
import { collectionOf, type JsonRecord } from '../store/collection.ts'
import {
  ACTIONS,
  ALERTS,
  ANNOTATIONS,
  DASHBOARDS,
  EARLY_ACCESS_FEATURES,
  EXPERIMENTS,
  EXPORTS,
  INSIGHTS,
  NOTEBOOKS,
  SURVEYS,
  TILES,
} from '../store/kinds.ts'
import { allGroups } from './person-records.ts'
import { allOf, type RecordReader } from './record-reader.ts'

/** Readers of the `system` tables of flags, insights, cohorts and other objects of product analytics. */
export const ANALYTICS_RECORDS: Readonly<Record<string, RecordReader>> = {
  'system.actions': allOf(ACTIONS, ({ steps }) => ({ steps_json: steps })),
  'system.alerts': allOf(ALERTS, ({ insight, enabled, calculation_interval: interval }, state) => ({
    insight_id: insight,
    state: 'Not firing',
    next_check_at: enabled === false ? null : nextCheck(interval, state.now()),
  })),
  'system.annotations': allOf(ANNOTATIONS, ({ dashboard_item }) => ({
    dashboard_item_id: dashboard_item,
    created_by_id: USER.id,
  })),
  'system.cohort_calculation_history': (state) =>
    collectionOf(state, COHORTS)
      .all()
      .flatMap(({ id, calculations }) =>
        calculations.map((calculation) => ({ ...calculation, cohort_id: id })),
      ),
  'system.cohorts': cohorts,
  'system.dashboards': allOf(DASHBOARDS),
  'system.dashboard_tiles': allOf(TILES, ({ id, insight, text }) => ({
    insight_id: insight,
    text_id: text === null || text === undefined ? null : id,
  })),
  'system.early_access_features': allOf(EARLY_ACCESS_FEATURES),
  'system.experiments': allOf(EXPERIMENTS, ({ flag }) => ({ feature_flag_id: flag })),
  'system.exports': allOf(EXPORTS),
  'system.feature_flags': (state, project) => [...collectionOf(state, FLAGS, project).all()],
  'system.group_type_mappings': (state) => groupTypesOf(state),
  'system.groups': (state) => allGroups(state),
  'system.insight_variables': allOf(VARIABLES),
  'system.insights': allOf(INSIGHTS, ({ updated_at }) => ({
    filters: {},
    created_by_id: USER.id,
    last_modified_at: updated_at,
    last_modified_by_id: USER.id,
  })),
  'system.notebooks': allOf(NOTEBOOKS, ({ updated_at }) => ({
    visibility: 'default',
    last_modified_at: updated_at,
  })),
  'system.surveys': allOf(SURVEYS),
}

async function cohorts(state: ServerState): Promise<readonly JsonRecord[]> {
  const all = collectionOf(state, COHORTS).all()
  const persons = await readPersons(state)
  return all.map((cohort) => ({
    ...cohort,
    last_calculation: cohort.calculations.at(-1)?.finished_at,
    count: membersOf(cohort, persons, all, state.now()).length,
  }))
}
