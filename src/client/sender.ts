import type { RouteOptions } from '../resources/requester.ts'
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
import { type StandardSchema, type ValidateMode, validateAnswer } from '../runtime/transport/validate.ts'
import { buildRequest, type RawInput } from './build-request.ts'
import { fillInPath } from './fill-in-path.ts'
import { asForm } from './form-body.ts'
import { mergeHeaders } from './merge-headers.ts'
import { type Operation, operationOf } from './operation.ts'

/** Sends one operation. */
export type Send = (
  method: string,
  template: string,
  input?: RawInput,
  options?: RouteOptions,
) => APIPromise<unknown>

/** Sends operations through a pipeline and decodes what they answer. */
export function createSender(config: Config, pipeline: Pipeline): Send {
  const told: Told = new Set()
  const send = async (
    operation: Operation,
    input: RawInput,
    options: RouteOptions,
    trace: Error,
  ): Promise<Outcome> => {
    try {
      const path = fillInPath(operation.template, input.path, config)
      const call = callOf(operation, path['project_id'], options, sinkOf(options))
      const outgoing = buildRequest(
        call.public ? { host: publicHost(config.host) } : config,
        operation,
        operation.fill(path) ?? encodePath(operation.template, path),
        operation.form ? asForm(input) : input,
        mergeHeaders(input.headers, options.headers),
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
  const redactorFor = ({ headers, query }: RawInput, options: RouteOptions): Redact =>
    redactorOf([config], headers, options.headers, query)
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
    const held = mode === 'off' ? undefined : (schema ?? config.validators?.(operation))
    return mode === 'off' || held === undefined ? data : hold(data, held, mode, operation)
  }
  const hold = async (
    data: unknown,
    schema: StandardSchema,
    mode: ValidateMode,
    operation: string,
  ): Promise<unknown> => {
    await validateAnswer(data, schema, mode, operation, config.log)
    return data
  }
  return (method, template, input = {}, options = {}) => {
    // Behind the waits an error shows the package alone.
    const trace = new Error()
    const operation = operationOf(method, template)
    const fail = (error: unknown): never => {
      throw pointAt(error, trace, redactorFor(input, options))
    }
    const decodeIt = (outcome: Outcome): unknown => {
      try {
        const data = decode(outcome, operation, input, options)
        return data instanceof Promise ? data.catch(fail) : data
      } catch (error) {
        return fail(error)
      }
    }
    return new APIPromise(send(operation, input, options, trace), decodeIt)
  }
}

/** Whether a query asks for another format than JSON, which some lists have: `format: 'csv'`. */
function asksForText(query: unknown): boolean {
  const format: unknown =
    typeof query === 'string' ? new URLSearchParams(query).get('format') : Object(query).format
  return typeof format === 'string' && format !== 'json'
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
