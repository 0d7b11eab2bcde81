import { forbidden, notFound } from '../api-error.ts'
import { allows, type LocalKey } from './keys.ts'

/** What a route asks of the key that calls it. */
export interface Access {
  /** Scopes such as `endpoint:read`, all of them needed, with a space between. Undefined: any valid key. */
  readonly scope?: string
  /** True for the few actions that project secret keys may call. */
  readonly secretKeys?: boolean
}

/**
 * Checks a key against a route: the kind of key, its scope, its projects, the project's existence.
 *
 * @param projectId The project of the path, or undefined on routes outside projects.
 * @param projects The projects that exist; the first is the current one.
 * @returns The project that is called, on routes outside projects the current one.
 * @throws ApiError 403 or 404.
 */
export function authorize(
  key: LocalKey,
  access: Access,
  projectId: string | undefined,
  projects: readonly [current: number, ...others: number[]],
  exemptFromProjects: boolean,
): number {
  const [current] = projects
  if (key.kind === 'project_secret' && access.secretKeys !== true) {
    throw forbidden('This action does not support project secret API key access')
  }
  const missing = access.scope?.split(' ').find((scope) => !allows(key.scopes, scope))
  if (missing !== undefined) throw forbidden(`API key missing required scope '${missing}'`)
  if (projectId === undefined) {
    if (key.projectIds !== undefined && !exemptFromProjects) {
      throw forbidden('API keys with scoped projects are only supported on project-based endpoints.')
    }
    return current
  }
  const id = projectId === '@current' ? current : /^\d+$/.test(projectId) ? Number(projectId) : undefined
  if (id !== undefined && key.projectIds !== undefined && !key.projectIds.includes(id)) {
    throw forbidden(`API key does not have access to the requested project: ID ${id}.`)
  }
  if (id !== undefined && id !== current && key.kind === 'project_secret') {
    throw forbidden(`API key does not have access to the requested project: ID ${id}.`)
  }
  if (id === undefined || !projects.includes(id)) throw notFound('Project not found.')
  return id
}
