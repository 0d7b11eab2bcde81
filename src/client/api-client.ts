import type { Client } from '../generated/client/index.ts'
import type { CallOptions } from '../resources/requester.ts'
import type { RawInput } from './build-request.ts'
import type { Send } from './send.ts'

/** What the functions of `typehog/api` take as `client`. */
export type ApiClient = Client

/** Everything that a generated function passes on: its path template, its input, and how it wants the response. */
interface GeneratedCall extends RawInput {
  readonly url: string
  readonly signal?: AbortSignal | null
  readonly client?: unknown
  readonly meta?: unknown
  readonly security?: unknown
  readonly bodySerializer?: unknown
  readonly throwOnError?: boolean
  readonly responseStyle?: string
}

/**
 * The methods that generated functions call, led through the runtime: functions of `typehog/api` are
 * authenticated, retried, timed out and decoded like any other call.
 */
export function createApiClient(send: Send): ApiClient {
  const method = (verb: string) => (call: GeneratedCall) => {
    const {
      url,
      signal,
      client: _,
      meta,
      security,
      bodySerializer,
      throwOnError,
      responseStyle,
      ...input
    } = call
    // Errors are always thrown and data comes alone, so the call refuses options that ask for something else.
    const refused = {
      ...(throwOnError === false ? { throwOnError } : {}),
      ...(responseStyle === 'fields' ? { responseStyle } : {}),
    }
    const options: CallOptions = signal ? { signal } : {}
    return send(`${verb} ${url}`, { ...input, ...refused }, options)
  }
  // The generated functions use these methods and no other; each carries the type of its own answer.
  const verbs = ['get', 'post', 'put', 'patch', 'delete']
  return Object.fromEntries(verbs.map((verb) => [verb, method(verb.toUpperCase())])) as unknown as ApiClient
}
