import { defaults } from '../config/defaults.ts'
import { AttemptTimeoutError } from '../errors/call-errors.ts'
import { ConfigurationError, PostHogError } from '../errors/posthog-error.ts'
import { discardBody, type Platform } from '../platform.ts'
import { concludeStream } from '../retry/retry.ts'
import type { CallState, HttpRequest } from './call.ts'
import { startDeadline } from './deadline.ts'
import { type HttpResponse, isJson } from './http-response.ts'
import { toConnectionError } from './network-error.ts'
import { readBody, readRefusal } from './read-body.ts'
import { streamBody } from './stream-body.ts'

/**
 * Sends one request and reads its body, all within the attempt's timeout. A stream's timeout ends with the headers.
 *
 * Rejects with a ConnectionError, a TimeoutError, or the call's own abort reason.
 */
export async function attempt(
  { method, headers, body, url: first }: HttpRequest,
  run: CallState,
  platform: Platform,
): Promise<HttpResponse> {
  const { operation, timeout: ms, idleTimeout } = run
  const scope = startDeadline(platform, run.deadline, ms, () => new AttemptTimeoutError(operation, ms))
  let response: Response | undefined
  try {
    const init: RequestInit = {
      method,
      headers,
      body: body ?? null,
      signal: scope.signal,
      redirect: 'manual',
    }
    run.call.onSend?.()
    response = await platform.fetch(first, init)
    let url = first
    for (let hops = 0; !response.ok; hops++) {
      const target = redirectTarget(response, {
        operation,
        method,
        url,
        hops,
        maxHops: defaults.maxRedirects,
      })
      if (target === undefined) break
      discardBody(response)
      response = undefined
      scope.throwIfAborted()
      url = target
      response = await platform.fetch(url, init)
    }
    // Whatever falls silent for longer than an attempt may take ends with the attempt.
    const { body: wanted } = run.call
    const buffered = wanted !== 'stream'
    const idle = buffered && idleTimeout >= ms ? undefined : idleTimeout
    const reading = { platform, operation, idleTimeout: idle, scope }
    const sink =
      typeof wanted === 'function' && response.ok && isJson(response.headers) ? wanted() : undefined
    if (!response.ok) return await readRefusal(response, reading)
    if (buffered) return await readBody(response, reading, run.maxBytes, sink)
    scope.stopTimer()
    run.deadline.stopTimer()
    const done = (): void => {
      scope.end()
      run.deadline.end()
    }
    const stream = streamBody(response, reading, done, (error) => concludeStream(error, run))
    run.stream = { status: response.status, headers: response.headers, bytes: undefined, response: stream }
    return run.stream
  } catch (error) {
    if (response !== undefined) discardBody(response)
    scope.throwIfAborted()
    if (error instanceof PostHogError) throw error
    throw toConnectionError(error, operation, false)
  } finally {
    if (run.stream === undefined) scope.end()
  }
}

const redirects = [301, 302, 303, 307, 308]

/** What is looked at to decide about a redirect. */
export interface RedirectFacts {
  readonly operation: string
  readonly method: string
  /** Address that was asked. */
  readonly url: string
  readonly hops: number
  readonly maxHops: number
}

/**
 * The address to ask next, or undefined when the response is no redirect. Only GET and HEAD are followed, and only
 * within their origin: everything else would send a write or the key where nobody configured it to go.
 *
 * @throws ConfigurationError for a redirect that is not followed; it names the target's origin
 */
export function redirectTarget(response: Response, facts: RedirectFacts): string | undefined {
  // Browsers hide where a redirect leads.
  const hidden = response.type === 'opaqueredirect'
  if (!hidden && !redirects.includes(response.status)) return undefined
  const location = response.headers.get('location')
  if (!hidden && location === null) return undefined
  const { operation, method, url, hops, maxHops } = facts
  const target = location !== null && URL.canParse(location, url) ? new URL(location, url) : undefined
  const origin = target?.origin ?? 'an unknown address'
  const refuse = (why: string): never => {
    throw new ConfigurationError({
      message: `${operation} was redirected to ${origin}, ${why}.`,
      fix: 'Set `host` to where the API is, with its scheme and sub-path.',
    })
  }
  if (target === undefined || target.origin !== new URL(url).origin)
    return refuse('which does not get the key')
  if (method !== 'GET' && method !== 'HEAD') return refuse(`and a ${method} is not sent twice`)
  return hops < maxHops ? target.href : refuse(`after ${maxHops} redirects`)
}
