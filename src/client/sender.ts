import { readingPosts } from '../generated/rules.gen.ts'
import type { CallOptions } from '../resources/requester.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { APIPromise } from '../runtime/transport/api-promise.ts'
import type { Call } from '../runtime/transport/context.ts'
import { decodeBody } from '../runtime/transport/decode.ts'
import type { Pipeline } from '../runtime/transport/pipeline.ts'
import { buildRequest, type RawInput } from './build-request.ts'

/** Sends one operation. */
export type Send = (
  method: string,
  template: string,
  input?: RawInput,
  options?: CallOptions,
) => APIPromise<unknown>

/** Sends operations through a pipeline and decodes what they answer. */
export function createSender(config: Config, pipeline: Pipeline): Send {
  return (method, template, input = {}, { headers, ...limits } = {}) => {
    const call: Call = {
      ...limits,
      operation: `${method} ${template}`,
      replay: isReading(method, template) ? 'safe' : 'unsafe',
      body: 'buffer',
    }
    const all = mergeHeaders(config.headers, input.headers, headers)
    return new APIPromise(
      async () => pipeline(buildRequest(config, method, template, { ...input, headers: all }), call),
      (response) => decodeBody(response, call),
    )
  }
}

/** Headers by their names in lower case, the later ones winning however they are spelled. */
function mergeHeaders(...sources: readonly unknown[]): Record<string, unknown> {
  const entries = sources.flatMap((source) => Object.entries(Object(source ?? {})))
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]))
}

function isReading(method: string, template: string): boolean {
  return method === 'GET' || method === 'HEAD' || (method === 'POST' && readingPosts.has(template))
}
