import { createClient as createHttp, type Client as HttpClient } from '../generated/client/index.ts'
import { readingPosts } from '../generated/rules.gen.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { requireProjectId } from '../runtime/config/resolve.ts'
import { decodeBody } from '../runtime/transport/decode.ts'
import { APIPromise } from '../runtime/transport/api-promise.ts'
import type { Call } from '../runtime/transport/context.ts'
import type { Pipeline } from '../runtime/transport/pipeline.ts'
import { encodePath } from '../runtime/transport/path.ts'
import type { CallOptions } from '../resources/requester.ts'
import { queryString } from './query-string.ts'

/** An operation's input before types: what `client.request` and the functions of `typehog/api` hand over. */
export interface RawInput {
  readonly path?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly headers?: unknown
  readonly bodySerializer?: unknown
}

/** Sends one operation. */
export type Send = (method: string, template: string, input?: RawInput, options?: CallOptions) => APIPromise<unknown>

/** The generated client builds each request, the pipeline sends it. */
export function createSender(config: Config, pipeline: Pipeline): { send: Send; http: HttpClient } {
  const http = createHttp({ baseUrl: config.host, throwOnError: true, querySerializer: queryString })

  const send: Send = (method, template, { path, query, body, headers, bodySerializer } = {}, options = {}) => {
    const { signal, timeout, totalTimeout, maxAttempts } = options
    const call: Call = {
      operation: `${method} ${template}`,
      replay: isReading(method, template) ? 'safe' : 'unsafe',
      body: 'buffer',
      ...(signal === undefined ? {} : { signal }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(totalTimeout === undefined ? {} : { totalTimeout }),
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
    }
    return new APIPromise(async () => {
      const url = encodePath(template, fillIn(template, path, config))
    })
  }
  return { send, http }
}
