import { boolean, choice, type Fields, integer, json, list, text } from '../../store/fields.ts'

const SWITCHES = [
  'anonymize_ips',
  'access_control',
  'is_demo',
  'session_recording_opt_in',
  'test_account_filters_default_checked',
  'autocapture_opt_out',
  'autocapture_exceptions_opt_in',
  'autocapture_web_vitals_opt_in',
  'capture_console_log_opt_in',
  'capture_performance_opt_in',
  'conversations_enabled',
  'flags_persistence_default',
  'heatmaps_opt_in',
  'inject_web_apps',
  'proactive_tasks_enabled',
  'receive_org_level_activity_logs',
  'surveys_opt_in',
] as const

const VALUES = [
  'autocapture_exceptions_errors_to_ignore',
  'autocapture_web_vitals_allowed_metrics',
  'conversations_settings',
  'correlation_config',
  'extra_settings',
  'has_completed_onboarding_for',
  'logs_settings',
  'modifiers',
  'session_recording_linked_flag',
  'session_recording_masking_config',
  'session_recording_network_payload_capture_config',
  'session_replay_config',
  'survey_config',
] as const

const LISTS = [
  'live_events_columns',
  'person_display_name_properties',
  'recording_domains',
  'session_recording_event_trigger_config',
  'session_recording_url_blocklist_config',
  'session_recording_url_trigger_config',
] as const

const each = (names: readonly string[], field: Fields[string]): Fields =>
  Object.fromEntries(names.map((name) => [name, field]))

/** The settings of a project. */
export const PROJECT_FIELDS: Fields = {
  name: text({ default: 'Default project', maxLength: 200 }),
  product_description: text({ nullable: true, blank: true, maxLength: 1_000 }),
  timezone: text({ default: 'UTC' }),
  week_start_day: choice([0, 1], { nullable: true, default: 0 }),
  business_model: choice(['b2b', 'b2c', 'other'], { nullable: true, blank: true }),
  primary_dashboard: integer({ nullable: true }),
  app_urls: list({ default: [] }),
  completed_snippet_onboarding: boolean({ default: false }),
  test_account_filters: json({ default: [] }),
  path_cleaning_filters: json({ default: [] }),
  data_attributes: json({ default: ['data-attr'] }),
  session_recording_sample_rate: text({ nullable: true }),
  session_recording_minimum_duration_milliseconds: integer({ nullable: true }),
  session_recording_retention_period: choice(['30d', '90d', '1y', '5y'], { default: '30d' }),
  session_recording_trigger_match_type_config: text({ nullable: true }),
  session_recording_trigger_groups: json({ default: null }),
  ...each(SWITCHES, boolean({ nullable: true, default: false })),
  ...each(VALUES, json({ default: null })),
  ...each(LISTS, list({ nullable: true })),
}
