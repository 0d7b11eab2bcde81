import { checkFunction, type OptionNames, rejectUnknownOptions } from '../config/check-options.ts'
import { normalizeHost, type Region, regionHost } from '../config/host.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'
import { addSecret } from '../observe/redact.ts'
import { abortable, createPlatform, type Platform } from '../platform.ts'
import { startDeadline, untilAbort, watchSignal } from '../transport/deadline.ts'
import { requestTokens } from './request-tokens.ts'
import { createTokenCache, type Fetch, type Token, type TokenProvider } from './token-cache.ts'

/** Timeout of `onTokens`, in milliseconds. */
const saveTimeout = 30_000

/** Options of `oauth`: the application and the tokens of a user who signed in. */
export interface OAuthOptions {
  readonly clientId: string
  /** Secret of a confidential application. */
  readonly clientSecret?: string | undefined
  /** The latest refresh token (`phr_`). Each is valid for one use. */
  readonly refreshToken: string
  /** An initial access token (`pha_`) that is still valid. */
  readonly accessToken?: string | undefined
  /** Expiry of `accessToken`. Default: the token is used until PostHog rejects it. */
  readonly expiresAt?: Date | undefined
  /** Region of PostHog Cloud. Default: `https://oauth.posthog.com`, which serves every region. */
  readonly region?: Region | undefined
  /** URL of a self-hosted PostHog. */
  readonly host?: string | undefined
  /**
   * Called with each new pair of tokens before its first use. Store `refreshToken`: the old one stops working after two
   * minutes. When the callback throws or takes longer than 30 seconds, the call fails, and the next call repeats the
   * callback.
   */
  readonly onTokens?: ((tokens: OAuthTokens) => void | Promise<void>) | undefined
  /** Sends the refresh request. Default: the `fetch` of the client that requests the key, or else the global one. */
  readonly fetch?: Fetch | undefined
}

const optionNames: OptionNames<OAuthOptions> = {
  clientId: true,
  clientSecret: true,
  refreshToken: true,
  accessToken: true,
  expiresAt: true,
  region: true,
  host: true,
  onTokens: true,
  fetch: true,
}

/** A new pair of tokens. */
export interface OAuthTokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresAt: Date | undefined
}

/**
 * A self-renewing key for `createClient`: an OAuth access token that Typehog refreshes shortly before it expires and
 * after PostHog rejects it. Concurrent calls share one refresh.
 *
 * @throws ConfigurationError when an option is missing or contradicts another. Calls reject with AuthenticationError
 * when the user has to sign in again, and with ConnectionError when no response arrives.
 * @example
 * const posthog = createClient({ apiKey: oauth({ clientId, refreshToken, onTokens: save }), projectId: 123 })
 */
export function oauth(
  options: OAuthOptions,
  platform: OAuthPlatform = createPlatform(options),
): TokenProvider {
  rejectUnknownOptions('oauth', options ?? {}, optionNames)
  const { clientId, clientSecret, onTokens } = Object(options) as OAuthOptions
  checkFunction('onTokens', onTokens)
  for (const name of ['clientId', 'refreshToken'] as const) {
    if (typeof options?.[name] !== 'string' || options[name].trim() === '') {
      throw new ConfigurationError({
        message: `\`${name}\` is missing.`,
        fix: `Sign in, and pass the \`${name}\` that PostHog issues.`,
      })
    }
  }
  const url = `${tokenHost(options)}/oauth/token/`
  let { refreshToken } = options
  let unsaved: OAuthTokens | undefined
  let saving: Promise<void> | undefined

  const save = async (tokens: OAuthTokens): Promise<void> => {
    const timeoutError = (): Error => new Error(`It did not settle within ${saveTimeout / 1_000} s.`)
    const deadline = startDeadline(platform, undefined, saveTimeout, timeoutError)
    try {
      await untilAbort((async () => onTokens?.(tokens))(), deadline)
    } catch (cause) {
      throw new ConfigurationError({ message: '`onTokens` failed.', fix: 'See `cause`.', cause })
    } finally {
      deadline.end()
    }
    if (unsaved === tokens) unsaved = undefined
  }
  /** Concurrent calls share one call of `onTokens`. */
  const saveTokens = async (): Promise<void> => {
    while (unsaved !== undefined) {
      saving ??= save(unsaved).finally(() => {
        saving = undefined
      })
      await saving
    }
  }
  // A refresh outlives the call that started it: its response has the only valid refresh token.
  const refresh = async (clientFetch?: Fetch): Promise<Token> => {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
    })
    if (clientSecret !== undefined) body.set('client_secret', clientSecret)
    const fetch =
      options.fetch === undefined && clientFetch !== undefined ? abortable(clientFetch) : platform.fetch
    const response = await requestTokens(url, body.toString(), { fetch, timer: platform.timer })
    refreshToken = response.refresh_token ?? refreshToken
    for (const secret of [response.access_token, refreshToken]) addSecret(provider, secret)
    const expiresAt =
      response.expires_in === undefined ? undefined : platform.now() + response.expires_in * 1_000
    unsaved = {
      accessToken: response.access_token,
      refreshToken,
      expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
    }
    return { value: response.access_token, expiresAt }
  }
  const first = options.accessToken && { value: options.accessToken, expiresAt: options.expiresAt?.getTime() }
  const cache = createTokenCache(first || undefined, refresh, platform.now)

  const current = async (fetch?: Fetch): Promise<string> => {
    const token = await cache.get(fetch)
    // Unsaved tokens would be lost with this process.
    await saveTokens()
    return token
  }
  const provider: TokenProvider = {
    kind: 'oauth',
    token: (signal, fetch) => {
      return signal === undefined ? current(fetch) : untilAbort(current(fetch), watchSignal(signal))
    },
    rejected: (key) => cache.rejected(key),
  }
  for (const secret of [clientSecret, refreshToken, options.accessToken]) addSecret(provider, secret)
  return provider
}

/** The parts of the platform that `oauth` uses. */
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
