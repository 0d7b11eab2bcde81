import { DecodeError } from '../errors/decode-error.ts'

/**
 * How an operation tells about its next page: `link` by a link in `next`, `flag` by `has_next` or `has_more`. A list
 * without either is whole, and so is a bare array.
 */
export type PagingKind = 'link' | 'flag'

/** What one answer says about its list. */
export interface PageFacts {
  readonly items: readonly unknown[]
  /** Query string of the next page; undefined on the last one. */
  readonly next: string | undefined
  /** Items of the whole list, where PostHog counts them. */
  readonly count: number | undefined
}

/**
 * Reads one page: `{ results, next, count | total_count }`, `{ results, has_next | has_more }`, or a bare array.
 *
 * @param search query string of this page, for lists that tell of a next page without saying where it is
 * @throws DecodeError when there is no list in the answer, or its `next` leads nowhere
 */
export function readPage(body: unknown, paging: PagingKind, search: string, operation: string): PageFacts {
  if (Array.isArray(body)) return { items: body, next: undefined, count: body.length }
  const { results, next, has_next, has_more, count, total_count } = Object(body)
  if (!Array.isArray(results)) {
    const found =
      typeof body === 'object' && body !== null
        ? Object.keys(body).slice(0, 10).join(', ').slice(0, 200)
        : typeof body
    throw new DecodeError({
      message: `${operation} was to answer a list or an object with \`results\`, and answered ${found || 'nothing'}.`,
      fix: 'Use `request` when this operation does not answer a list.',
    })
  }
  const goesOn = paging === 'flag' ? has_next === true || has_more === true : Boolean(next)
  const total = count ?? total_count
  return {
    items: results,
    next: !goesOn
      ? undefined
      : paging === 'flag'
        ? advanced(search, results.length)
        : searchOf(next, operation),
    count: typeof total === 'number' ? total : undefined,
  }
}

/**
 * The query string of a link. Nothing else of it is used: PostHog builds links from what a proxy tells, so that host,
 * scheme and prefix may be wrong, and the key must go nowhere else.
 */
function searchOf(next: unknown, operation: string): string {
  const base = 'http://base'
  const search =
    typeof next === 'string' && URL.canParse(next, base) ? new URL(next, base).search.slice(1) : ''
  if (search !== '') return search
  throw new DecodeError({
    message: `${operation} named a next page that has no query string.`,
    fix: 'Look for a proxy that changes answers.',
  })
}

/** The same query with its offset moved by the limit that was asked for, else by what came. */
function advanced(search: string, received: number): string {
  const query = new URLSearchParams(search)
  const step = Number(query.get('limit')) || received
  query.set('offset', String((Number(query.get('offset')) || 0) + step))
  return query.toString()
}
