import { checkFunction, type OptionNames, refuseUnknown } from '../config/check-options.ts'
import { normalizeHost, type Region, regionHost } from '../config/host.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'
import { keepSecret } from '../observe/redact.ts'
import { abortable, createPlatform, type Platform } from '../platform.ts'
import { startDeadline, untilAbort, watchSignal } from '../transport/deadline.ts'
import { requestTokens } from './request-tokens.ts'
import { createTokenCache, type Fetch, type Token, type TokenProvider } from './token-cache.ts'

/** Milliseconds for `onTokens`. */
const storeTimeout = 30_000

/** What an OAuth application knows of a user who signed in. */
export interface OAuthOptions {
  readonly clientId: string
  /** For applications that have one. */
  readonly clientSecret?: string | undefined
  /** The newest refresh token (`phr_`): each is good for one use. */
  readonly refreshToken: string
  /** An access token (`pha_`) that is still good, to begin with. */
  readonly accessToken?: string | undefined
  /** When `accessToken` ends. Default: it is used until PostHog refuses it. */
  readonly expiresAt?: Date | undefined
  /** Region of PostHog Cloud. Default: `https://oauth.posthog.com`, which knows every region. */
  readonly region?: Region | undefined
  /** Address of a self-hosted PostHog. */
  readonly host?: string | undefined
  /**
   * Told of each new pair of tokens before it is used. Keep `refreshToken`: the old one stops working after two
   * minutes. When it throws or takes 30 seconds, the call fails, and the next one calls it again.
   */
  readonly onTokens?: ((tokens: OAuthTokens) => void | Promise<void>) | undefined
  /** Sends the refresh. Default: the `fetch` of the client that asks for the key, else the global one. */
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
  refuseUnknown('oauth', options ?? {}, optionNames)
  const { clientId, clientSecret, onTokens } = Object(options) as OAuthOptions
  checkFunction('onTokens', onTokens)
  for (const name of ['clientId', 'refreshToken'] as const) {
    if (typeof options?.[name] !== 'string' || options[name].trim() === '') {
      throw new ConfigurationError({
        message: `\`${name}\` is missing.`,
        fix: 'Sign in, and pass what you were given.',
      })
    }
  }
  const url = `${tokenHost(options)}/oauth/token/`
  let { refreshToken } = options
  let untold: OAuthTokens | undefined
  let telling: Promise<void> | undefined

  const store = async (tokens: OAuthTokens): Promise<void> => {
    const late = (): Error => new Error(`It did not settle within ${storeTimeout / 1_000} s.`)
    const scope = startDeadline(platform, undefined, storeTimeout, late)
    try {
      await untilAbort((async () => onTokens?.(tokens))(), scope)
    } catch (cause) {
      throw new ConfigurationError({ message: '`onTokens` failed.', fix: 'See `cause`.', cause })
    } finally {
      scope.end()
    }
    if (untold === tokens) untold = undefined
  }
  /** Concurrent calls wait for one run of `onTokens`. */
  const tell = async (): Promise<void> => {
    while (untold !== undefined) {
      telling ??= store(untold).finally(() => {
        telling = undefined
      })
      await telling
    }
  }
  // A refresh outlives the call that began it: its answer holds the only refresh token that is still good.
  const refresh = async (clientFetch?: Fetch): Promise<Token> => {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
    })
    if (clientSecret !== undefined) body.set('client_secret', clientSecret)
    const fetch =
      options.fetch === undefined && clientFetch !== undefined ? abortable(clientFetch) : platform.fetch
    const answer = await requestTokens(url, body.toString(), { fetch, timer: platform.timer })
    refreshToken = answer.refresh_token ?? refreshToken
    for (const secret of [answer.access_token, refreshToken]) keepSecret(provider, secret)
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

  const current = async (fetch?: Fetch): Promise<string> => {
    const token = await cache.get(fetch)
    // New tokens that were not stored would be lost with this process.
    await tell()
    return token
  }
  const provider: TokenProvider = {
    token: (signal, fetch) => {
      return signal === undefined ? current(fetch) : untilAbort(current(fetch), watchSignal(signal))
    },
    refused: (key) => cache.refused(key),
  }
  for (const secret of [clientSecret, refreshToken, options.accessToken]) keepSecret(provider, secret)
  return provider
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
