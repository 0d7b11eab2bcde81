import type { Client as HttpClient } from '../generated/client/index.ts'
import type { CallOptions } from '../resources/requester.ts'
import type { RawInput, Sender } from './sender.ts'

/** What the functions of `typehog/api` take as `client`. */
export type ApiClient = HttpClient

/** Everything that a generated function passes on: its path template, its input, and options of the call. */
type GeneratedCall = RawInput & { readonly url: string; readonly signal?: AbortSignal | null }

/**
 * The generated client with every method led through the runtime, so that functions of `typehog/api` are
 * authenticated, retried, timed out and decoded like any other call.
 */
export function createApiClient({ send, http }: Sender): ApiClient {
  const method = (name: string) => (call: GeneratedCall) => {
    const { url, path, query, body, headers, bodySerializer, signal } = call
    const options: CallOptions = signal ? { signal } : {}
    const serializer = bodySerializer === undefined ? {} : { bodySerializer }
    return send(name, url, { path, query, body, headers, ...serializer }, options)
  }
  // Each method answers what its operation answers; the functions of `typehog/api` carry the types.
  return {
    ...http,
    get: method('GET'),
    post: method('POST'),
    put: method('PUT'),
    patch: method('PATCH'),
    delete: method('DELETE'),
    head: method('HEAD'),
    request: ({ method: name = 'GET', ...call }: GeneratedCall & { method?: string }) => method(name)(call),
  } as unknown as ApiClient
}
