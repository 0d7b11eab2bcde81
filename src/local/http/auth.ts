import { randomBytes } from 'node:crypto'
import { forbidden, notFound, unauthorized } from './api-error.ts'
import { member } from './json.ts'

/** The kind of an API key: a person's, or a project's secret key for servers. */
export type LocalKeyKind = 'personal' | 'project_secret'

/** An API key that the local PostHog accepts. */
export interface LocalKey {
  /** The key itself. Personal keys start with `phx_`, project secret keys with `phs_`. */
  readonly value: string
  readonly kind: LocalKeyKind
  /** Scopes such as `endpoint:read`; `*` grants all. */
  readonly scopes: readonly string[]
  /** The only projects that the key may access. Default: every project. */
  readonly projectIds?: readonly number[]
}

/** The requirements of an action for the caller's key. */
export interface Access {
  /** Required scopes such as `endpoint:read`, separated by spaces. Undefined: any valid key. */
  readonly scope?: string
  /** Whether project secret keys may call the action. Few actions allow it. */
  readonly secretKeys?: boolean
}

const PREFIXES = { personal: 'phx_', project_secret: 'phs_' } as const

/** Whether a text has the form of a key of this kind. */
export function isKey(kind: LocalKeyKind, value: string): boolean {
  return value.startsWith(PREFIXES[kind]) && /^\w[\w-]{4,}$/.test(value)
}

/**
 * Returns the given key, or a random one.
 *
 * @throws Error when the given key does not have the form of its kind.
 */
export function keyOrRandom(kind: LocalKeyKind, given: string | undefined): string {
  if (given === undefined) return `${PREFIXES[kind]}${randomBytes(24).toString('hex')}`
  if (isKey(kind, given)) return given
  throw new Error(
    `Expected a key that starts with ${PREFIXES[kind]}, followed by letters, digits, underscores or hyphens. ` +
      'Pass such a key, or omit the option to get a random one.',
  )
}

/** Where PostHog looks for a key, in this order. It checks the first key that it finds and no other. */
type KeyLocation = 'Authorization header' | 'body' | 'query string'

/**
 * Finds the key of a request.
 *
 * @param acceptsSecretKeys Whether the route's product accepts project secret keys. Other routes look them up as
 * personal keys and reject them.
 * @throws ApiError 401 when the key is missing or unknown.
 */
export function authenticate(
  request: Request,
  url: URL,
  body: unknown,
  keys: readonly LocalKey[],
  acceptsSecretKeys: boolean,
): LocalKey {
  const found = findKey(request, url, body)
  if (found === undefined) {
    throw unauthorized(url.origin, 'not_authenticated', 'Authentication credentials were not provided.')
  }
  const key = keys.find((candidate) => candidate.value === found.value)
  const isAccepted =
    key?.kind === 'personal' ||
    (key !== undefined && acceptsSecretKeys && found.location === 'Authorization header')
  if (key === undefined || !isAccepted) {
    const detail = `Personal API key found in request ${found.location} is invalid.`
    throw unauthorized(url.origin, 'authentication_failed', detail)
  }
  return key
}

function findKey(
  request: Request,
  url: URL,
  body: unknown,
): { value: string; location: KeyLocation } | undefined {
  const header = /^Bearer\s+(\S.*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]?.trim()
  if (header !== undefined) return { value: header, location: 'Authorization header' }
  const inBody = member(body, 'personal_api_key')
  if (typeof inBody === 'string' && inBody !== '') return { value: inBody, location: 'body' }
  const inQuery = url.searchParams.get('personal_api_key')
  return inQuery === null ? undefined : { value: inQuery, location: 'query string' }
}

/**
 * Checks that a key may call a route of a project.
 *
 * @param projectId The project in the path, or undefined on routes outside projects.
 * @param projects The existing projects, the current one first.
 * @param allowsScopedKeys Whether keys limited to projects may call this route, which is outside projects.
 * @returns The called project. On routes outside projects, the current one.
 * @throws ApiError 403 or 404.
 */
export function authorize(
  key: LocalKey,
  access: Access,
  projectId: string | undefined,
  projects: readonly [current: number, ...others: number[]],
  allowsScopedKeys: boolean,
): number {
  const [current] = projects
  if (key.kind === 'project_secret' && access.secretKeys !== true) {
    throw forbidden('This action does not support project secret API key access')
  }
  const missing = access.scope?.split(' ').find((scope) => !hasScope(key.scopes, scope))
  if (missing !== undefined) throw forbidden(`API key missing required scope '${missing}'`)
  if (projectId === undefined) {
    if (key.projectIds !== undefined && !allowsScopedKeys) {
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

/** A write scope includes the read scope; `*` includes all. */
function hasScope(scopes: readonly string[], required: string): boolean {
  const [object] = required.split(':')
  return scopes.includes('*') || scopes.includes(required) || scopes.includes(`${object}:write`)
}
