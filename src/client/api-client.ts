import type { Client } from '../generated/client/index.ts'
import type { CallOptions } from '../resources/requester.ts'
import type { RawInput } from './build-request.ts'
import type { Send } from './send.ts'

/** The `client` option of the functions in `typehog/api`. */
export type ApiClient = Client

/** The arguments that a generated function passes to its client: path template, input and options. */
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
 * Creates the client of the generated functions. Its methods send through the pipeline: the functions of `typehog/api`
 * authenticate, retry, time out and decode like any other call.
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
    // Typehog always throws errors and returns the data alone, so `send` rejects options for anything else.
    const unsupported = {
      ...(throwOnError === false ? { throwOnError } : {}),
      ...(responseStyle === 'fields' ? { responseStyle } : {}),
    }
    const options: CallOptions = signal ? { signal } : {}
    return send(`${verb} ${url}`, { ...input, ...unsupported }, options)
  }
  // The generated functions call only these methods, and declare the response types themselves.
  const verbs = ['get', 'post', 'put', 'patch', 'delete']
  return Object.fromEntries(verbs.map((verb) => [verb, method(verb.toUpperCase())])) as unknown as ApiClient
}
