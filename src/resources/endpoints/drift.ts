import { VersionDriftError } from '../../runtime/errors/result-errors.ts'
import type { Endpoint } from './endpoint.ts'
import type { EndpointResult } from './result.ts'

/** What to do when PostHog ran another version than the one asked for. */
export type OnVersionDrift = 'throw' | 'warn' | 'ignore'

/** What was asked for and what came, when the two differ. */
export function findDrift(
  endpoint: Pick<Endpoint, 'name'>,
  asked: number | undefined,
  result: Pick<EndpointResult<unknown>, 'version'>,
): VersionDriftError | undefined {
  if (asked === undefined || result.version === undefined || result.version === asked) return undefined
  return new VersionDriftError({
    endpoint: endpoint.name,
    pinned: asked,
    served: result.version,
    message: `Endpoint "${endpoint.name}" is pinned to version ${asked}, and PostHog ran version ${result.version}.`,
    fix: 'Run `typehog endpoints pull` and look at what changed.',
  })
}

/** Columns that the rows' type promises and the answer does not have. */
export function missingColumns(
  endpoint: Pick<Endpoint, 'columns'>,
  result: Pick<EndpointResult<unknown>, 'columns'>,
): readonly string[] {
  if (result.columns.length === 0) return []
  return endpoint.columns.map(({ name }) => name).filter((name) => !result.columns.includes(name))
}
