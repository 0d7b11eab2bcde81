import { integerBetween, unexpected } from '../config/check-options.ts'

/** Pages of a list in flight, at most. More would use up PostHog's limit of a minute within seconds. */
const concurrencyOption = integerBetween(1, 16)

/**
 * Checks the option `concurrency` of a list.
 *
 * @throws ConfigurationError when it is out of range, or contradicts `prefetch`
 */
export function checkConcurrency(concurrency: number, prefetch: boolean | undefined): void {
  if (!concurrencyOption.accepts(concurrency)) {
    throw unexpected('`concurrency`', concurrency, concurrencyOption.expected)
  }
  if (concurrency > 1 && prefetch === false) {
    throw unexpected('`prefetch`', prefetch, 'true with `concurrency`', 'Omit one of them.')
  }
}

const offsetPattern = /((?:^|&)offset=)(\d+)/

/**
 * Query strings of the next page and of pages after it that the list has by its `count`. Only the next page, unless
 * `next` repeats the query of the current page with a greater `offset`.
 *
 * @param search query string of the current page
 * @param max maximum number of query strings
 * @param missing number of items that the caller still wants
 */
export function searchesAhead(
  search: string,
  next: string,
  count: number | undefined,
  max: number,
  missing: number,
): readonly string[] {
  const offset = Number(offsetPattern.exec(next)?.[2])
  const step = offset - Number(new URLSearchParams(search).get('offset'))
  const pages = Math.min(max, Math.ceil(Math.min((count ?? 0) - offset, missing) / step))
  if (!(step > 0 && pages > 1) || filtersOf(search) !== filtersOf(next)) return [next]
  return Array.from({ length: pages }, (_, page) =>
    // The server's own spelling of the query, so that a predicted query string equals the one in its link.
    next.replace(offsetPattern, `$1${offset + page * step}`),
  )
}

/** The query without the position of the page. PostHog adds its default `limit` to links, or lowers it. */
function filtersOf(search: string): string {
  const query = new URLSearchParams(search)
  query.delete('offset')
  query.delete('limit')
  query.sort()
  return query.toString()
}
