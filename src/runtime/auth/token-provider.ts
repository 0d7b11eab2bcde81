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
