import { backfillView } from '../resources/batch-exports/backfills.ts'
import { batchExports } from '../resources/batch-exports/batch-exports.ts'
import { BACKFILLS } from '../resources/batch-exports/runs.ts'
import { newestVersion } from '../resources/endpoints/endpoint-store.ts'
import { FINGERPRINTS, ISSUES } from '../resources/error-tracking/issues.ts'
import { hogFunctions } from '../resources/hog-functions/hog-functions.ts'
import { integrations } from '../resources/integrations/integrations.ts'
import { storedProject } from '../resources/organizations/projects.ts'
import { SOURCES, TABLES } from '../resources/warehouse/warehouse-kinds.ts'
import type { ServerState } from '../server-state.ts'
import { USER } from '../store/account.ts'
import { findActivity } from '../store/activity.ts'
import { collectionOf, type JsonRecord } from '../store/collection.ts'
import { assigneeOf } from './assignee.ts'
import { allOf, type RecordReader } from './record-reader.ts'

/** Readers of the `system` tables of errors, endpoints, exports of data, and the project itself. */
export const DATA_RECORDS: Readonly<Record<string, RecordReader>> = {
  'system.activity_logs': (state, project) => findActivity(state, () => true, project).reverse(),
  'system.batch_export_backfills': backfills,
  'system.batch_exports': allOf(batchExports.kind, ({ id, updated_at, timezone }) => ({
    deleted: false,
    destination_id: id,
    timezone: timezone ?? 'UTC',
    last_updated_at: updated_at,
  })),
  'system.data_warehouse_sources': allOf(SOURCES, () => ({ deleted: false })),
  'system.data_warehouse_tables': allOf(TABLES, ({ source }) => ({
    external_data_source_id: source ?? null,
    deleted: false,
  })),
  'system.data_modeling_endpoint_versions': (state) =>
    state.endpoints.all().flatMap(({ id, versions }) =>
      versions.map((version) => ({
        ...version,
        endpoint_id: id,
        data_freshness_seconds: version.freshnessSeconds,
        created_at: version.createdAt,
        is_active: version.isActive,
      })),
    ),
  'system.data_modeling_endpoints': (state) =>
    state.endpoints.all().map((endpoint) => ({
      ...endpoint,
      is_active: endpoint.isActive,
      current_version: newestVersion(endpoint).version,
      derived_from_insight: endpoint.derivedFromInsight,
      created_at: endpoint.createdAt,
      updated_at: endpoint.updatedAt,
      last_executed_at: endpoint.lastExecutedAt,
    })),
  'system.error_tracking_issue_assignments': (state) =>
    collectionOf(state, ISSUES)
      .all()
      .map((issue) => ({ ...assigneeOf(issue), id: issue.id }))
      .filter(({ user, role }) => user !== null || role !== null)
      .map(({ user, role, id }) => ({ id, issue_id: id, user_id: user, role_id: role })),
  'system.error_tracking_issue_fingerprints': allOf(FINGERPRINTS, ({ created_at }) => ({
    first_seen: created_at,
  })),
  'system.error_tracking_issues': allOf(ISSUES, ({ created_at, first_seen }) => ({
    created_at: created_at ?? first_seen,
  })),
  'system.hog_functions': allOf(hogFunctions.kind),
  'system.integrations': allOf(integrations.kind, () => ({ errors: '', created_by_id: USER.id })),
  'system.teams': (state, project) => {
    const { timezone = 'UTC', test_account_filters = [], ...members } = storedProject(state, project)
    return [{ ...members, timezone, test_account_filters }]
  },
}

function backfills(state: ServerState): Promise<readonly JsonRecord[]> {
  const all = collectionOf(state, BACKFILLS).all()
  return Promise.all(
    all.map(async (backfill) => ({
      ...(await backfillView(state, backfill)),
      batch_export_id: backfill['batch_export'],
    })),
  )
}
