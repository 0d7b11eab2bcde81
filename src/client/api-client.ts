import type { Client } from '../generated/client/index.ts'
import type { CallOptions } from '../resources/requester.ts'
import type { RawInput } from './build-request.ts'
import type { Send } from './sender.ts'

/** What the functions of `typehog/api` take as `client`. */
export type ApiClient = Client

/** Everything that a generated function passes on: its path template, its input, and options of the call. */
type GeneratedCall = RawInput & { readonly url: string; readonly signal?: AbortSignal | null }

/**
 * The methods that generated functions call, led through the runtime: functions of `typehog/api` are
 * authenticated, retried, timed out and decoded like any other call.
 */
export function createApiClient(send: Send): ApiClient {
  const method =
    (name: string) =>
    ({ url, path, query, body, headers, signal }: GeneratedCall) => {
      const options: CallOptions = signal ? { signal } : {}
      return send(name, url, { path, query, body, headers }, options)
    }
  // The generated functions use these methods and no other; each carries the type of its own answer.
  const verbs = ['get', 'post', 'put', 'patch', 'delete']
  return Object.fromEntries(verbs.map((verb) => [verb, method(verb.toUpperCase())])) as unknown as ApiClient
}
