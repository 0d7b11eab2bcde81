/** What kind of credential a key is: a person's, or a project's for servers. */
export type LocalKeyKind = 'personal' | 'project_secret'

/** A key that the local PostHog accepts. */
export interface LocalKey {
  /** The key itself. Personal keys start with `phx_`, project secret keys with `phs_`. */
  readonly value: string
  readonly kind: LocalKeyKind
  /** Scopes such as `endpoint:read`; `*` is all of them. */
  readonly scopes: readonly string[]
  /** The only projects the key may reach. Left out: every project. */
  readonly projectIds?: readonly number[]
}

/** Key of the local PostHog with every scope. It opens nothing outside this process. */
export const DEFAULT_PERSONAL_KEY: string = 'phx_local0000000000000000000000000000000000000000'
/** Key of the local PostHog that runs endpoints and does nothing else. */
export const DEFAULT_SECRET_KEY: string = 'phs_local0000000000000000000000000000000000000000'

/** True when the scopes allow `needed`: write contains read, `*` is everything. */
export function allows(scopes: readonly string[], needed: string): boolean {
  const [object] = needed.split(':')
  return scopes.includes('*') || scopes.includes(needed) || scopes.includes(`${object}:write`)
}
