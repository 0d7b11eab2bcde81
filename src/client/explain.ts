import type { RequestArguments, Route } from '../resources/requester.ts'
import { publicHost } from '../runtime/config/public-host.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { type Rate, ratesOf, type ThrottleClass } from '../runtime/limits/buckets.ts'
import { encodePath } from '../runtime/transport/encode-path.ts'
import type { Outgoing } from '../runtime/transport/outgoing.ts'
import { buildRequest, type RawInput } from './build-request.ts'
import { fillInPath } from './fill-in-path.ts'
import { asForm } from './form-body.ts'
import { operationOf } from './operation.ts'
import { scopesOf } from './rules/scopes.ts'

/** What a call would do. */
export interface Explanation {
  readonly method: string
  readonly url: string
  /** The request for a shell. The key, where one is sent, is the variable `$POSTHOG_PERSONAL_API_KEY`. */
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
  route: Route,
  input: RawInput = {},
  options: CallLimits = {},
): Promise<Explanation> {
  const gap = route.indexOf(' ')
  const [method, template] = [route.slice(0, gap), route.slice(gap + 1)]
  const operation = operationOf(method, template)
  const { throttle = 'default', runsQuery = false, replay, public: open = false } = operation.call
  const path = fillInPath(template, input.path, config)
  const given = operation.form ? asForm(input) : input
  const { host } = config
  const at = { host: open ? publicHost(host) : host }
  const outgoing = buildRequest(at, operation, encodePath(template, path), given, {
    ...config.headers,
    ...options.headers,
  })
  const limits = config.limits === false ? {} : (config.limits.rates ?? {})
  return {
    method,
    url: outgoing.url,
    curl: curlOf(outgoing, open),
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

interface CallLimits {
  readonly timeout?: number
  readonly totalTimeout?: number
  readonly maxAttempts?: number
  readonly headers?: Readonly<Record<string, string>>
}

function curlOf({ method, url, headers, body }: Outgoing, open: boolean): string {
  const parts = [`curl -X ${method} ${quoted(url)}`]
  if (!open) parts.push('-H "Authorization: Bearer $POSTHOG_PERSONAL_API_KEY"')
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`)
  if (typeof body === 'string') parts.push(`--data-raw ${quoted(body)}`)
  else if (body instanceof FormData)
    for (const [name, value] of body) parts.push(`-F ${quoted(fieldOf(name, value))}`)
  else if (body !== undefined) parts.push('--data-binary @body')
  return parts.join(' \\\n  ')
}

function fieldOf(name: string, value: string | File): string {
  return typeof value === 'string' ? `${name}=${value}` : `${name}=@${value.name}`
}

/** A text as one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
