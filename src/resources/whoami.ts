import type { KeyKind } from '../runtime/auth/credential.ts'
import type { Region } from '../runtime/config/host.ts'
import { NotFoundError, PermissionError } from '../runtime/errors/api-errors.ts'
import type { CallOptions, Requester, RequestOutput } from './requester.ts'

/** Identity of a key: its kind, scopes, projects and owner. */
export interface Whoami {
  readonly host: string
  /** Region of PostHog Cloud; undefined for a self-hosted PostHog. */
  readonly region: Region | undefined
  /** Kind of the key, by its prefix; undefined if a function provides the key. */
  readonly keyKind: KeyKind | undefined
  /** Label of the key. Personal API keys only. */
  readonly label: string | undefined
  /** Scopes such as `query:read`, or `*` for all. Undefined for secret keys and OAuth: PostHog does not report them. */
  readonly scopes: readonly string[] | undefined
  /** Projects that the key can access. Undefined if it cannot list them. */
  readonly projects: readonly WhoamiProject[] | undefined
  /** Owner of the key. Undefined without the scope `user:read`, and for secret keys, which have no owner. */
  readonly user: { readonly uuid: string; readonly email: string; readonly name: string } | undefined
}

/** A project that a key can access. */
export interface WhoamiProject {
  readonly id: number
  /** Undefined if the key cannot read it. */
  readonly name: string | undefined
}

type KeyInfo = RequestOutput<'GET /api/personal_api_keys/@current/'>

/** Maximum number of projects to list. */
const maxProjects = 1_000

/**
 * Identifies the client's key. Facts that the key cannot read are undefined. For project secret keys, which cannot
 * read themselves, the client's configuration is the only source.
 *
 * @throws AuthenticationError for an invalid key
 */
export async function whoami(requester: Requester, options?: CallOptions): Promise<Whoami> {
  const { host, region, keyKind, projectId } = requester.config
  const known = { host, region, keyKind, label: undefined, scopes: undefined, user: undefined }
  if (keyKind === 'project_secret') {
    const id = Number(projectId)
    return { ...known, projects: Number.isInteger(id) ? [{ id, name: undefined }] : undefined }
  }
  // The route exists for personal keys only, and older servers lack it.
  const key =
    keyKind === 'oauth'
      ? undefined
      : await orUndefined(requester.request('GET /api/personal_api_keys/@current/', {}, options))
  const user = mayHaveScope(key, 'user:read')
    ? await orUndefined(requester.request('GET /api/users/{uuid}/', { path: { uuid: '@me' } }, options))
    : undefined
  return {
    ...known,
    label: key?.label,
    scopes: Array.isArray(key?.scopes) ? key.scopes : undefined,
    projects: await projectsOf(requester, key, options),
    user: user && { uuid: user.uuid, email: user.email, name: user.first_name ?? '' },
  }
}

async function projectsOf(
  requester: Requester,
  key: KeyInfo | undefined,
  options: CallOptions | undefined,
): Promise<Whoami['projects']> {
  const scopedProjects = key?.scoped_teams ?? []
  // A key that is restricted to projects cannot list projects.
  if (scopedProjects.length > 0) return scopedProjects.map((id) => ({ id, name: undefined }))
  if (!mayHaveScope(key, 'project:read')) return undefined
  const list = requester.list('GET /api/projects/', {}, options)
  const projects = await orUndefined(list.toArray({ max: maxProjects, allowPartial: true }))
  return projects?.map(({ id, name }) => ({ id, name }))
}

/** Whether a key may have a scope. Keys with unknown scopes may. */
function mayHaveScope(key: KeyInfo | undefined, scope: string): boolean {
  return !Array.isArray(key?.scopes) || coversScope(key.scopes, scope)
}

/** Whether scopes include a scope. Write includes read, and `*` includes all. */
export function coversScope(scopes: readonly string[], scope: string): boolean {
  const [object] = scope.split(':')
  return ['*', scope, `${object}:write`].some((name) => scopes.includes(name))
}

/** Resolves to undefined if the key lacks permission or the server lacks the route. */
async function orUndefined<T>(call: PromiseLike<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof PermissionError || error instanceof NotFoundError) return undefined
    throw error
  }
}
