/** The `fetch` option of a client. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** A provider of keys that change, such as OAuth access tokens. */
export interface TokenProvider {
  /** Set for OAuth access tokens, which PostHog limits and describes otherwise than keys. */
  readonly kind?: 'oauth'
  /**
   * Returns the current key. Called before each attempt, so it has to be fast.
   *
   * @param signal aborts when the call ends; the call then stops waiting for the provider
   * @param fetch the client's `fetch` option, for providers that call a server; undefined where the client has none
   */
  token(signal?: AbortSignal, fetch?: Fetch): Promise<string>
  /** Called after PostHog rejects a key with 401. `token()` must not return that key again. The call is sent once more. */
  rejected(key: string): void
}

/** An access token and its expiry. */
export interface Token {
  readonly value: string
  /** Milliseconds since 1970; undefined when unknown. */
  readonly expiresAt: number | undefined
}

/** A cache for one token that refreshes itself. */
export interface TokenCache {
  /** Returns the current token. Rejects with the error of `refresh` when there is no valid token. */
  get(fetch?: Fetch): Promise<string>
  /** Discards a token that the server has rejected. */
  rejected(value: string): void
}

/** Milliseconds before expiry from which the cache refreshes in the background. */
const backgroundWindow = 300_000
/** Milliseconds before expiry from which calls wait for a new token: the old one may expire in flight. */
const blockingWindow = 60_000
/** Milliseconds without another background refresh after one fails. */
const failureDelay = 30_000

/**
 * Creates a token cache with two windows: it first refreshes in the background, and shortly before expiry makes calls
 * wait. There is one refresh at a time, and no timer: each call checks the expiry.
 */
export function createTokenCache(
  first: Token | undefined,
  refresh: (fetch?: Fetch) => Promise<Token>,
  now: () => number,
): TokenCache {
  let token = first
  let refreshing: Promise<Token> | undefined
  let nextRefresh = 0

  const fetchToken = (fetch?: Fetch): Promise<Token> => {
    refreshing ??= refresh(fetch)
      .then((fresh) => {
        token = fresh
        return fresh
      })
      .finally(() => {
        refreshing = undefined
      })
    return refreshing
  }

  return {
    async get(fetch) {
      const left = token?.expiresAt === undefined ? Infinity : token.expiresAt - now()
      if (token === undefined || left <= blockingWindow) return (await fetchToken(fetch)).value
      if (left <= backgroundWindow && refreshing === undefined && now() >= nextRefresh) {
        // No caller waits for it. A failure surfaces when a call needs the token.
        fetchToken(fetch).catch(() => {
          nextRefresh = now() + failureDelay
        })
      }
      return token.value
    },
    rejected(value) {
      if (token?.value === value) token = undefined
    },
  }
}
