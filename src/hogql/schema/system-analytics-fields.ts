/**
 * Fields of the `system` tables of flags, insights, cohorts and other objects of product analytics.
 *
 * Source: posthog/hogql/database/schema/system.py of PostHog/posthog.
 */
export const ANALYTICS_FIELDS: Readonly<Record<string, string>> = {
  actions: `
    id Integer
    team_id Integer
    name String?
    description String
    deleted flag
    created_at DateTime
    updated_at DateTime
    steps_json Json
  `,
  alerts: `
    id String
    team_id Integer
    name String
    insight_id Integer
    enabled Boolean
    state String
    calculation_interval String
    condition Json?
    config Json?
    created_at DateTime
    last_notified_at DateTime?
    last_checked_at DateTime?
    next_check_at DateTime?
    snoozed_until DateTime?
    skip_weekend Boolean?
    schedule_restriction Json?
  `,
  annotations: `
    id Integer
    team_id Integer
    content String?
    scope String
    creation_type String
    date_marker DateTime?
    deleted flag
    dashboard_item_id Integer?
    dashboard_id Integer?
    created_by_id Integer?
    created_at DateTime?
    updated_at DateTime
  `,
  cohort_calculation_history: `
    id String
    team_id Integer
    cohort_id Integer
    count Integer?
    started_at DateTime
    finished_at DateTime?
    error_code String?
  `,
  cohorts: `
    id Integer
    team_id Integer
    name String?
    description String
    deleted flag
    filters Json?
    groups Json
    query Json?
    created_at DateTime?
    last_calculation DateTime?
    version Integer?
    count Integer?
    is_static flag
  `,
  dashboards: `
    id Integer
    team_id Integer
    name String?
    description String
    created_at DateTime
    deleted flag
    filters Json
    variables Json?
  `,
  dashboard_tiles: `
    id Integer
    team_id Integer
    dashboard_id Integer
    insight_id Integer?
    text_id Integer?
    button_tile_id String?
    layouts Json
    color String?
    show_description Boolean?
    transparent_background Boolean?
    filters_overrides Json?
    _deleted Boolean? hidden
    deleted := ifNull(_deleted, false)
  `,
  early_access_features: `
    id String
    team_id Integer
    feature_flag_id Integer?
    name String
    description String
    stage String
    documentation_url String
    created_at DateTime
  `,
  experiments: `
    id Integer
    team_id Integer
    name String
    description String?
    created_at DateTime
    updated_at DateTime
    filters Json
    parameters Json?
    start_date DateTime?
    end_date DateTime?
    archived flag
    feature_flag_id Integer
  `,
  exports: `
    id Integer
    team_id Integer
    export_format String
    created_at DateTime
    export_context Json?
  `,
  feature_flags: `
    id Integer
    team_id Integer
    key String
    name String
    filters Json
    rollout_percentage Integer?
    created_at DateTime
    deleted flag
  `,
  group_type_mappings: `
    id Integer
    team_id Integer
    group_type String
    name_singular String?
    name_plural String?
  `,
  groups: `
    id Integer
    team_id Integer
    group_key String
    group_type_index Integer
    group_properties Json
    created_at DateTime
  `,
  insight_variables: `
    id String
    team_id Integer
    name String
    type String
    code_name String?
    values Json?
    default_value Json?
  `,
  insights: `
    id Integer
    short_id String
    team_id Integer
    name String?
    description String?
    filters Json
    query Json?
    query_metadata Json?
    deleted flag
    saved flag
    favorited flag
    created_at DateTime?
    created_by_id Integer?
    last_modified_at DateTime
    last_modified_by_id Integer?
    updated_at DateTime
  `,
  notebooks: `
    id String
    short_id String
    team_id Integer
    title String?
    content Json?
    markdown := if(JSONExtractString(JSONExtractArrayRaw(ifNull(content, '{}'), 'content')[1], 'type') = 'ph-markdown-notebook', JSONExtractString(JSONExtractArrayRaw(ifNull(content, '{}'), 'content')[1], 'attrs', 'markdown'), NULL)
    text_content String?
    deleted flag
    visibility String
    version Integer
    created_at DateTime
    last_modified_at DateTime
  `,
  surveys: `
    id String
    team_id Integer
    name String
    type String
    questions Json?
    appearance Json?
    start_date DateTime?
    end_date DateTime?
    created_at DateTime
  `,
}
