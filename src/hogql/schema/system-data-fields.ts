/**
 * Fields of the `system` tables of errors, endpoints, exports of data, and the project itself.
 *
 * Source: posthog/hogql/database/schema/system.py of PostHog/posthog.
 */
export const DATA_FIELDS: Readonly<Record<string, string>> = {
  activity_logs: `
    id String
    team_id Integer
    activity String
    item_id String
    scope String
    detail Json
    created_at DateTime
  `,
  batch_export_backfills: `
    id String
    team_id Integer
    batch_export_id String
    start_at DateTime?
    end_at DateTime?
    status String
    created_at DateTime
    finished_at DateTime?
    last_updated_at DateTime
    total_records_count Integer?
  `,
  batch_exports: `
    id String
    team_id Integer
    name String
    model String?
    interval String
    paused flag
    deleted flag
    destination_id String
    timezone String
    interval_offset Integer?
    created_at DateTime
    last_updated_at DateTime
    last_paused_at DateTime?
    start_at DateTime?
    end_at DateTime?
  `,
  data_warehouse_sources: `
    id String
    team_id Integer
    source_type String
    prefix String?
    created_at DateTime
    updated_at DateTime?
    deleted flag
    deleted_at DateTime?
  `,
  data_warehouse_tables: `
    id String
    team_id Integer
    name String
    columns Json
    row_count Integer?
    external_data_source_id String?
    created_at DateTime
    updated_at DateTime?
    deleted flag
    deleted_at DateTime?
  `,
  data_modeling_endpoint_versions: `
    id String
    team_id Integer
    endpoint_id String
    version Integer
    description String
    query Json
    data_freshness_seconds Integer
    created_at DateTime
    is_active flag
    columns Json
  `,
  data_modeling_endpoints: `
    id String
    team_id Integer
    name String
    is_active flag
    current_version Integer
    derived_from_insight String?
    created_at DateTime
    updated_at DateTime
    last_executed_at DateTime?
    deleted flag
  `,
  error_tracking_issue_assignments: `
    id String
    team_id Integer
    issue_id String
    user_id Integer?
    role_id String?
  `,
  error_tracking_issue_fingerprints: `
    id String
    team_id Integer
    issue_id String
    fingerprint String
    first_seen DateTime?
  `,
  error_tracking_issues: `
    id String
    team_id Integer
    created_at DateTime
    status String
    name String?
    description String?
  `,
  hog_functions: `
    id String
    team_id Integer
    name String?
    description String
    type String?
    enabled flag
    deleted flag
    icon_url String?
    template_id String?
    execution_order Integer?
    inputs_schema Json?
    filters Json?
    created_at DateTime
    updated_at DateTime
  `,
  integrations: `
    id Integer
    team_id Integer
    kind String
    integration_id String?
    config Json
    errors String
    created_at DateTime
    created_by_id Integer?
  `,
  teams: `
    id Integer
    team_id Integer
    name String
    timezone String
    test_account_filters Json
    created_at DateTime
    updated_at DateTime
  `,
}
