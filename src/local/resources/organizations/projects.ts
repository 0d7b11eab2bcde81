import { randomUUID } from 'node:crypto'
import { invalid } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import { ORGANIZATION } from '../../store/account.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  randomText,
  type StoredRecord,
} from '../../store/collection.ts'

/** The projects of an organization. Only projects of the first organization have data. */
export const PROJECTS: CollectionKind = {
  name: 'projects',
  ids: 'integer',
  seed: ({ projects, projectId, startedAt }, owner) => {
    if (owner !== ORGANIZATION.id) return []
    const at = startedAt.toISOString()
    return projects.map((id) => {
      const first = id === projectId
      const uuid = first
        ? '018d2a6e-0000-7000-8000-000000000003'
        : `018d2a6e-0000-7000-8001-${digits(id, 12)}`
      const name = first ? 'Local project' : `Local project ${id}`
      const api_token = `phc_local${digits(first ? 0 : id, 36)}`
      const tokens = { api_token, secret_api_token: null, secret_api_token_backup: null }
      return { id, uuid, name, ...tokens, created_at: at, updated_at: at }
    })
  },
}

/** Identifiers and tokens of a new project. */
export function newProject(): JsonRecord {
  const tokens = { secret_api_token: null, secret_api_token_backup: null }
  return { uuid: randomUUID(), api_token: newProjectToken(), ...tokens }
}

/** A random public token, for capture and flags. */
export function newProjectToken(): string {
  return `phc_${randomText(43)}`
}

/** Gets a project with data. */
export function storedProject(state: ServerState, id: number): StoredRecord {
  const project = collectionOf(state, PROJECTS, ORGANIZATION.id).get(id)
  if (project === undefined) throw new Error(`The local PostHog has no project ${id}.`)
  return project
}

/** Finds the project that has a public token. */
export function projectOfToken(state: ServerState, token: string): number | undefined {
  return state.projects.find((id) => storedProject(state, id)['api_token'] === token)
}

/**
 * Validates the id of the target project of a copy.
 *
 * @throws ApiError 400 when the organization has no such project.
 */
export function checkProject(state: ServerState, id: unknown, attr: string): number {
  const project = collectionOf(state, PROJECTS, ORGANIZATION.id).get(id)
  if (project === undefined) throw invalid(attr, `Project ${String(id)} not found in this organization.`)
  return Number(project.id)
}

/** A project without its settings, as in lists and other records. */
export function projectView(project: StoredRecord, organization: string = ORGANIZATION.id): JsonRecord {
  return {
    id: project.id,
    project_id: project.id,
    uuid: project['uuid'],
    organization,
    api_token: project['api_token'],
    name: project['name'],
    completed_snippet_onboarding: project['completed_snippet_onboarding'] ?? true,
    has_completed_onboarding_for: project['has_completed_onboarding_for'] ?? {},
    ingested_event: true,
    is_demo: false,
    timezone: project['timezone'] ?? 'UTC',
    access_control: false,
    created_at: project['created_at'],
  }
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0')
}
