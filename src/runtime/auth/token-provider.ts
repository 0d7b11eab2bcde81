/** Gives keys that change, such as OAuth access tokens. */
export interface TokenProvider {
  /** The key to send now. Asked before each attempt, so it has to be cheap. */
  token(signal?: AbortSignal): Promise<string>
  /** PostHog answered 401 to this key: `token()` must not give it again. The call is then sent once more. */
  refused(key: string): void
}
