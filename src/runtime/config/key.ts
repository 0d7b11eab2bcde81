import { ConfigurationError } from '../errors/configuration-error.ts'

/** What a key is, by its prefix. Very old personal keys have none: `unknown`. */
export type KeyKind = 'personal' | 'project_secret' | 'oauth' | 'project_token' | 'oauth_refresh' | 'unknown'

const kinds: Readonly<Record<string, KeyKind>> = {
  phx_: 'personal',
  phs_: 'project_secret',
  pha_: 'oauth',
  phc_: 'project_token',
  phr_: 'oauth_refresh',
}

/** What a key is, by its prefix. */
export function classifyKey(key: string): KeyKind {
  return kinds[key.trim().slice(0, 4)] ?? 'unknown'
}

/**
 * A key that may be sent, without spaces around it.
 *
 * @throws ConfigurationError when it is empty, cannot stand in a header, or is of a kind that the API refuses. The
 * message never shows the key.
 */
export function checkKey(key: unknown, source = '`apiKey`'): string {
  const text = typeof key === 'string' ? key.trim() : ''
  if (text === '') throw badKey(`${source} is ${typeof key === 'string' ? 'empty' : 'not a string'}.`)
  if (!/^[!-~]+$/.test(text)) {
    throw badKey(`${source} contains a space, a line break or another character that no key has.`)
  }
  const kind = classifyKey(text)
  if (kind === 'project_token') {
    throw badKey(`${source} is a project token (phc_), which can only send events.`)
  }
  if (kind === 'oauth_refresh') {
    throw badKey(`${source} is an OAuth refresh token (phr_), which only gets access tokens.`)
  }
  return text
}

function badKey(message: string): ConfigurationError {
  return new ConfigurationError({ message, fix: keyFix })
}

/** Which key is needed and where it is made. */
export const keyFix: string =
  'Use a personal API key (phx_), made in PostHog under Settings > Personal API keys, or a project secret API key (phs_) for endpoints.'
