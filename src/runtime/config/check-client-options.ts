import { ConfigurationError } from '../errors/posthog-error.ts'
import { isThrottleClass, type LimitOptions } from '../limits/rates.ts'
import {
  checkBoolean,
  checkChoice,
  checkFunction,
  checkMethods,
  isEndpoint,
  isPlainObject,
  type OptionNames,
  rejectUnknownOptions,
  unexpected,
} from './check-options.ts'
import type { ClientOptions, RetryOptions } from './options.ts'

const retryNames: OptionNames<RetryOptions> = {
  maxAttempts: true,
  initialDelay: true,
  maxDelay: true,
  decide: true,
}
const limitNames: OptionNames<LimitOptions> = {
  mode: true,
  store: true,
  rates: true,
  maxConcurrentQueries: true,
  maxConcurrentMaterializedRuns: true,
  storeTimeout: true,
}
const functions = [
  'fetch',
  'validators',
  'onRequest',
  'onResponse',
  'onRetry',
  'onRateLimit',
  'onNotice',
] as const
const flags = ['findRegion', 'dangerouslyAllowBrowser'] as const

/**
 * Checks the types of the client options. `resolveConfig` checks numbers, host and headers.
 *
 * @throws ConfigurationError that names the option
 */
export function checkClientOptions(options: ClientOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === null) throw unexpected(`\`${name}\``, value, 'a value or undefined', `Omit \`${name}\`.`)
  }
  for (const name of functions) checkFunction(name, options[name])
  for (const name of flags) checkBoolean(name, options[name])
  checkChoice('onVersionDrift', options.onVersionDrift, ['throw', 'warn', 'ignore'])
  checkChoice('deprecations', options.deprecations, ['log', 'throw', 'ignore'])
  checkMethods('cache', options.cache, ['get', 'set', 'delete'])
  checkMethods('logger', options.logger, ['debug', 'info', 'warn', 'error'])
  checkMethods('tracer', options.tracer, ['startActiveSpan'])
  checkString('organizationId', options.organizationId)
  checkString('host', options.host)
  checkMiddleware(options.middleware)
  checkEndpoints(options.endpoints)
  if (options.retry !== false) checkRetry(options.retry)
  if (options.limits !== false) checkLimits(options.limits)
}

function checkRetry(retry: RetryOptions | undefined): void {
  rejectUnknownOptions('retry', retry, retryNames)
  if (retry?.decide === undefined || typeof retry.decide === 'function') return
  throw unexpected('`retry.decide`', retry.decide, 'a function')
}

function checkString(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value.trim() !== '')) return
  throw unexpected(`\`${name}\``, value, 'a non-empty string')
}

function checkMiddleware(middleware: unknown): void {
  if (middleware === undefined) return
  if (!Array.isArray(middleware)) {
    throw unexpected('`middleware`', middleware, 'an array of functions', 'Wrap the function in brackets.')
  }
  for (const [index, step] of [...middleware.entries()]) {
    if (typeof step !== 'function') throw unexpected(`\`middleware[${index}]\``, step, 'a function')
  }
}

function checkEndpoints(endpoints: unknown): void {
  if (endpoints === undefined) return
  const fix = 'Pass the object `endpoints` of the module that `typehog endpoints pull` writes.'
  if (!isPlainObject(endpoints)) throw unexpected('`endpoints`', endpoints, 'an object of endpoints', fix)
  const keys = new Map<string, string>()
  for (const [key, endpoint] of Object.entries(endpoints)) {
    if (!isEndpoint(endpoint)) {
      throw unexpected(`\`endpoints.${key}\``, endpoint, 'an endpoint with `name` and `columns`', fix)
    }
    const before = keys.get(endpoint.name)
    if (before !== undefined) {
      throw new ConfigurationError({
        message: `\`endpoints.${before}\` and \`endpoints.${key}\` both have the name "${endpoint.name}"; expected each name once.`,
        fix: 'Remove one of them: a run by name could not tell which version you mean.',
      })
    }
    keys.set(endpoint.name, key)
  }
}

function checkLimits(limits: LimitOptions | undefined): void {
  rejectUnknownOptions('limits', limits, limitNames)
  if (limits === undefined) return
  checkChoice('limits.mode', limits.mode, ['count', 'learn'])
  checkMethods('limits.store', limits.store, ['take', 'release', 'undo', 'block', 'usage'])
  if (limits.rates === undefined) return
  if (!isPlainObject(limits.rates)) throw unexpected('`limits.rates`', limits.rates, 'an object')
  for (const [name, rates] of Object.entries<unknown>(limits.rates)) {
    if (!isThrottleClass(name)) throw unexpected('A name in `limits.rates`', name, 'the name of a rate limit')
    if (rates !== undefined && !(Array.isArray(rates) && rates.every(isRate))) {
      throw unexpected(`\`limits.rates.${name}\``, rates, 'an array such as [{ requests: 120, seconds: 60 }]')
    }
  }
}

function isRate(rate: unknown): boolean {
  const { requests, seconds } = Object(rate)
  return [requests, seconds].every((number) => Number.isFinite(number) && number > 0)
}
