import {
  anything,
  callback,
  checkOptions,
  flag,
  givenFields,
  isPlainObject,
  milliseconds,
  type OptionCheck,
  type OptionChecks,
  oneOf,
  text,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { refuseUnwritable } from '../../runtime/config/json-value.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { type HogQL, isHogQL } from '../../runtime/hogql/hogql.ts'
import type { CellOptions } from '../../runtime/rows/decode-cell.ts'
import type { CallOptions } from '../requester.ts'
import type { HogQLOptions, QueryOptions } from './query-options.ts'

/** Options of every call: the client checks their values when it sends the call. */
export const callChecks: OptionChecks<Omit<CallOptions, 'schema' | 'validate'>> = {
  signal: anything,
  timeout: anything,
  totalTimeout: anything,
  maxAttempts: anything,
  headers: anything,
  priority: anything,
}
export const cellChecks: OptionChecks<CellOptions> = {
  dates: oneOf('string', 'date'),
  int64: oneOf('number', 'bigint', 'string'),
}
const queryChecks: OptionChecks<QueryOptions> = {
  ...callChecks,
  refresh: oneOf(
    'blocking',
    'force_blocking',
    'async',
    'async_except_on_cache_miss',
    'lazy_async',
    'force_async',
  ),
  name: text(128),
  clientQueryId: text(),
  async: flag,
  onProgress: callback,
}
export const objectCheck: OptionCheck = { accepts: isPlainObject, expected: 'an object' }
/** Checks of each option of a HogQL query. */
export const hogqlChecks: OptionChecks<HogQLOptions> = {
  ...queryChecks,
  ...cellChecks,
  ttl: milliseconds,
  staleIfThrottled: milliseconds,
  variables: objectCheck,
}

/**
 * Options of a HogQL query from several places, later ones first. One that is undefined leaves the earlier one.
 *
 * @throws ConfigurationError for options that do not exist, have a wrong value or contradict each other
 */
export function hogqlOptions(owner: string, given: readonly unknown[]): HogQLOptions {
  for (const options of given) checkOptions(owner, options, hogqlChecks)
  // Each was checked to be an object with these options.
  const options: HogQLOptions = Object.assign({}, ...given.map((one) => givenFields(Object(one ?? {}))))
  // A variable without a value has the project's default.
  refuseUnwritable('variables', givenFields(options.variables ?? {}))
  if (options.staleIfThrottled !== undefined && options.ttl === undefined) {
    throw new ConfigurationError({
      message: `\`staleIfThrottled\` of \`${owner}\` has no meaning without \`ttl\`.`,
      fix: 'Pass `ttl` too: the milliseconds for which an answer is fresh.',
    })
  }
  return options
}

/**
 * Refuses options of a query of any kind that do not exist or have a wrong value.
 *
 * @throws ConfigurationError
 */
export function checkQueryOptions(options: unknown): void {
  checkOptions('query.run', options, queryChecks)
}

/**
 * Refuses everything that the tag did not make: text from outside must not become a query.
 *
 * @param subject what the value is called
 * @throws ConfigurationError
 */
export function assertHogQL(subject: string, value: unknown): HogQL<unknown> {
  if (isHogQL(value)) return value
  throw unexpected(
    subject,
    value,
    'a query that the tag `hogql` made',
    'Write it as hogql`select …`, or use `hogql.text(text, values)` for a text of your own. Nothing was sent.',
  )
}
