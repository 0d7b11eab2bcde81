import { type CallOptions, callOptionNames, type WithSchema } from '../resources/requester.ts'
import { type OptionNames, rejectUnknownOptions } from '../runtime/config/check-options.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import type { Operation } from './operation.ts'
import { pathOperationOf } from './path-operation.ts'
import type { Send } from './send.ts'

/** Input and options of a GET by path. */
export interface PathInput extends CallOptions {
  /** Values of the `{names}` in the path. The client fills in `project_id` and `organization_id`. */
  readonly path?: Readonly<Record<string, string | number | bigint | boolean>> | undefined
  /** Query parameters: an object or URLSearchParams. */
  readonly query?: object | undefined
}

/** Input and options of a POST, PATCH, PUT or DELETE by path. */
export interface PathBodyInput extends PathInput {
  /** Request body: an object or array, which is sent as JSON, or FormData. */
  readonly body?: object | undefined
}

/** Calls any path with one HTTP method. Typehog trusts the type that you give, unless you pass a `schema`. */
export interface PathMethod<Input extends PathInput> {
  <Output>(path: string, input: WithSchema<Input, Output>): APIPromise<Output>
  <T = unknown>(path: string, input?: Input): APIPromise<T>
}

/** Methods for any path, also for one that PostHog's schema does not have yet. */
export interface PathMethods {
  /**
   * Reads any path of the API. Use it for a route that `request` does not know. `{project_id}` and `{organization_id}`
   * are filled in; a complete path such as `/api/projects/123/cohorts/7/` works too and keeps its rate limit. Retried
   * like any read. The content type decides how the response is decoded: JSON, a string for text, a Blob for binary
   * data, undefined for an empty body. Paths outside `/api/` are public: they go to the ingestion host, without the key.
   *
   * @throws ConfigurationError for a path with a host, a query string or a dot segment; APIError as `request` does
   * @example
   * const flags = await posthog.get<{ count: number }>('/api/projects/{project_id}/new_flags/', { query: { limit: 10 } })
   */
  readonly get: PathMethod<PathInput>
  /**
   * Posts to any path of the API. See `get`. Retried like a read only if PostHog's schema has it as a POST that reads,
   * such as a query.
   *
   * @throws the errors of `get`
   * @example
   * const { id } = await posthog.post<{ id: number }>('/api/projects/{project_id}/reports/', { body: { name: 'Weekly' } })
   */
  readonly post: PathMethod<PathBodyInput>
  /**
   * Patches any path of the API. See `get`. Retried only when PostHog certainly did not act.
   *
   * @throws the errors of `get`
   * @example
   * await posthog.patch('/api/projects/{project_id}/reports/{id}/', { path: { id: 7 }, body: { name: 'Daily' } })
   */
  readonly patch: PathMethod<PathBodyInput>
  /**
   * Puts to any path of the API. See `get`. Retried only when PostHog certainly did not act.
   *
   * @throws the errors of `get`
   * @example await posthog.put('/api/projects/{project_id}/reports/{id}/', { path: { id: 7 }, body: { name: 'Daily' } })
   */
  readonly put: PathMethod<PathBodyInput>
  /**
   * Deletes any path of the API. See `get`. Retried only when PostHog certainly did not act.
   *
   * @throws the errors of `get`
   * @example await posthog.delete('/api/projects/{project_id}/reports/{id}/', { path: { id: 7 } })
   */
  readonly delete: PathMethod<PathBodyInput>
}

const inputNames: OptionNames<PathInput & { schema?: unknown }> = {
  ...callOptionNames,
  path: true,
  query: true,
  schema: true,
}
const bodyInputNames: OptionNames<PathBodyInput & { schema?: unknown }> = { ...inputNames, body: true }

/** Creates the methods for any path. They send through the same pipeline as `request`. Invalid arguments reject. */
export function createPathMethods(send: Send): PathMethods {
  const method = (name: keyof PathMethods) => {
    const verb = name.toUpperCase()
    const names = name === 'get' ? inputNames : bodyInputNames
    return (path: string, input: PathBodyInput = {}): APIPromise<unknown> => {
      // A JavaScript caller may pass anything. `find` checks it, so that the call rejects.
      const { path: params, query, body, ...options } = Object(input)
      const find = (): Operation => {
        rejectUnknownOptions(name, input, names)
        return pathOperationOf(verb, path)
      }
      return send(
        typeof path === 'string' ? `${verb} ${path}` : verb,
        { path: params, query, body },
        options,
        { find },
      )
    }
  }
  return {
    get: method('get') as PathMethods['get'],
    post: method('post') as PathMethods['post'],
    patch: method('patch') as PathMethods['patch'],
    put: method('put') as PathMethods['put'],
    // Only the caller knows the type of the response, so these casts trust it.
    delete: method('delete') as PathMethods['delete'],
  }
}
