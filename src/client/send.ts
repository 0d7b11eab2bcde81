import { callOptionNames, type ListOptions, type RouteOptions } from '../resources/requester.ts'
import {
  checkBoolean,
  checkChoice,
  checkFunction,
  checkSignal,
  isPlainObject,
  type OptionNames,
  refuseUnknown,
  unexpected,
} from '../runtime/config/check-options.ts'
import { readHeaders } from '../runtime/config/headers.ts'
import { publicHost } from '../runtime/config/host.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { withCallerStack } from '../runtime/errors/posthog-error.ts'
import { isThrottleClass } from '../runtime/limits/rates.ts'
import { logNotice, type NoticeLog, parseNotice } from '../runtime/observe/notices.ts'
import { type Redact, redactorOf } from '../runtime/observe/redact.ts'
import { APIPromise } from '../runtime/transport/api-promise.ts'
import type { Call } from '../runtime/transport/call.ts'
import { type CallResult, decodeBody } from '../runtime/transport/http-response.ts'
import type { Pipeline } from '../runtime/transport/pipeline.ts'
import { checkSchema, validateResponse } from '../runtime/transport/validate.ts'
import { buildRequest, type RawInput } from './build-request.ts'
import { type Operation, operationOf } from './operation.ts'
import { encodePath, resolvePathParams } from './path.ts'

/** Sends one operation, by its method and path template. Wrong arguments reject. */
export type Send = (route: string, input?: RawInput, options?: RouteOptions) => APIPromise<unknown>

/** Sends operations through a pipeline and decodes what they answer. */
export function createSender(config: Config, pipeline: Pipeline): Send {
  const told: NoticeLog = new Set()
  const send = async (
    route: string,
    input: RawInput,
    options: RouteOptions,
    trace: Error,
  ): Promise<CallResult> => {
    try {
      const operation = operationOf(route)
      checkInput(input)
      checkCallOptions(options)
      const path = resolvePathParams(operation.template, input.path, config)
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
        : parseNotice(call.operation, outcome.headers)
      if (text !== undefined) logNotice(text, trace, config.log, told)
      return outcome
    } catch (error) {
      throw withCallerStack(error, trace, redactorFor(input, options))
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
    outcome: CallResult,
    { call: { operation }, structured }: Operation,
    { query }: RawInput,
    { validate, schema, parse }: RouteOptions,
  ): unknown => {
    if (outcome.value !== undefined) return outcome.value
    const data = decodeBody(outcome, { operation, parse, structured: structured && !asksForText(query) })
    const mode = validate ?? (schema === undefined ? config.validate : 'throw')
    const wanted = mode === 'off' ? undefined : (schema ?? config.validators?.(operation))
    if (mode === 'off' || wanted === undefined) return data
    const checked = validateResponse(data, wanted, mode, operation, config.log)
    // The client's validators only check: the types of the answer stay those of PostHog's schema.
    return schema === undefined ? checked.then(() => data) : checked
  }
  return (route, input = {}, options = {}) => {
    // Behind the waits an error shows the package alone.
    const trace = new Error()
    const fail = (error: unknown): never => {
      throw withCallerStack(error, trace, redactorFor(input, options))
    }
    const decodeIt = (outcome: CallResult): unknown => {
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

const optionNames: OptionNames<RouteOptions> = {
  ...callOptionNames,
  schema: true,
  throttle: true,
  parse: true,
  body: true,
  sink: true,
  timeLeft: true,
  onSend: true,
}
const inputNames: OptionNames<RawInput> = { path: true, query: true, body: true, headers: true }
const priorities = ['high', 'normal', 'low']
const modes = ['off', 'warn', 'throw']
const bodies = ['buffer', 'stream']

/**
 * Refuses the input of a call that has other parts than `path`, `query`, `body` and `headers`.
 *
 * @throws ConfigurationError that names the part
 */
export function checkInput(input: RawInput): void {
  refuseUnknown('input', input, inputNames)
  if (input.path !== undefined && !isPlainObject(input.path)) {
    throw unexpected('`path`', input.path, 'an object with the path parameters')
  }
}

/**
 * Refuses options of a call that do not exist or are of the wrong type. Numbers and headers are checked where they are
 * read.
 *
 * @throws ConfigurationError that names the option
 */
export function checkCallOptions(options: RouteOptions): void {
  refuseUnknown('request', options, optionNames)
  checkSignal(options.signal)
  checkChoice('priority', options.priority, priorities)
  checkChoice('validate', options.validate, modes)
  checkChoice('body', options.body, bodies)
  checkFunction('parse', options.parse)
  checkFunction('sink', options.sink)
  checkSchema(options.schema)
  if (options.throttle !== undefined && !isThrottleClass(options.throttle)) {
    throw unexpected('`throttle`', options.throttle, 'the name of a rate limit')
  }
}

/** Options of a list, with or without a schema. */
export type ListCallOptions = ListOptions & Pick<RouteOptions, 'schema' | 'timeLeft' | 'onSend'>

const listNames: OptionNames<ListCallOptions> = {
  ...callOptionNames,
  schema: true,
  timeLeft: true,
  onSend: true,
  cursor: true,
  prefetch: true,
}

/**
 * Refuses options of a list that do not exist or are of the wrong type. Those of its calls are checked with each.
 *
 * @throws ConfigurationError that names the option
 */
export function checkListOptions(options: ListCallOptions): void {
  refuseUnknown('list', options, listNames)
  const { cursor, prefetch, signal, schema } = options
  checkBoolean('prefetch', prefetch)
  checkSignal(signal)
  checkSchema(schema)
  if (cursor === undefined || typeof cursor === 'string') return
  throw unexpected('`cursor`', cursor, 'the `next` of a page, a text')
}
