import { envelope } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Route } from '../../http/route.ts'
import { type JsonRecord, randomText, type StoredRecord } from '../../store/collection.ts'
import { boolean, choice, type Fields, integer, json, list, TAGS, text } from '../../store/fields.ts'
import { changeRecord, findRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import {
  actionRoute,
  recordActivityRoute,
  recordResponse,
  resourceRoutes,
} from '../../store/resource-routes.ts'
import { sessionOnlyRoute } from '../../store/session-routes.ts'
import { organizationOf } from './organizations.ts'
import { productIntentRoutes } from './product-intents.ts'
import {
  newProject,
  newProjectToken,
  PROJECTS,
  projectIds,
  projectView,
  storedProjectView,
} from './projects.ts'

const BOOLEANS = [
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
  'capture_dead_clicks',
  'default_evaluation_contexts_enabled',
  'feature_flag_confirmation_enabled',
  'human_friendly_comparison_periods',
  'require_evaluation_contexts',
  'web_analytics_pre_aggregated_tables_enabled',
]

const JSON_VALUES = [
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
  'customer_analytics_config',
  'feature_flag_policy_config',
  'marketing_analytics_config',
  'onboarding_tasks',
  'revenue_analytics_config',
  'workflows_config',
]

const LISTS = [
  'live_events_columns',
  'person_display_name_properties',
  'recording_domains',
  'session_recording_event_trigger_config',
  'session_recording_url_blocklist_config',
  'session_recording_url_trigger_config',
]

const each = (names: readonly string[], field: Fields[string]): Fields =>
  Object.fromEntries(names.map((name) => [name, field]))

const SETTINGS: Fields = {
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
  base_currency: text({ default: 'USD' }),
  cookieless_server_hash_mode: choice([0, 1, 2], { nullable: true, default: 0 }),
  default_data_theme: integer({ nullable: true }),
  feature_flag_confirmation_message: text({ nullable: true, blank: true }),
  tags: TAGS,
  session_recording_trigger_groups: json({ default: null }),
  ...each(BOOLEANS, boolean({ nullable: true, default: false })),
  ...each(JSON_VALUES, json({ default: null })),
  ...each(LISTS, list({ nullable: true })),
}

/** The projects of an organization. */
export const projects: Resource = {
  kind: PROJECTS,
  path: 'organizations/:organization/projects',
  object: 'project',
  fields: SETTINGS,
  deletion: 'hard',
  activity: 'Project',
  oldestFirst: true,
  owner: organizationOf,
  search: ['name'],
  prepareCreate: newProject,
  beforeDelete: ({ state }, { id }) => {
    if (id !== state.projectId) return
    const detail = 'Cannot delete the current project of the local PostHog.'
    throw envelope(409, 'server_error', 'conflict', detail)
  },
  view: (call, project) => ({
    ...withDefaults(project),
    ...projectView(project, organizationOf(call)),
    updated_at: project['updated_at'],
    secret_api_token: project['secret_api_token'],
    secret_api_token_backup: project['secret_api_token_backup'],
    live_events_token: null,
    effective_membership_level: 15,
    has_group_types: false,
    group_types: [],
    default_modifiers: {},
    person_on_events_querying_enabled: true,
    product_intents: project['product_intents'] ?? [],
    available_setup_task_ids: [],
  }),
  onlyInList: Object.keys(projectView({ id: 0 })),
}

const PROJECT = `${projects.path}/:id`

/** The changes of each token action. */
const TOKEN_ACTIONS: Readonly<Record<string, (project: StoredRecord) => JsonRecord>> = {
  reset_token: () => ({ api_token: newProjectToken() }),
  // The old secret stays valid until its backup is deleted.
  rotate_secret_token: ({ secret_api_token }) => ({
    secret_api_token: `phs_${randomText(43)}`,
    secret_api_token_backup: secret_api_token,
  }),
  delete_secret_token_backup: () => ({ secret_api_token_backup: null }),
}

/** Actions that PostHog does not open to keys. */
const SESSION_ONLY: readonly (readonly ['GET' | 'POST', name: string])[] = [
  ['POST', 'change_organization'],
  ['GET', 'is_generating_demo_data'],
  ['POST', 'generate_conversations_public_token'],
]

/** Routes for the projects of an organization, and for the projects with data. */
export const projectRoutes: readonly Route[] = [
  ...resourceRoutes(projects),
  recordActivityRoute(projects),
  ...productIntentRoutes(projects),
  ...SESSION_ONLY.map(([method, name]) => sessionOnlyRoute(method, `${PROJECT}/${name}`)),
  ...Object.entries(TOKEN_ACTIONS).map(([name, change]) =>
    actionRoute('PATCH', `${PROJECT}/${name}`, 'project:write', async (call) => {
      const project = findRecord(projects, call)
      return recordResponse(projects, call, await changeRecord(projects, call, project, change(project)))
    }),
  ),
  actionRoute('GET', 'projects', 'project:read', ({ state, url }) => {
    const views = projectIds(state).map((id) => storedProjectView(state, id))
    return jsonResponse(200, offsetPage(views, url, state.pageSize))
  }),
  actionRoute('GET', 'projects/:project', 'project:read', ({ state, project }) =>
    jsonResponse(200, storedProjectView(state, project)),
  ),
]

function withDefaults(project: StoredRecord): JsonRecord {
  const settings = Object.entries(SETTINGS).map(([name, field]) => [
    name,
    project[name] ?? field.default ?? null,
  ])
  return Object.fromEntries(settings)
}
