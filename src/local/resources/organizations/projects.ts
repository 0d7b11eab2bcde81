import { randomUUID } from 'node:crypto'
import { invalid } from '../../http/api-error.ts'
import { ORGANIZATION } from '../../store/account.ts'
import {
  type CollectionContext,
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  randomText,
  type StoredRecord,
} from '../../store/collection.ts'
import { INSTANCE, ORGANIZATIONS } from './organizations.ts'

/** The projects of an organization. Each has data of its own. */
export const PROJECTS: CollectionKind = {
  name: 'projects',
  ids: 'integer',
  seed: ({ projects, startedAt }, owner) =>
    owner === ORGANIZATION.id
      ? projects.map((id, index) => ({ id, ...firstProject(id, index === 0, startedAt) }))
      : [],
}

/** A project that a new server has. Its token is the same for each start. */
function firstProject(id: number, isCurrent: boolean, startedAt: Date): JsonRecord {
  const at = startedAt.toISOString()
  return {
    uuid: isCurrent ? '018d2a6e-0000-7000-8000-000000000003' : `018d2a6e-0000-7000-8001-${digits(id, 12)}`,
    name: isCurrent ? 'Local project' : `Local project ${id}`,
    api_token: `phc_local${digits(isCurrent ? 0 : id, 36)}`,
    secret_api_token: null,
    secret_api_token_backup: null,
    created_at: at,
    updated_at: at,
  }
}

/** Adds the projects of the options that a loaded data folder lacks. */
export function addMissingProjects(context: CollectionContext): void {
  const stored = collectionOf(context, PROJECTS, ORGANIZATION.id)
  for (const id of context.projects) {
    if (stored.get(id) === undefined) stored.add({ id, ...firstProject(id, false, context.startedAt) })
  }
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

/** Ids of all projects of all organizations, the current one first. */
export function projectIds(context: CollectionContext): [current: number, ...others: number[]] {
  const [current] = context.projects
  const ids = allProjects(context).map(({ project }) => Number(project.id))
  return [current, ...ids.filter((id) => id !== current)]
}

/** Gets an existing project. */
export function storedProject(context: CollectionContext, id: number): StoredRecord {
  return findProject(context, id).project
}

/** An existing project as lists show it. */
export function storedProjectView(context: CollectionContext, id: number): JsonRecord {
  const { project, organization } = findProject(context, id)
  return projectView(project, organization)
}

/** Finds the project that has a public token. */
export function projectOfToken(context: CollectionContext, token: string): number | undefined {
  const found = allProjects(context).find(({ project }) => project['api_token'] === token)
  return found && Number(found.project.id)
}

/**
 * Validates the id of the target project of a copy.
 *
 * @throws ApiError 400 when the organization has no such project.
 */
export function checkProject(context: CollectionContext, id: unknown, attr: string): number {
  const project = collectionOf(context, PROJECTS, ORGANIZATION.id).get(id)
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

interface FoundProject {
  readonly project: StoredRecord
  readonly organization: string
}

function findProject(context: CollectionContext, id: number): FoundProject {
  const found = allProjects(context).find(({ project }) => project.id === id)
  if (found === undefined) throw new Error(`The local PostHog has no project ${id}.`)
  return found
}

function allProjects(context: CollectionContext): FoundProject[] {
  return collectionOf(context, ORGANIZATIONS, INSTANCE)
    .all()
    .flatMap(({ id }) => {
      const organization = String(id)
      return collectionOf(context, PROJECTS, organization)
        .all()
        .map((project) => ({ project, organization }))
    })
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0')
}
