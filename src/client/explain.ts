import type { RequestArguments, Route, RouteOptions } from '../resources/requester.ts'
import { readHeaders } from '../runtime/config/headers.ts'
import { publicHost } from '../runtime/config/public-host.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { type Rate, ratesOf, type ThrottleClass } from '../runtime/limits/buckets.ts'
import { redacted, redactorOf } from '../runtime/observe/redact.ts'
import { encodePath } from '../runtime/transport/encode-path.ts'
import { buildRequest, type RawInput } from './build-request.ts'
import { checkCallOptions, checkInput } from './check-call.ts'
import { toCurl } from './curl.ts'
import { fillInPath } from './fill-in-path.ts'
import { operationOf } from './operation.ts'
import { scopesOf } from './rules/scopes.ts'

/** What a call would do. */
export interface Explanation {
  readonly method: string
  /** URL of the request. Secrets in its query are redacted. */
  readonly url: string
  /**
   * The request as a curl command. The key is the variable `$POSTHOG_PERSONAL_API_KEY`; cookies and other secrets are
   * redacted; files are placeholders such as `PATH_TO_FILE_1`, which you replace.
   */
  readonly curl: string
  /** Scopes that the key needs; undefined where PostHog's schema does not tell. */
  readonly scopes: readonly string[] | undefined
  /** The rate limit that counts the call, by Typehog's name, with PostHog Cloud's numbers. */
  readonly throttle: { readonly bucket: ThrottleClass; readonly rates: readonly Rate[] }
  /** Whether it waits for one of the few places that a project has for queries. */
  readonly runsQuery: boolean
  /** `safe`: sent again after any passing failure. `unsafe`: only when PostHog certainly did not act. */
  readonly replay: 'safe' | 'unsafe'
  readonly maxAttempts: number
  /** Milliseconds. */
  readonly timeouts: { readonly attempt: number; readonly idle: number; readonly total: number }
  /** PostHog marks the operation as deprecated. */
  readonly deprecated: boolean
}

/** Explains a call, which is named and filled in as for `request`. Nothing is sent. */
export type Explain = <R extends Route>(route: R, ...args: RequestArguments<R>) => Promise<Explanation>

/** What a call with this configuration would do. */
export async function explain(
  config: Config,
  route: string,
  input: RawInput = {},
  options: RouteOptions = {},
): Promise<Explanation> {
  const operation = operationOf(route)
  checkInput(input)
  checkCallOptions(options)
  const { method, template } = operation
  const { throttle = 'default', runsQuery = false, replay, public: open = false } = operation.call
  const path = fillInPath(template, input.path, config)
  const { host } = config
  const at = { host: open ? publicHost(host) : host }
  // The command has the Authorization of the key, whatever a caller says.
  const given = [input.headers, options.headers].map((source) => readHeaders(source, 'drop'))
  const headers = Object.assign({}, config.headers, ...given)
  const outgoing = buildRequest(at, operation, encodePath(template, path), input, headers)
  const redactText = redactorOf([config], headers, input.query)
  // Brackets would be a pattern to curl.
  const url = redactText(outgoing.url).replaceAll(redacted, 'REDACTED')
  const limits = config.limits === false ? {} : (config.limits.rates ?? {})
  return {
    method,
    url,
    curl: toCurl({ ...outgoing, url }, !open, redactText),
    scopes: scopesOf(method, template),
    throttle: { bucket: throttle, rates: limits[throttle] ?? ratesOf(throttle) },
    runsQuery,
    replay,
    maxAttempts: options.maxAttempts ?? config.retry.maxAttempts,
    timeouts: {
      attempt: options.timeout ?? config.timeout,
      idle: config.idleTimeout,
      total: options.totalTimeout ?? config.totalTimeout,
    },
    deprecated: operation.deprecated,
  }
}
