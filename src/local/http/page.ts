/** Page size of requests without one. */
export const DEFAULT_PAGE_SIZE: number = 100

/** A page with absolute links to its neighbors. The links keep the other query parameters. */
export interface Page<T> {
  readonly next: string | null
  readonly previous: string | null
  readonly results: T[]
}

/** A page that also counts all items of the list. */
export interface CountedPage<T> extends Page<T> {
  readonly count: number
}

/** Pages a list by `limit` and `offset`. */
export function offsetPage<T>(items: readonly T[], url: URL, maxSize: number): CountedPage<T> {
  const { limit, offset } = readWindow(url, maxSize)
  return {
    count: items.length,
    next: offset + limit < items.length ? offsetLink(url, limit, offset + limit) : null,
    previous: offset > 0 ? offsetLink(url, limit, Math.max(0, offset - limit)) : null,
    results: items.slice(offset, offset + limit),
  }
}

/**
 * Pages a list of persons by `limit` and `offset`, without a count.
 *
 * As in PostHog, a full page links to a next page, which may be empty. `previous` repeats the current offset when the
 * previous page would start at 0.
 */
export function uncountedPage<T>(items: readonly T[], url: URL, maxSize: number): Page<T> {
  const { limit, offset } = readWindow(url, maxSize)
  const results = items.slice(offset, offset + limit)
  return {
    next: results.length >= limit ? offsetLink(url, limit, offset + limit) : null,
    previous: offset > 0 ? offsetLink(url, limit, Math.max(0, offset - limit) || offset) : null,
    results,
  }
}

/** Pages a list by number, such as `?page=2`. Returns undefined when the page does not exist. */
export function numberedPage<T>(
  items: readonly T[],
  url: URL,
  maxSize: number,
  requestedSize: number = DEFAULT_PAGE_SIZE,
): CountedPage<T> | undefined {
  const size = Math.min(maxSize, requestedSize)
  const lastPage = Math.max(1, Math.ceil(items.length / size))
  const requested = url.searchParams.get('page')
  const page = requested === null ? 1 : Number(requested)
  if (!Number.isInteger(page) || page < 1 || page > lastPage) return undefined
  const link = (number: number): string => {
    const target = new URL(url)
    if (number > 1) target.searchParams.set('page', String(number))
    else target.searchParams.delete('page')
    return target.href
  }
  return {
    count: items.length,
    next: page < lastPage ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    results: items.slice((page - 1) * size, page * size),
  }
}

/** A page of the rows of a query that may have a LIMIT of its own. */
export interface RowPage {
  readonly limit: number
  readonly offset: number
  /** The LIMIT in the SQL. */
  readonly maxRows: number | undefined
}

/** The LIMIT and OFFSET that read a page and one extra row. Undefined when the page lies beyond `maxRows`. */
export function rowWindow({
  limit,
  offset,
  maxRows,
}: RowPage): { readonly limit: number; readonly offset: number } | undefined {
  if (maxRows !== undefined && offset >= maxRows) return undefined
  return { limit: Math.min(limit, (maxRows ?? Number.POSITIVE_INFINITY) - offset) + 1, offset }
}

/**
 * Removes the extra row of `rowWindow`, which shows whether another page follows. As in PostHog, the extra row stays
 * when the page is larger than `maxRows`.
 */
export function trimRows<T>(
  rows: readonly T[],
  page: RowPage,
): { readonly rows: readonly T[]; readonly hasMore: boolean } {
  const hasExtra = rows.length > page.limit
  const trimmed = hasExtra ? rows.slice(0, page.limit) : rows
  const isEnd = page.maxRows !== undefined && page.offset + trimmed.length >= page.maxRows
  return { rows: trimmed, hasMore: hasExtra && !isEnd }
}

/** The positive integer in a query parameter. Like Django REST framework, ignores any other value. */
export function positiveInteger(text: string | null): number | undefined {
  const value = Number(text ?? '')
  return Number.isInteger(value) && value > 0 ? value : undefined
}

function readWindow({ searchParams }: URL, maxSize: number): { limit: number; offset: number } {
  return {
    limit: Math.min(maxSize, positiveInteger(searchParams.get('limit')) ?? DEFAULT_PAGE_SIZE),
    offset: positiveInteger(searchParams.get('offset')) ?? 0,
  }
}

function offsetLink(url: URL, limit: number, offset: number): string {
  const target = new URL(url)
  target.searchParams.set('limit', String(limit))
  if (offset > 0) target.searchParams.set('offset', String(offset))
  else target.searchParams.delete('offset')
  return target.href
}
