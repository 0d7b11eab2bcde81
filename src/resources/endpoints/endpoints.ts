import type { Requester } from '../requester.ts'
import type { Endpoint } from './endpoint.ts'
import type { EndpointResult } from './result.ts'
import { runEndpoint } from './run.ts'
import type { RunArguments } from './run-options.ts'

/** A team's own endpoints: named, versioned queries behind an HTTP route. */
export interface Endpoints {
  /**
   * Runs an endpoint with its variables, at the version that it is pinned to, and returns its rows as objects.
   * Sent again after failures like any read.
   *
   * @throws MissingVariablesError when PostHog requires a variable that was not sent
   * @throws BadRequestError for unknown variables and options that the endpoint does not take
   * @throws NotFoundError when the endpoint or the version is gone or inactive
   * @throws VersionDriftError when PostHog ran another version (see the option `onVersionDrift`)
   * @example
   * const { rows, version } = await posthog.endpoints.run(endpoints.signupsByCountry, { country: 'DE' })
   */
  run<Variables, Row>(
    endpoint: Endpoint<Variables, Row>,
    ...args: RunArguments<NoInfer<Variables>>
  ): Promise<EndpointResult<Row>>
}

/** Binds the endpoint calls to a client. */
export function createEndpoints(requester: Requester): Endpoints {
  return {
    async run(endpoint, ...[variables, options]) {
      return runEndpoint(requester, endpoint, variables, options)
    },
  }
}
