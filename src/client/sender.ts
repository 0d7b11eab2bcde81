import { createClient as createHttp, type Client as HttpClient } from '../generated/client/index.ts'
import { readingPosts } from '../generated/rules.gen.ts'
import type { CallOptions } from '../resources/requester.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { APIPromise } from '../runtime/transport/api-promise.ts'
import type { Call } from '../runtime/transport/context.ts'
import { decodeBody } from '../runtime/transport/decode.ts'
import { encodePath } from '../runtime/transport/path.ts'
import type { Pipeline } from '../runtime/transport/pipeline.ts'
import { fillInPath } from './fill-in-path.ts'
import { queryString } from './query-string.ts'

/** An operation's input before types: what `client.request` and the functions of `typehog/api` hand over. */
export interface RawInput {
  readonly path?: unknown
  readonly query?: unknown
  readonly body?: unknown
  readonly headers?: unknown
  readonly bodySerializer?: unknown
}

/** Sends one operation. */
export type Send = (
  method: string,
  template: string,
  input?: RawInput,
  options?: CallOptions,
) => APIPromise<unknown>

/** A function that sends operations, and the generated client that builds their requests. */
export interface Sender {
  readonly send: Send
  readonly http: HttpClient
}

/** Joins the generated client, which builds requests, to the pipeline, which sends them. */
export function createSender(config: Config, pipeline: Pipeline): Sender {
  const http = createHttp({ baseUrl: config.host, throwOnError: true, querySerializer: queryString })

  const send: Send = (method, template, { path, ...input } = {}, options = {}) => {
    const { headers, ...limits } = options
    const call: Call = {
      ...limits,
      operation: `${method} ${template}`,
      replay: isReading(method, template) ? 'safe' : 'unsafe',
      body: 'buffer',
    }
    const fetchResponse = async (): Promise<Response> => {
      // The generated client types inputs per operation; here they have been checked by the caller's types already.
      const built = {
        ...input,
        method,
        url: encodePath(template, fillInPath(template, path, config)),
        headers: mergeHeaders(config.headers, input.headers, headers),
        // The response is decoded by the runtime, which knows broken bodies from good ones.
        parseAs: 'stream',
        fetch: (request: Request) => pipeline(request, call),
      } as Parameters<HttpClient['request']>[0]
      const { response } = await http.request(built)
      // With `throwOnError` every path without a response throws.
      return response as Response
    }
    return new APIPromise(fetchResponse, (response) => decodeBody(response, call))
  }

  return { send, http }
}

function isReading(method: string, template: string): boolean {
  return method === 'GET' || method === 'HEAD' || (method === 'POST' && readingPosts.has(template))
}

/** JSON is what operations take; the generated functions set null for forms, whose type carries a boundary. */
function mergeHeaders(...sources: readonly unknown[]): Record<string, unknown> {
  return Object.assign({ 'Content-Type': 'application/json' }, ...sources)
}
