/** The `fetch` option of a client. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Gives keys that change, such as OAuth access tokens. */
export interface TokenProvider {
  /**
   * The key to send now. Called before each attempt, so it has to be cheap.
   *
   * @param signal aborts when the call ends; the call does not wait for the provider any longer then
   * @param fetch the client's `fetch` option, for providers that ask a server; undefined where the client has none
   */
  token(signal?: AbortSignal, fetch?: Fetch): Promise<string>
  /** PostHog answered 401 to this key: `token()` must not give it again. The call is then sent once more. */
  refused(key: string): void
}

/** An access token and when it ends. */
export interface Token {
  readonly value: string
  /** Milliseconds since 1970; undefined when nobody said. */
  readonly expiresAt: number | undefined
}

/** Keeps one token fresh. */
export interface TokenCache {
  /** The token to send now. Rejects with what `refresh` rejects with, when there is no other that may be sent. */
  get(fetch?: Fetch): Promise<string>
  /** The server did not know a token: `get` does not give it again. */
  refused(value: string): void
}

/** Milliseconds before the end of a token from which a new one is fetched beside the calls. */
const soon = 300_000
/** Milliseconds before the end of a token from which calls wait for the new one: the old one may end on its way. */
const urgent = 60_000
/** Milliseconds without another try after one beside the calls failed. */
const pause = 30_000

/**
 * A token in two windows: refreshed in the background while it is still good, waited for when it is not. There is one
 * refresh at a time, and no timer: a token is looked at when it is asked for.
 */
export function createTokenCache(
  first: Token | undefined,
  refresh: (fetch?: Fetch) => Promise<Token>,
  now: () => number,
): TokenCache {
  let token = first
  let flight: Promise<Token> | undefined
  let quietUntil = 0

  const fetchToken = (fetch?: Fetch): Promise<Token> => {
    flight ??= refresh(fetch)
      .then((fresh) => {
        token = fresh
        return fresh
      })
      .finally(() => {
        flight = undefined
      })
    return flight
  }

  return {
    async get(fetch) {
      const left = token?.expiresAt === undefined ? Infinity : token.expiresAt - now()
      if (token === undefined || left <= urgent) return (await fetchToken(fetch)).value
      if (left <= soon && flight === undefined && now() >= quietUntil) {
        // Nobody waits for it: a failure is told when the token is really needed.
        fetchToken(fetch).catch(() => {
          quietUntil = now() + pause
        })
      }
      return token.value
    },
    refused(value) {
      if (token?.value === value) token = undefined
    },
  }
}
