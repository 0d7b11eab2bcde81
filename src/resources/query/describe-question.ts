import { readHeaders } from '../../runtime/config/headers.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import type { Question } from './cached-answer.ts'
import type { HogQLOptions, QueryRefresh } from './query-options.ts'
import { isInBackground } from './source.ts'

/** The part of a question that follows from the query and its options. */
export type DescribedQuestion = Pick<Question<unknown>, 'text' | 'sharing' | 'forced'>

/**
 * What a cached answer depends on, and which callers may share a request. Options that are not named here are part of
 * the question, so that a new one cannot give the answer of another. Undefined for values that JSON cannot hold: sending
 * them says what is wrong.
 */
export function describeQuestion(
  { query, values }: HogQL<unknown>,
  options: HogQLOptions,
): DescribedQuestion | undefined {
  const {
    // Applied to the answer, for each caller.
    dates: _dates,
    int64: _int64,
    ttl: _ttl,
    staleIfThrottled: _staleIfThrottled,
    // Kept by each caller for itself.
    signal: _signal,
    totalTimeout: _totalTimeout,
    onProgress: _onProgress,
    // Names in PostHog's log.
    name: _name,
    clientQueryId: _clientQueryId,
    // How the request is made.
    async: _async,
    refresh,
    priority,
    timeout,
    maxAttempts,
    headers,
    ...rest
  } = options
  const freshness = freshnessOf(refresh)
  const background = isInBackground(options)
  try {
    return {
      // A forced answer is as good as any; one that PostHog kept for a day is only good for those who allow that.
      text: JSON.stringify([query, values, rest, headerList(headers), freshness === 'lazy']),
      sharing: JSON.stringify([freshness, background, priority, timeout, maxAttempts]),
      forced: freshness === 'forced',
    }
  } catch {
    return undefined
  }
}

function freshnessOf(refresh: QueryRefresh | undefined): 'forced' | 'lazy' | 'fresh' {
  if (refresh?.startsWith('force') === true) return 'forced'
  return refresh === 'lazy_async' ? 'lazy' : 'fresh'
}

/** Headers of a call in an order and a case that do not depend on how they were written. */
function headerList(headers: HogQLOptions['headers']): [name: string, value: string][] {
  return Object.entries(readHeaders(headers)).sort(([one], [other]) => (one < other ? -1 : 1))
}
