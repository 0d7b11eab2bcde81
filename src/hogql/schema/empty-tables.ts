import { parseFields } from './field-table.ts'
import type { Table } from './table.ts'

/*
 * Tables of products that the local PostHog does not have. Nothing that it accepts adds rows, so they are empty, as in a
 * project that does not use these products.
 *
 * Source: posthog/hogql/database/schema/{logs,spans,metrics,system}.py of PostHog/posthog.
 */

const ATTRIBUTE_COUNTS = `
  team_id Integer
  time_bucket DateTime
  attribute_key String
  attribute_value String
  attribute_type String
  attribute_count Integer
  resource_fingerprint Integer
  service_name String
`
const REVIEW_TIMES = `
  created_by_id Integer?
  created_at DateTime
  updated_at DateTime?
`
const DELETED = `
  deleted flag
  deleted_at DateTime?
`
const TIMES = `
  created_at DateTime
  updated_at DateTime
`

/** Fields by the name of the table. */
const FIELDS: Readonly<Record<string, string>> = {
  logs: `
    uuid String
    team_id Integer
    trace_id String
    span_id String
    message String <body
    body String
    attributes Map
    time_bucket DateTime
    timestamp DateTime
    observed_timestamp DateTime
    severity_text String
    severity_number Integer
    level String
    resource_attributes Map
    resource_fingerprint Integer
    instrumentation_scope String
    event_name String
    service_name String
  `,
  log_attributes: ATTRIBUTE_COUNTS,
  'posthog.trace_spans': `
    uuid String
    team_id Integer
    trace_id String
    span_id String
    parent_span_id String
    is_root_span := replaceAll(trimRight(parent_span_id, '='), 'A', '') = ''
    name String
    kind Integer
    timestamp DateTime
    end_time DateTime
    observed_timestamp DateTime
    duration_nano Integer
    status_code Integer
    service_name String
    resource_attributes Map
    resource_fingerprint Integer
    attributes Map
    instrumentation_scope String
    time_bucket DateTime
  `,
  'posthog.trace_attributes': ATTRIBUTE_COUNTS,
  'posthog.metrics': `
    uuid String
    team_id Integer
    trace_id String
    span_id String
    time_bucket DateTime
    timestamp DateTime
    observed_timestamp DateTime
    service_name String
    metric_name String
    metric_type String
    value Float
    count Integer
    histogram_bounds Floats
    histogram_counts Floats
    unit String
    aggregation_temporality String
    is_monotonic Boolean
    resource_attributes Map
    resource_fingerprint Integer
    instrumentation_scope String
    attributes Map
  `,
  'posthog.metric_attributes': ATTRIBUTE_COUNTS,
  'system.error_tracking_releases': `
    id String
    team_id Integer
    hash_id String
    version String
    project String
    metadata Json?
    created_at DateTime
  `,
  'system.error_tracking_symbol_sets': `
    id String
    team_id Integer
    ref String
    release_id String?
    created_at DateTime
    last_used DateTime?
    failure_reason String?
  `,
  'system.hog_flows': `
    id String
    team_id Integer
    name String
    description String
    status String
    version Integer
    exit_condition String
    trigger Json
    edges Json
    actions Json
    ${TIMES}
  `,
  'system.logs_alerts': `
    id String
    team_id Integer
    name String
    enabled flag
    filters Json
    threshold_count Integer
    threshold_operator String
    window_minutes Integer
    check_interval_minutes Integer
    state String
    evaluation_periods Integer
    datapoints_to_alarm Integer
    cooldown_minutes Integer
    snooze_until DateTime?
    next_check_at DateTime?
    last_notified_at DateTime?
    last_checked_at DateTime?
    consecutive_failures Integer
    ${TIMES}
  `,
  'system.logs_views': `
    id String
    team_id Integer
    short_id String
    name String
    filters Json
    pinned flag
    ${TIMES}
  `,
  'system.review_queues': `
    id UUID
    team_id Integer
    name String
    ${REVIEW_TIMES}
    ${DELETED}
  `,
  'system.review_queue_items': `
    id UUID
    team_id Integer
    queue_id UUID
    trace_id String
    ${REVIEW_TIMES}
    ${DELETED}
  `,
  'system.score_definitions': `
    id UUID
    team_id Integer
    name String
    description String
    kind String
    archived Boolean
    current_version_id UUID?
    ${REVIEW_TIMES}
  `,
  'system.source_sync_jobs': `
    id String
    team_id Integer
    pipeline_id String
    schema_id String
    status String
    rows_synced Integer
    billable Boolean
    latest_error String
    created_at DateTime
    finished_at DateTime
    updated_at DateTime
  `,
  'system.trace_reviews': `
    id UUID
    team_id Integer
    trace_id String
    created_by_id Integer?
    reviewed_by_id Integer?
    comment String?
    created_at DateTime
    updated_at DateTime?
    ${DELETED}
  `,
  'system.trace_review_scores': `
    id UUID
    team_id Integer
    review_id UUID
    definition_id UUID
    definition_version UUID
    definition_version_number Integer
    definition_config Json
    categorical_values Texts
    numeric_value Decimal?
    boolean_value Boolean?
    ${REVIEW_TIMES}
  `,
  'system.usage_metrics': `
    id String
    team_id Integer
    group_type_index Integer
    name String
    format String
    interval Integer
    display String
    filters Json
    math String
    math_property String?
  `,
}

/** Tables without rows. */
export const EMPTY_TABLES: readonly Table[] = Object.entries(FIELDS).map(([name, fields]) => ({
  name,
  source: { kind: 'records', name },
  fields: parseFields(fields),
}))
