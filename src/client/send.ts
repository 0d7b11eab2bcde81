import {
  callOptionNames,
  type InternalOptions,
  type ListOptions,
  type RequestOptions,
} from '../resources/requester.ts'
import {
  checkBoolean,
  checkChoice,
  checkSignal,
  isPlainObject,
  type OptionNames,
  rejectUnknownOptions,
  unexpected,
} from '../runtime/config/check-options.ts'
import { readHeaders, splitHeaders } from '../runtime/config/headers.ts'
import { publicHost } from '../runtime/config/host.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { withCallerStack } from '../runtime/errors/posthog-error.ts'
import { createNoticeReporter, readNotices, schemaNotice } from '../runtime/observe/notices.ts'
import { type Redact, redactorOf } from '../runtime/observe/redact.ts'
import { checkConcurrency } from '../runtime/paging/read-ahead.ts'
import { APIPromise } from '../runtime/transport/api-promise.ts'
import type { InternalCall } from '../runtime/transport/call.ts'
import { type CallResult, decodeBody, requestIdOf } from '../runtime/transport/http-response.ts'
import type { Pipeline } from '../runtime/transport/pipeline.ts'
import { checkSchema, validateResponse } from '../runtime/transport/validate.ts'
import { buildRequest, type RawInput, resolvePathParams } from './build-request.ts'
import { sentDeprecation, unsentDeprecation } from './deprecation.ts'
import { type Operation, operationOf } from './operation.ts'

/** Internal options of one request. */
export interface SendOptions extends InternalOptions {
  /** Looks up the operation. Default: by its route. */
  readonly find?: ((route: string) => Operation) | undefined
}

/** Calls an operation by its method and path template. Invalid arguments reject. */
export type Send = (
  route: string,
  input?: RawInput,
  options?: RequestOptions,
  internal?: SendOptions,
) => APIPromise<unknown>

/** Creates a function that sends calls through a pipeline and decodes their responses. */
export function createSend(config: Config, pipeline: Pipeline): Send {
  const report = createNoticeReporter(config, redactorOf([config]))
  const strict = config.deprecations === 'throw'
  const send = async (
    route: string,
    input: RawInput,
    options: RequestOptions,
    { find = operationOf, ...internal }: SendOptions,
    trace: Error,
  ): Promise<CallResult> => {
    try {
      const operation = find(route)
      checkInput(input)
      checkCallOptions(options)
      const path = resolvePathParams(operation.template, input.path, config)
      const [headers, dropped] = headersOf(input, options)
      const project = path['project_id']
      const call = callOf(operation, project, dropped, options, bufferedOptions(config, options, internal))
      const host = call.public ? publicHost(config.host) : config.host
      const known =
        operation.deprecation === undefined ? undefined : schemaNotice(call.operation, operation.deprecation)
      if (known !== undefined && strict) {
        report(known, trace)
        throw unsentDeprecation(known)
      }
      const request = buildRequest(host, operation, path, input, headers)
      const result = await pipeline(request, call)
      if (known === undefined && !noticeHeaders.some((name) => result.headers.has(name))) return result
      const notices = readNotices(call.operation, known, result.headers, requestIdOf(result.headers))
      for (const notice of notices) report(notice, trace)
      const deprecation = notices.find(({ kind }) => kind === 'deprecation')
      if (deprecation !== undefined && strict) {
        throw await sentDeprecation(deprecation, call.replay, result, () =>
          decodeData(result, operation, input, internal),
        )
      }
      return result
    } catch (error) {
      throw withCallerStack(error, trace, redactorFor(input, options))
    }
  }
  const redactorFor = (input: RawInput, options: RequestOptions): Redact => {
    // A JavaScript caller may pass anything.
    const { headers, query } = Object(input)
    return redactorOf([config], headers, Object(options).headers, query)
  }
  const decode = (
    result: CallResult,
    operation: Operation,
    input: RawInput,
    { validate, schema }: RequestOptions,
    internal: InternalOptions,
  ): unknown => {
    const data = decodeData(result, operation, input, internal)
    if (result.value !== undefined) return data
    const route = operation.call.operation
    const mode = validate ?? (schema === undefined ? config.validate : 'throw')
    const validator = mode === 'off' ? undefined : (schema ?? config.validators?.(route))
    if (mode === 'off' || validator === undefined) return data
    const validated = validateResponse(data, validator, mode, route, config.log)
    // The client's validators only check. The response keeps the types of PostHog's schema.
    return schema === undefined ? validated.then(() => data) : validated
  }
  return (route, input = {}, options = {}, internal = {}) => {
    // After an await, the stack of an error shows only this package.
    const trace = new Error()
    const fail = (error: unknown): never => {
      throw withCallerStack(error, trace, redactorFor(input, options))
    }
    const decodeResult = (result: CallResult): unknown => {
      try {
        const data = decode(result, (internal.find ?? operationOf)(route), input, options, internal)
        return data instanceof Promise ? data.catch(fail) : data
      } catch (error) {
        return fail(error)
      }
    }
    return new APIPromise(send(route, input, options, internal, trace), decodeResult)
  }
}

