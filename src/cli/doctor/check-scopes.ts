import { scopesOf } from '../../client/operation.ts'
import { coversScope } from '../../resources/whoami.ts'
import { UsageError } from '../usage-error.ts'
import type { Finding } from './finding.ts'

/** What is to be done with the key, and the scope that PostHog wants for it. */
export interface Need {
  readonly scope: string
  /** Such as `typehog query`. */
  readonly forWhat: string
}

/** What most programs and the commands of this one need. */
export const usualNeeds: readonly Need[] = [
  { scope: 'query:read', forWhat: 'queries' },
  { scope: 'endpoint:read', forWhat: 'endpoints' },
]

/**
 * What operations need, each named by its method and path.
 *
 * @throws UsageError for a text that is none
 */
export function needsOf(operations: readonly string[]): Need[] {
  return operations.flatMap((operation) => {
    const [, method, template] = /^(GET|POST|PUT|PATCH|DELETE) (\/api\/\S+\/)$/.exec(operation) ?? []
    if (method === undefined || template === undefined) {
      throw new UsageError(
        `"${operation}" is no operation.`,
        "Write its method and path, such as 'GET /api/projects/{project_id}/cohorts/'.",
      )
    }
    return (scopesOf(method, template) ?? []).map((scope) => ({ scope, forWhat: `calls of ${operation}` }))
  })
}

/** Scopes of a key against what is to be done with it. */
export function checkScopes(scopes: readonly string[] | undefined, needs: readonly Need[]): Finding[] {
  if (scopes === undefined) {
    const message = 'PostHog does not tell the scopes of this key.'
    return [{ check: 'scopes', state: 'unknown', message }]
  }
  const missing = needs.filter(({ scope }) => !coversScope(scopes, scope))
  if (missing.length === 0) {
    const have = scopes.includes('*') ? 'all of them' : needs.map(({ scope }) => scope).join(', ')
    return [{ check: 'scopes', state: 'ok', message: `${have}.` }]
  }
  return missing.map(({ scope, forWhat }) => ({
    check: 'scopes',
    state: 'problem',
    message: `The key lacks ${scope}, which ${forWhat} need.`,
    fix: `Add the scope ${scope} to the key, under Settings > Personal API keys.`,
  }))
}
