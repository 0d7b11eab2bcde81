import type { KeyKind } from '../runtime/auth/credential.ts'
import type { Region } from '../runtime/config/host.ts'
import { NotFoundError, PermissionError } from '../runtime/errors/api-errors.ts'
import type { Requester, RequestOutput } from './requester.ts'

/** Who a key is, as far as PostHog tells it. */
export interface Whoami {
  readonly host: string
  /** Region of PostHog Cloud; undefined for a self-hosted PostHog. */
  readonly region: Region | undefined
  /** By its prefix; undefined when a function gives the key. */
  readonly keyKind: KeyKind | undefined
  /** The name that its owner gave it. Personal keys only. */
  readonly label: string | undefined
  /** Such as `query:read`; `*` is all of them. Undefined where PostHog does not tell: secret keys and OAuth. */
  readonly scopes: readonly string[] | undefined
  /** Projects that it may reach. Undefined when it may not list them. */
  readonly projects: readonly WhoamiProject[] | undefined
  /** Its owner. Undefined without the scope `user:read`, and for secret keys, which have none. */
  readonly user: { readonly uuid: string; readonly email: string; readonly name: string } | undefined
}

/** A project that a key may reach. */
export interface WhoamiProject {
  readonly id: number
  /** Undefined where the key may not read it. */
  readonly name: string | undefined
}

type KeyInfo = RequestOutput<'GET /api/personal_api_keys/@current/'>

/** Projects that are listed at most. */
const mostProjects = 1_000

/**
 * Asks PostHog who the key is. What a key may not read stays undefined; a key that is not known at all throws.
 *
 * Secret keys cannot ask: of these is told what the client knows.
 */
export async function whoami(requester: Requester): Promise<Whoami> {
  const { host, region, keyKind, projectId } = requester.config
  const known = { host, region, keyKind, label: undefined, scopes: undefined, user: undefined }
  if (keyKind === 'project_secret') {
    const id = Number(projectId)
    return { ...known, projects: Number.isInteger(id) ? [{ id, name: undefined }] : undefined }
  }
  // The route is for personal keys, and older servers lack it.
  const key =
    keyKind === 'oauth' ? undefined : await perhaps(requester.request('GET /api/personal_api_keys/@current/'))
  const user = allows(key, 'user:read')
    ? await perhaps(requester.request('GET /api/users/{uuid}/', { path: { uuid: '@me' } }))
    : undefined
  return {
    ...known,
    label: key?.label,
    scopes: Array.isArray(key?.scopes) ? key.scopes : undefined,
    projects: await projectsOf(requester, key),
    user: user && { uuid: user.uuid, email: user.email, name: user.first_name ?? '' },
  }
}

async function projectsOf(requester: Requester, key: KeyInfo | undefined): Promise<Whoami['projects']> {
  const only = key?.scoped_teams ?? []
  // A key that is restricted to projects may call nothing outside of them.
  if (only.length > 0) return only.map((id) => ({ id, name: undefined }))
  if (!allows(key, 'project:read')) return undefined
  const list = requester.list('GET /api/projects/')
  const projects = await perhaps(list.toArray({ max: mostProjects, allowPartial: true }))
  return projects?.map(({ id, name }) => ({ id, name }))
}

/** Whether it makes sense to ask: what is not known is tried. */
function allows(key: KeyInfo | undefined, scope: string): boolean {
  return !Array.isArray(key?.scopes) || coversScope(key.scopes, scope)
}

/** Whether scopes contain one: write contains read, and `*` is all of them. */
export function coversScope(scopes: readonly string[], scope: string): boolean {
  const [object] = scope.split(':')
  return ['*', scope, `${object}:write`].some((name) => scopes.includes(name))
}

/** Undefined for what the key may not read, or this server does not have. */
async function perhaps<T>(call: PromiseLike<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof PermissionError || error instanceof NotFoundError) return undefined
    throw error
  }
}
