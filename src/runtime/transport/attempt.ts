import { defaults } from '../config/defaults.ts'
import { AttemptTimeoutError } from '../errors/call-errors.ts'
import { ConfigurationError, PostHogError } from '../errors/posthog-error.ts'
import { discardBody, type Platform } from '../platform.ts'
import { addStreamHistory } from '../retry/retry.ts'
import type { CallState, HttpRequest } from './call.ts'
import { startDeadline } from './deadline.ts'
import { type HttpResponse, isJson } from './http-response.ts'
import { toConnectionError } from './network-error.ts'
import { readBody, readErrorResponse } from './read-body.ts'
import { streamBody } from './stream-body.ts'

/**
 * Sends one request and reads its body within the attempt's timeout. For a stream, the timeout covers only the headers.
 *
 * Rejects with a ConnectionError, a TimeoutError, or the call's own abort reason.
 */
export async function attempt(
  { method, headers, body, url: firstUrl }: HttpRequest,
  state: CallState,
  platform: Platform,
): Promise<HttpResponse> {
  const { operation, timeout: ms, idleTimeout } = state
  const deadline = startDeadline(platform, state.deadline, ms, () => new AttemptTimeoutError(operation, ms))
  let response: Response | undefined
  try {
    const init: RequestInit = {
      method,
      headers,
      body: body ?? null,
      signal: deadline.signal,
      redirect: 'manual',
    }
    state.call.onSend?.()
    response = await platform.fetch(firstUrl, init)
    let url = firstUrl
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
      deadline.throwIfAborted()
      url = target
      response = await platform.fetch(url, init)
    }
    // An idle timeout beyond the attempt's timeout has no effect.
    const { body: mode } = state.call
    const buffered = mode !== 'stream'
    const idle = buffered && idleTimeout >= ms ? undefined : idleTimeout
    const context = { platform, operation, idleTimeout: idle, deadline }
    const bodyReader =
      typeof mode === 'function' && response.ok && isJson(response.headers) ? mode() : undefined
    if (!response.ok) return await readErrorResponse(response, context)
    if (buffered) return await readBody(response, context, state.maxBytes, bodyReader)
    deadline.stopTimer()
    state.deadline.stopTimer()
    const done = (): void => {
      deadline.end()
      state.deadline.end()
    }
    const stream = streamBody(response, context, done, (error) => addStreamHistory(error, state))
    state.stream = { status: response.status, headers: response.headers, bytes: undefined, response: stream }
    return state.stream
  } catch (error) {
    if (response !== undefined) discardBody(response)
    deadline.throwIfAborted()
    if (error instanceof PostHogError) throw error
    throw toConnectionError(error, operation, false)
  } finally {
    if (state.stream === undefined) deadline.end()
  }
}

const redirects = [301, 302, 303, 307, 308]

/** Facts about a request, for the decision to follow a redirect. */
export interface RedirectFacts {
  readonly operation: string
  readonly method: string
  /** URL of the request. */
  readonly url: string
  readonly hops: number
  readonly maxHops: number
}

/**
 * The URL to follow; undefined when the response is not a redirect. Typehog follows only GET and HEAD within their
 * origin. Anything else would send a write or the key to an unconfigured URL.
 *
 * @throws ConfigurationError with the target's origin for a redirect that Typehog does not follow
 */
export function redirectTarget(response: Response, facts: RedirectFacts): string | undefined {
  // Browsers hide the target of a redirect.
  const hidden = response.type === 'opaqueredirect'
  if (!hidden && !redirects.includes(response.status)) return undefined
  const location = response.headers.get('location')
  if (!hidden && location === null) return undefined
  const { operation, method, url, hops, maxHops } = facts
  const target = location !== null && URL.canParse(location, url) ? new URL(location, url) : undefined
  const origin = target?.origin ?? 'an unknown URL'
  const fail = (reason: string): never => {
    throw new ConfigurationError({
      message: `${operation} was redirected to ${origin}; ${reason}.`,
      fix: 'Set `host` to the URL of the API, with its scheme and sub-path.',
    })
  }
  if (target === undefined || target.origin !== new URL(url).origin)
    return fail('Typehog sends the key only to the configured host')
  if (method !== 'GET' && method !== 'HEAD') return fail(`Typehog does not send a ${method} twice`)
  return hops < maxHops ? target.href : fail(`Typehog follows up to ${maxHops} redirects`)
}
