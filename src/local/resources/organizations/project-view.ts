import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { PROJECT_FIELDS } from './project-fields.ts'

/** A project as lists show it. */
export function briefProject(project: StoredRecord, organization: string): JsonRecord {
  return {
    id: project.id,
    uuid: project['uuid'],
    organization,
    api_token: project['api_token'],
    name: project['name'],
    completed_snippet_onboarding: project['completed_snippet_onboarding'] ?? true,
    has_completed_onboarding_for: project['has_completed_onboarding_for'] ?? null,
    ingested_event: true,
    is_demo: false,
    timezone: project['timezone'] ?? 'UTC',
    access_control: false,
  }
}

/** A project with all of its settings. */
export function projectView(project: StoredRecord, organization: string): JsonRecord {
  const settings = Object.entries(PROJECT_FIELDS).map(([name, field]) => [
    name,
    project[name] ?? field.default ?? null,
  ])
  return {
    ...Object.fromEntries(settings),
    ...briefProject(project, organization),
    created_at: project['created_at'],
    updated_at: project['updated_at'],
    secret_api_token: project['secret_api_token'],
    secret_api_token_backup: project['secret_api_token_backup'],
    live_events_token: null,
    effective_membership_level: 15,
    has_group_types: false,
    group_types: [],
    default_modifiers: {},
    person_on_events_querying_enabled: true,
    product_intents: [],
    available_setup_task_ids: [],
  }
}
