import { classifyKey } from '../../runtime/auth/credential.ts'
import { normalizeHost } from '../../runtime/config/host.ts'
import { isObject } from '../../shared/is-object.ts'
import { UsageError } from '../errors.ts'

/** A key with the host and the project that it is for. */
export interface Profile {
  /** Normalized URL of PostHog: the only host that gets the key. */
  readonly host: string
  readonly projectId?: string | undefined
  /** Personal API key, or the latest OAuth access token. */
  readonly key: string
  /** Present after a login in the browser. */
  readonly oauth?: ProfileTokens | undefined
}

/** What renews the OAuth access token of a profile. */
export interface ProfileTokens {
  readonly clientId: string
  /** Absent when PostHog issued none: the login ends with the access token. */
  readonly refreshToken?: string | undefined
  /** Expiry of the access token, in milliseconds since 1970. */
  readonly expiresAt?: number | undefined
}

/** Lower case, because file names of macOS and Windows ignore case. */
const namePattern = /^[a-z\d][a-z\d_-]{0,63}$/
/** Names of devices on Windows, with any extension. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

/**
 * Validates the name of a profile. It becomes the name of a file.
 *
 * @param source where the name comes from, such as `--profile`
 */
export function checkProfileName(name: string, source: string): string {
  if (namePattern.test(name) && !deviceName.test(name)) return name
  throw new UsageError(
    `Expected ${source} to be the name of a profile, got ${JSON.stringify(name.slice(0, 80))}.`,
    'Use lower-case letters, digits, - and _, such as work or eu-staging.',
  )
}

/** Describes the kind of a profile's key, without the key. */
export function describeKey({ key, oauth }: Profile): string {
  if (oauth !== undefined) return oauth.refreshToken === undefined ? 'OAuth, not renewed' : 'OAuth'
  return { personal: 'personal API key', oauth: 'OAuth access token' }[classifyKey(key) as string] ?? 'key'
}

/** Renders a profile as the text of its file. */
export function renderProfile(profile: Profile): string {
  return `${JSON.stringify(profile, undefined, 2)}\n`
}

/**
 * Parses the text of a profile's file.
 *
 * @param fail creates the error for a problem, such as `has no "key"`
 */
export function parseProfile(text: string, fail: (problem: string) => Error): Profile {
  const fields = parseObject(text) ?? {}
  const { host, projectId, key, oauth } = fields
  if (typeof key !== 'string' || key.trim() === '') throw fail('has no "key"')
  if (typeof host !== 'string' || !isHost(host)) throw fail('has no "host" with a URL')
  if (projectId !== undefined && !/^[1-9]\d*$/.test(String(projectId)))
    throw fail('has an invalid "projectId"')
  return {
    host: normalizeHost(host),
    ...(projectId === undefined ? {} : { projectId: String(projectId) }),
    key: key.trim(),
    ...(oauth === undefined ? {} : { oauth: parseTokens(oauth, fail) }),
  }
}

function parseTokens(value: unknown, fail: (problem: string) => Error): ProfileTokens {
  const { clientId, refreshToken, expiresAt } = isObject(value) ? value : {}
  if (typeof clientId !== 'string' || clientId === '') throw fail('has an "oauth" without "clientId"')
  return {
    clientId,
    ...(typeof refreshToken === 'string' && refreshToken !== '' ? { refreshToken } : {}),
    ...(typeof expiresAt === 'number' ? { expiresAt } : {}),
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isHost(text: string): boolean {
  try {
    normalizeHost(text)
    return true
  } catch {
    return false
  }
}