/** Headers with warnings and deprecations. Few responses have one. */
const noticeHeaders = ['x-posthog-warn', 'warning', 'deprecation', 'sunset']

/** Adds a signal that cancels each call, besides the call's own. */
export function withSignal(send: Send, signal: AbortSignal | undefined): Send {
  if (signal === undefined) return send
  return (route, input, options, internal) => {
    const own = options?.signal
    // The pipeline validates the call's own signal.
    const both = own instanceof AbortSignal ? AbortSignal.any([own, signal]) : (own ?? signal)
    return send(route, input, { ...options, signal: both }, internal)
  }
}

/** The data of a response, not validated. */
function decodeData(
  result: CallResult,
  { call: { operation }, structured }: Operation,
  { query }: RawInput,
  { parse }: InternalOptions,
): unknown {
  if (result.value !== undefined) return result.value
  return decodeBody(result, { operation, parse, structured: structured && !requestsOtherFormat(query) })
}

/** Removes the body reader where middleware or validation needs the complete body. */
function bufferedOptions(
  config: Config,
  { validate, schema }: RequestOptions,
  internal: InternalOptions,
): InternalOptions {
  if (internal.bodyReader === undefined) return internal
  const validated = (validate ?? config.validate) !== 'off' || schema !== undefined
  return validated || config.middleware.length > 0 ? { ...internal, bodyReader: undefined } : internal
}

/** Whether a query requests a format other than JSON, such as `format: 'csv'` of some lists. */
function requestsOtherFormat(query: unknown): boolean {
  if (query === undefined) return false
  const search = typeof query === 'string' ? new URLSearchParams(query) : query
  const format: unknown = search instanceof URLSearchParams ? search.get('format') : Object(search).format
  return typeof format === 'string' && format !== 'json'
}

/** Headers to send, and names of those to drop, if any. */
type SplitHeaders = readonly [given: Readonly<Record<string, string>>, dropped?: readonly string[]]

const noHeaders: SplitHeaders = [{}]

/** Headers of a call, and those it drops. Headers in its options override those in its input. */
function headersOf(input: RawInput, options: RequestOptions): SplitHeaders {
  if (input.headers === undefined && options.headers === undefined) return noHeaders
  return splitHeaders({ ...readHeaders(input.headers, 'call'), ...readHeaders(options.headers, 'call') })
}

/** Written field by field: a spread is slower, and every request builds this object. */
function callOf(
  { call }: Operation,
  project: unknown,
  droppedHeaders: readonly string[] | undefined,
  options: RequestOptions,
  internal: InternalOptions,
): InternalCall {
  return {
    operation: call.operation,
    replay: call.replay,
    runsQuery: call.runsQuery,
    public: call.public,
    underEnvironments: call.underEnvironments,
    body: internal.bodyReader ?? internal.body ?? call.body,
    project: project === undefined ? call.project : String(project),
    throttle: internal.throttle ?? call.throttle,
    priority: options.priority,
    signal: options.signal,
    timeout: options.timeout,
    totalTimeout: options.totalTimeout,
    droppedHeaders,
    timeLeft: internal.timeLeft,
    onSend: internal.onSend,
    maxAttempts: options.maxAttempts,
  }
}

const optionNames: OptionNames<RequestOptions> = { ...callOptionNames, schema: true }
const listOptionNames: OptionNames<ListCallOptions> = {
  ...optionNames,
  cursor: true,
  prefetch: true,
  concurrency: true,
}
const inputNames: OptionNames<RawInput> = { path: true, query: true, body: true, headers: true }
const priorities = ['high', 'normal', 'low']
const modes = ['off', 'warn', 'throw']

/**
 * Checks that the input of a call has only `path`, `query`, `body` and `headers`.
 *
 * @throws ConfigurationError that names the unknown part
 */
export function checkInput(input: RawInput): void {
  rejectUnknownOptions('input', input, inputNames)
  if (input.path !== undefined && !isPlainObject(input.path)) {
    throw unexpected('`path`', input.path, 'an object with the path parameters')
  }
}

/**
 * Checks the names and types of the options of a call. Other functions check numbers and headers.
 *
 * @throws ConfigurationError that names the option
 */
export function checkCallOptions(options: RequestOptions): void {
  rejectUnknownOptions('request', options, optionNames)
  checkSignal(options.signal)
  checkChoice('priority', options.priority, priorities)
  checkChoice('validate', options.validate, modes)
  if (options.schema !== undefined) checkSchema(options.schema)
}

/** Options of a list, with or without a schema. */
export type ListCallOptions = ListOptions & RequestOptions

/**
 * Checks the names and types of the options of a list. Each call checks its own options.
 *
 * @throws ConfigurationError that names the option
 */
export function checkListOptions(options: ListCallOptions): void {
  rejectUnknownOptions('list', options, listOptionNames)
  const { cursor, prefetch, concurrency, signal, schema } = options
  checkBoolean('prefetch', prefetch)
  if (concurrency !== undefined) checkConcurrency(concurrency, prefetch)
  checkSignal(signal)
  if (schema !== undefined) checkSchema(schema)
  if (cursor === undefined || typeof cursor === 'string') return
  throw unexpected('`cursor`', cursor, 'a string, the `next` of a page')
}
