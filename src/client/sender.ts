import type { RouteOptions } from '../resources/requester.ts'
import { readHeaders } from '../runtime/config/headers.ts'
import { publicHost } from '../runtime/config/public-host.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { pointAt } from '../runtime/errors/point-at.ts'
import { noticeIn } from '../runtime/observe/notice-in.ts'
import { type Told, tellNotice } from '../runtime/observe/notices.ts'
import { type Redact, redactorOf } from '../runtime/observe/redact.ts'
import type { Outcome } from '../runtime/transport/answer.ts'
import { APIPromise } from '../runtime/transport/api-promise.ts'
import type { Call } from '../runtime/transport/context.ts'
import { decodeBody } from '../runtime/transport/decode.ts'
import { encodePath } from '../runtime/transport/encode-path.ts'
import type { Pipeline } from '../runtime/transport/pipeline.ts'
import { validateAnswer } from '../runtime/transport/validate.ts'
import { buildRequest, type RawInput } from './build-request.ts'
import { checkCallOptions, checkInput } from './check-call.ts'
import { fillInPath } from './fill-in-path.ts'
import { type Operation, operationOf } from './operation.ts'

/** Sends one operation, by its method and path template. Wrong arguments reject. */
export type Send = (route: string, input?: RawInput, options?: RouteOptions) => APIPromise<unknown>

/** Sends operations through a pipeline and decodes what they answer. */
export function createSender(config: Config, pipeline: Pipeline): Send {
  const told: Told = new Set()
  const send = async (
    route: string,
    input: RawInput,
    options: RouteOptions,
    trace: Error,
  ): Promise<Outcome> => {
    try {
      const operation = operationOf(route)
      checkInput(input)
      checkCallOptions(options)
      const path = fillInPath(operation.template, input.path, config)
      const call = callOf(operation, path['project_id'], options, sinkOf(options))
      const outgoing = buildRequest(
        call.public ? { host: publicHost(config.host) } : config,
        operation,
        operation.fill(path) ?? encodePath(operation.template, path),
        input,
        headersOf(input, options),
      )
      const outcome = await pipeline(outgoing, call)
      const text = operation.deprecated
        ? `${call.operation} is deprecated by PostHog.`
        : noticeIn(call.operation, outcome.headers)
      if (text !== undefined) tellNotice(text, trace, config.log, told)
      return outcome
    } catch (error) {
      throw pointAt(error, trace, redactorFor(input, options))
    }
  }
  const redactorFor = (input: RawInput, options: RouteOptions): Redact => {
    // Either may be anything from plain JavaScript.
    const { headers, query } = Object(input)
    return redactorOf([config], headers, Object(options).headers, query)
  }
  // Whoever else looks at the body needs all of it.
  const sinkOf = ({ sink, validate, schema }: RouteOptions): RouteOptions['sink'] => {
    const looked = (validate ?? config.validate) !== 'off' || schema !== undefined
    return looked || config.middleware.length > 0 ? undefined : sink
  }
  const decode = (
    outcome: Outcome,
    { call: { operation }, structured }: Operation,
    { query }: RawInput,
    { validate, schema, parse }: RouteOptions,
  ): unknown => {
    if (outcome.value !== undefined) return outcome.value
    const data = decodeBody(outcome, { operation, parse, structured: structured && !asksForText(query) })
    const mode = validate ?? (schema === undefined ? config.validate : 'throw')
    const wanted = mode === 'off' ? undefined : (schema ?? config.validators?.(operation))
    if (mode === 'off' || wanted === undefined) return data
    const checked = validateAnswer(data, wanted, mode, operation, config.log)
    // The client's validators only check: the types of the answer stay those of PostHog's schema.
    return schema === undefined ? checked.then(() => data) : checked
  }
  return (route, input = {}, options = {}) => {
    // Behind the waits an error shows the package alone.
    const trace = new Error()
    const fail = (error: unknown): never => {
      throw pointAt(error, trace, redactorFor(input, options))
    }
    const decodeIt = (outcome: Outcome): unknown => {
      try {
        const data = decode(outcome, operationOf(route), input, options)
        return data instanceof Promise ? data.catch(fail) : data
      } catch (error) {
        return fail(error)
      }
    }
    return new APIPromise(send(route, input, options, trace), decodeIt)
  }
}

/** Whether a query asks for another format than JSON, which some lists have: `format: 'csv'`. */
function asksForText(query: unknown): boolean {
  const search = typeof query === 'string' ? new URLSearchParams(query) : query
  const format: unknown = search instanceof URLSearchParams ? search.get('format') : Object(search).format
  return typeof format === 'string' && format !== 'json'
}

/** Headers of a call: those of its options win over those of its input. */
function headersOf(input: RawInput, options: RouteOptions): Readonly<Record<string, string>> {
  if (input.headers === undefined) return readHeaders(options.headers)
  return { ...readHeaders(input.headers), ...readHeaders(options.headers) }
}

/** One by one, and not spread: this object is made for each request. */
function callOf(
  { call }: Operation,
  project: unknown,
  options: RouteOptions,
  sink: RouteOptions['sink'],
): Call {
  return {
    operation: call.operation,
    replay: call.replay,
    runsQuery: call.runsQuery,
    public: call.public,
    underEnvironments: call.underEnvironments,
    body: sink ?? options.body ?? call.body,
    project: project === undefined ? undefined : String(project),
    throttle: options.throttle ?? call.throttle,
    priority: options.priority,
    signal: options.signal,
    timeout: options.timeout,
    totalTimeout: options.totalTimeout,
    timeLeft: options.timeLeft,
    onSend: options.onSend,
    maxAttempts: options.maxAttempts,
  }
}
