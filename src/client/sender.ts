import type { RouteOptions } from '../resources/requester.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { isPostHogError } from '../runtime/errors/posthog-error.ts'
import { createNotice, noticeIn } from '../runtime/observe/notices.ts'
import type { Outcome } from '../runtime/transport/answer.ts'
import { APIPromise } from '../runtime/transport/api-promise.ts'
import type { Call } from '../runtime/transport/context.ts'
import { decodeBody } from '../runtime/transport/decode.ts'
import type { Pipeline } from '../runtime/transport/pipeline.ts'
import { buildRequest, type RawInput } from './build-request.ts'
import { describeCall } from './describe-call.ts'
import { fillInPath } from './fill-in-path.ts'
import { mergeHeaders } from './merge-headers.ts'
import { isDeprecated } from './rules/is-deprecated.ts'

/** Sends one operation. */
export type Send = (
  method: string,
  template: string,
  input?: RawInput,
  options?: RouteOptions,
) => APIPromise<unknown>

/** Sends operations through a pipeline and decodes what they answer. */
export function createSender(config: Config, pipeline: Pipeline): Send {
  const notice = createNotice(config.log)
  return (method, template, input = {}, options = {}) => {
    // Where the caller is: errors and notices of a call that ends much later point there.
    const trace = new Error()
    const { validate, schema, headers, ...limits } = options
    const operation = `${method} ${template}`

    const send = async (): Promise<Outcome> => {
      const path = fillInPath(template, input.path, config)
      const call: Call = { ...describeCall(method, template, path), ...limits }
      const outgoing = buildRequest(
        config,
        method,
        template,
        path,
        input,
        mergeHeaders(input.headers, headers),
      )
      const outcome = await pipeline(outgoing, call)
      const text = isDeprecated(method, template)
        ? `${operation} is deprecated by PostHog.`
        : noticeIn(operation, outcome.headers)
      if (text !== undefined) notice(text, trace)
      return outcome
    }
    const decode = async (outcome: Outcome): Promise<unknown> => {
      const data = await decodeBody(outcome, { operation })
      const mode = validate ?? (schema === undefined ? config.validate : 'throw')
      const held = mode === 'off' ? undefined : (schema ?? config.validators?.(operation))
      if (mode === 'off' || held === undefined) return data
      const { validateAnswer } = await import('../runtime/transport/validate.ts')
      await validateAnswer(data, held, mode, operation, config.log)
      return data
    }
    return new APIPromise(
      send().catch((error: unknown) => {
        throw pointAt(error, trace)
      }),
      decode,
    )
  }
}

/** An error that says where the call was made: behind the waits, its own trace shows the package alone. */
function pointAt(error: unknown, trace: Error): unknown {
  const frames = trace.stack?.split('\n').slice(1).join('\n')
  if (error instanceof Error && frames !== undefined && isPostHogError(error)) {
    error.stack = `${error.name}: ${error.message}\n${frames}`
  }
  return error
}
