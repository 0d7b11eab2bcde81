import { normalizeHost, type Region, regionHost } from '../config/host.ts'
import { ConfigurationError } from '../errors/configuration-error.ts'
import { createPlatform, type Platform } from '../platform.ts'
import { untilAbort, watchSignal } from '../transport/abort.ts'
import { requestTokens } from './request-tokens.ts'
import { createTokenCache, type Token } from './token-cache.ts'
import type { TokenProvider } from './token-provider.ts'

/** What an OAuth application knows of a user who signed in. */
export interface OAuthOptions {
  readonly clientId: string
  /** For applications that have one. */
  readonly clientSecret?: string
  /** The newest refresh token (`phr_`): each is good for one use. */
  readonly refreshToken: string
  /** An access token (`pha_`) that is still good, to begin with. */
  readonly accessToken?: string
  /** When `accessToken` ends. Default: it is used until PostHog refuses it. */
  readonly expiresAt?: Date
  /** Region of PostHog Cloud. Default: `https://oauth.posthog.com`, which knows every region. */
  readonly region?: Region
  /** Address of a self-hosted PostHog. */
  readonly host?: string
  /**
   * Told of each new pair of tokens before it is used. Keep `refreshToken`: the old one stops working after two
   * minutes. When it throws, the call fails, and the next one tells it again.
   */
  readonly onTokens?: (tokens: OAuthTokens) => void | Promise<void>
  /** Replaces the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** A new pair of tokens. */
export interface OAuthTokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresAt: Date | undefined
}

/**
 * A key for `createClient` that renews itself: an OAuth access token, refreshed shortly before it ends and after
 * PostHog refuses it. Calls that come together wait for one refresh.
 *
 * @throws ConfigurationError when an option is missing or contradicts another. Calls reject with AuthenticationError
 * when the user has to sign in again, and with ConnectionError when nobody answers.
 * @example
 * const posthog = createClient({ apiKey: oauth({ clientId, refreshToken, onTokens: save }), projectId: 123 })
 */
export function oauth(
  options: OAuthOptions,
  platform: OAuthPlatform = createPlatform(options),
): TokenProvider {
  const { clientId, clientSecret, onTokens } = options
  for (const name of ['clientId', 'refreshToken'] as const) {
    if (typeof options[name] !== 'string' || options[name].trim() === '') {
      throw new ConfigurationError({
        message: `\`${name}\` is missing.`,
        fix: 'Sign in, and pass what you were given.',
      })
    }
  }
  const url = `${tokenHost(options)}/oauth/token/`
  let { refreshToken } = options
  let untold: OAuthTokens | undefined

  const tell = async (): Promise<void> => {
    if (untold === undefined) return
    try {
      await onTokens?.(untold)
    } catch (cause) {
      throw new ConfigurationError({ message: '`onTokens` failed.', fix: 'See `cause`.', cause })
    }
    untold = undefined
  }
  const refresh = async (): Promise<Token> => {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
    })
    if (clientSecret !== undefined) body.set('client_secret', clientSecret)
    const answer = await requestTokens(url, body.toString(), platform)
    refreshToken = answer.refresh_token ?? refreshToken
    const expiresAt = answer.expires_in === undefined ? undefined : platform.now() + answer.expires_in * 1_000
    untold = {
      accessToken: answer.access_token,
      refreshToken,
      expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
    }
    return { value: answer.access_token, expiresAt }
  }
  const first = options.accessToken && { value: options.accessToken, expiresAt: options.expiresAt?.getTime() }
  const cache = createTokenCache(first || undefined, refresh, platform.now)

  const current = async (): Promise<string> => {
    const token = await cache.get()
    // New tokens that were not stored would be lost with this process.
    await tell()
    return token
  }
  return {
    token: (signal) => (signal === undefined ? current() : untilAbort(current(), watchSignal(signal))),
    refused: (key) => cache.refused(key),
  }
}

/** What `oauth` takes from the world around it. */
export type OAuthPlatform = Pick<Platform, 'fetch' | 'now' | 'timer'>

function tokenHost({ host, region }: OAuthOptions): string {
  if (host !== undefined && region !== undefined) {
    throw new ConfigurationError({
      message: '`host` and `region` contradict each other.',
      fix: 'Pass only one of them.',
    })
  }
  if (host !== undefined) return normalizeHost(host)
  return region === undefined ? 'https://oauth.posthog.com' : regionHost(region)
}
