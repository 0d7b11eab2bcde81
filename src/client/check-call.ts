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
import { isThrottleClass } from '../runtime/limits/buckets.ts'
import { checkSchema } from '../runtime/transport/validate.ts'
import type { RawInput } from './build-request.ts'

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
