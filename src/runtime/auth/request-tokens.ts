import { AuthenticationError } from '../errors/api-errors.ts'
import { type AttemptRecord, AttemptTimeoutError, CallError, ConnectionError } from '../errors/call-errors.ts'
import { DecodeError } from '../errors/result-errors.ts'
import { type Platform, sleep } from '../platform.ts'
import { describeFailure } from '../retry/retry.ts'
import { startDeadline, untilAbort } from '../transport/deadline.ts'
import { toConnectionError } from '../transport/network-error.ts'

const operation = 'POST /oauth/token/'
/** Timeout of one attempt, in milliseconds. */
const timeout = 10_000
/** Milliseconds between two attempts. */
const retryDelay = 500
/**
 * Attempts after connection failures. The call that needs the key adds none. PostHog accepts the same refresh token
 * again within two minutes.
 */
const maxAttempts = 2

/** Response of the token route (RFC 6749, 5.1). */
export interface TokenResponse {
  readonly access_token: string
  readonly refresh_token?: string
  /** Seconds. */
  readonly expires_in?: number
}

/**
 * Requests new tokens. Rejects with AuthenticationError when the user has to sign in again. No error shows a token.
 */
export async function requestTokens(
  url: string,
  body: string,
  platform: Pick<Platform, 'fetch' | 'timer'>,
): Promise<TokenResponse> {
  const attempts: AttemptRecord[] = []
  for (let attempt = 1; ; attempt++) {
    try {
      return await requestOnce(url, body, platform)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      const isTransient = error instanceof ConnectionError || error instanceof AttemptTimeoutError
      const retries = isTransient && attempt < maxAttempts
      const reason = retries
        ? 'no response'
        : isTransient
          ? `${maxAttempts} attempts failed`
          : 'the response is final'
      attempts.push({ attempt, ...describeFailure(error), waitMs: retries ? retryDelay : 0, reason })
      if (!retries) throw Object.assign(error, { attempts, stopReason: reason })
      await sleep(platform.timer, retryDelay)
    }
  }
}

async function requestOnce(
  url: string,
  body: string,
  platform: Pick<Platform, 'fetch' | 'timer'>,
): Promise<TokenResponse> {
  const deadline = startDeadline(
    platform,
    undefined,
    timeout,
    () => new AttemptTimeoutError(operation, timeout),
  )
  try {
    const { status, text } = await untilAbort(
      platform
        .fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
          body,
          redirect: 'manual',
          signal: deadline.signal,
        })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch((error: unknown) => {
          throw deadline.aborted ? deadline.reason : toConnectionError(error, operation, false)
        }),
      deadline,
    )
    return parseTokens(status, text)
  } finally {
    deadline.end()
  }
}

function parseTokens(status: number, text: string): TokenResponse {
  const body = parseObject(text)
  if (status >= 500) {
    const message = `${operation} returned ${status}.`
    throw new ConnectionError({ operation, message, fix: 'Try again later; see status.posthog.com.' })
  }
  if (status >= 400) {
    const code = typeof body['error'] === 'string' ? body['error'] : undefined
    throw new AuthenticationError({
      operation,
      status,
      code,
      message: `${operation} returned ${status}${code === undefined ? '' : ` (${code})`}: the tokens cannot be renewed.`,
      fix: 'Let the user sign in again. A refresh token is valid for one use: store the latest one from `onTokens`.',
    })
  }
  const { access_token, refresh_token, expires_in } = body
  if (status !== 200 || typeof access_token !== 'string') {
    throw new DecodeError({
      message: `${operation} returned ${status} without an access token.`,
      fix: "Check `host`: this is not PostHog's token route.",
    })
  }
  return {
    access_token,
    ...(typeof refresh_token === 'string' ? { refresh_token } : {}),
    ...(typeof expires_in === 'number' ? { expires_in } : {}),
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
