import { AuthenticationError } from '../errors/api-errors.ts'
import { type AttemptRecord, AttemptTimeoutError, CallError, ConnectionError } from '../errors/call-errors.ts'
import { DecodeError } from '../errors/result-errors.ts'
import { type Platform, sleep } from '../platform.ts'
import { describeFailure } from '../retry/retry.ts'
import { startDeadline, untilAbort } from '../transport/deadline.ts'
import { toConnectionError } from '../transport/network-error.ts'

const operation = 'POST /oauth/token/'
/** Milliseconds for one try. */
const timeout = 10_000
/** Milliseconds between two tries. */
const pause = 500
/** Tries in all, while nobody answers. The call that needs the key adds none. A refresh token that was used twice within two minutes is still good. */
const tries = 2

/** What the token route answers (RFC 6749, 5.1). */
export interface TokenAnswer {
  readonly access_token: string
  readonly refresh_token?: string
  /** Seconds. */
  readonly expires_in?: number
}

/**
 * Asks for new tokens. Rejects with AuthenticationError when the user has to sign in again; no error shows a token.
 */
export async function requestTokens(
  url: string,
  body: string,
  platform: Pick<Platform, 'fetch' | 'timer'>,
): Promise<TokenAnswer> {
  const attempts: AttemptRecord[] = []
  for (let attempt = 1; ; attempt++) {
    try {
      return await requestOnce(url, body, platform)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      const passing = error instanceof ConnectionError || error instanceof AttemptTimeoutError
      const again = passing && attempt < tries
      const reason = again ? 'no answer' : passing ? `${tries} attempts were made` : 'the answer is final'
      attempts.push({ attempt, ...describeFailure(error), waitMs: again ? pause : 0, reason })
      if (!again) throw Object.assign(error, { attempts, stopReason: reason })
      await sleep(platform.timer, pause)
    }
  }
}

async function requestOnce(
  url: string,
  body: string,
  platform: Pick<Platform, 'fetch' | 'timer'>,
): Promise<TokenAnswer> {
  const scope = startDeadline(platform, undefined, timeout, () => new AttemptTimeoutError(operation, timeout))
  try {
    const { status, text } = await untilAbort(
      platform
        .fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
          body,
          redirect: 'manual',
          signal: scope.signal,
        })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch((error: unknown) => {
          throw scope.aborted ? scope.reason : toConnectionError(error, operation, false)
        }),
      scope,
    )
    return readAnswer(status, text)
  } finally {
    scope.end()
  }
}

function readAnswer(status: number, text: string): TokenAnswer {
  const answer = parsed(text)
  if (status >= 500) {
    const message = `${operation} was answered by ${status}.`
    throw new ConnectionError({ operation, message, fix: 'Try again later; see status.posthog.com.' })
  }
  if (status >= 400) {
    const code = typeof answer['error'] === 'string' ? answer['error'] : undefined
    throw new AuthenticationError({
      operation,
      status,
      code,
      message: `${operation} was answered by ${status}${code === undefined ? '' : ` (${code})`}: the tokens cannot be renewed.`,
      fix: 'Let the user sign in again. A refresh token is good for one use: keep the newest, which `onTokens` tells.',
    })
  }
  const { access_token, refresh_token, expires_in } = answer
  if (status !== 200 || typeof access_token !== 'string') {
    throw new DecodeError({
      message: `${operation} was answered by ${status} without an access token.`,
      fix: 'Check `host`: this is not the token route of PostHog.',
    })
  }
  return {
    access_token,
    ...(typeof refresh_token === 'string' ? { refresh_token } : {}),
    ...(typeof expires_in === 'number' ? { expires_in } : {}),
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
