import { randomUUID } from 'node:crypto'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../collections/collection.ts'
import { randomText } from '../collections/short-id.ts'
import { invalid } from '../http/api-error.ts'
import { ORGANIZATION } from '../projects/user.ts'
import type { World } from '../world.ts'

const TOKEN = 'phc_local000000000000000000000000000000000000'

/** The projects of an organization. The first organization has the one project that holds data. */
export const PROJECTS: CollectionKind = {
  name: 'projects',
  ids: 'integer',
  seed: ({ projectId, startedAt }, owner) => {
    if (owner !== ORGANIZATION.id) return []
    const at = startedAt.toISOString()
    const uuid = '018d2a6e-0000-7000-8000-000000000003'
    const tokens = { api_token: TOKEN, secret_api_token: null, secret_api_token_backup: null }
    return [{ id: projectId, uuid, name: 'Local project', ...tokens, created_at: at, updated_at: at }]
  },
}

/** What every new project has of its own. */
export function newProject(): JsonRecord {
  const tokens = { secret_api_token: null, secret_api_token_backup: null }
  return { uuid: randomUUID(), api_token: projectToken(), ...tokens }
}

/** A public token of a project. */
export function projectToken(): string {
  return `phc_${randomText(43)}`
}

/** The project that holds the data, with the name and tokens that it has now. */
export function currentProject(world: World): StoredRecord {
  const projects = collectionOf(world, PROJECTS, ORGANIZATION.id)
  const project = projects.get(world.projectId)
  if (project === undefined) throw new Error('The project that holds the data is gone')
  return project
}

/**
 * The id of a project that something is copied to.
 *
 * @throws ApiError 400 when the organization has no such project.
 */
export function checkProject(world: World, id: unknown, attr: string): number {
  const project = collectionOf(world, PROJECTS, ORGANIZATION.id).get(id)
  if (project === undefined) throw invalid(attr, `Project ${String(id)} not found in this organization.`)
  return Number(project.id)
}
