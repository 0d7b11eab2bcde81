import { randomBytes } from 'node:crypto'

/** What kind of credential a key is: a person's, or a project's for servers. */
export type LocalKeyKind = 'personal' | 'project_secret'

const PREFIXES = { personal: 'phx_', project_secret: 'phs_' } as const

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

function randomKey(kind: LocalKeyKind): string {
  return `${PREFIXES[kind]}${randomBytes(24).toString('hex')}`
}

/** Whether a text has the form of a key of this kind. */
export function isKey(kind: LocalKeyKind, value: string): boolean {
  return value.startsWith(PREFIXES[kind]) && /^\w[\w-]{4,}$/.test(value)
}

/**
 * The key to use: the one that is given, or a random one.
 *
 * @throws Error for one that has not the form of its kind
 */
export function keyOrRandom(kind: LocalKeyKind, given: string | undefined): string {
  if (given === undefined) return randomKey(kind)
  if (isKey(kind, given)) return given
  throw new Error(
    `Expected a key that begins with ${PREFIXES[kind]} and goes on with letters, digits, _ or -.`,
  )
}

/** True when the scopes allow `needed`: write contains read, `*` is everything. */
export function allows(scopes: readonly string[], needed: string): boolean {
  const [object] = needed.split(':')
  return scopes.includes('*') || scopes.includes(needed) || scopes.includes(`${object}:write`)
}
