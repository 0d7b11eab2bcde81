import { scopesOf } from '../../client/operation.ts'
import { coversScope } from '../../resources/whoami.ts'
import type { Settings } from '../config/settings.ts'
import { describeError } from '../errors.ts'
import type { Flags } from '../library-fixes.ts'
import type { Route } from './routes.ts'

/** The status of a finding. */
export type FindingState = 'ok' | 'warning' | 'problem' | 'unknown'

/** The result of a check. */
export interface Finding {
  /** Name of the check, such as `key` or `clock`. */
  readonly check: string
  readonly state: FindingState
  readonly message: string
  /** What to do. */
  readonly fix?: string
}

/** Creates the finding of a check that passed. */
export function ok(check: string, message: string): Finding {
  return { check, state: 'ok', message }
}

/** Creates the finding of a check that failed with an error. `flags` are those of the command. */
export function problem(check: string, error: unknown, flags: Flags): Finding {
  const { message, fix } = describeError(error, flags)
  return { check, state: 'problem', message, ...(fix === undefined ? {} : { fix }) }
}

/** Says where the settings come from. */
export function describeSources({ key, host, projectId }: Settings): Finding {
  const sources = [
    ['Key', key],
    ['host', host],
    ['project', projectId],
  ] as const
  const known = sources.flatMap(([name, setting]) =>
    setting === undefined ? [] : [`${name} from ${setting.source}`],
  )
  return ok('sources', `${known.join(', ')}.`)
}

/** Maximum clock skew without a warning, in milliseconds. */
const maxClockSkew = 60_000

/**
 * Compares the clock of this machine with the server's.
 *
 * @param date the `Date` header of a response, with a precision of one second
 * @param now milliseconds since 1970, midway between request and response
 */
export function checkClock(date: string | null, now: number): Finding {
  const serverTime = Date.parse(date ?? '')
  if (Number.isNaN(serverTime)) {
    return { check: 'clock', state: 'unknown', message: 'The response has no valid Date header.' }
  }
  const skew = now - serverTime
  if (Math.abs(skew) <= maxClockSkew) {
    return ok('clock', 'This machine is within a minute of the server.')
  }
  return {
    check: 'clock',
    state: 'warning',
    message: `This machine is ${Math.round(Math.abs(skew) / 1_000)} s ${skew > 0 ? 'ahead of' : 'behind'} the server.`,
    fix: 'Synchronize the clock, for example with NTP. Queries with "now" return wrong time ranges.',
  }
}

/** A scope, and the calls that need it. */
export interface RequiredScope {
  readonly scope: string
  /** Plural noun, such as `queries`. */
  readonly neededBy: string
}

/** Scopes that common programs and commands need. */
export const defaultScopes: readonly RequiredScope[] = [
  { scope: 'query:read', neededBy: 'queries' },
  { scope: 'endpoint:read', neededBy: 'endpoints' },
]

/** Returns the scopes that operations need. */
export function requiredScopes(routes: readonly Route[]): RequiredScope[] {
  return routes.flatMap(({ method, template }) =>
    (scopesOf(method, template) ?? []).map((scope) => ({
      scope,
      neededBy: `calls of ${method} ${template}`,
    })),
  )
}

/** Compares the scopes of the key with the required ones. One finding for each missing scope. */
export function checkScopes(
  scopes: readonly string[] | undefined,
  required: readonly RequiredScope[],
): Finding[] {
  if (scopes === undefined) {
    return [{ check: 'scopes', state: 'unknown', message: 'PostHog does not report the scopes of this key.' }]
  }
  const missing = required.filter(({ scope }) => !coversScope(scopes, scope))
  if (missing.length === 0) {
    const granted = scopes.includes('*') ? 'all scopes' : required.map(({ scope }) => scope).join(', ')
    return [ok('scopes', `The key has ${granted}.`)]
  }
  return missing.map(({ scope, neededBy }) => ({
    check: 'scopes',
    state: 'problem',
    message: `The key lacks ${scope}, which ${neededBy} need.`,
    fix: `Add the scope ${scope} to the key, under Settings > Personal API keys.`,
  }))
}
