import { defaults } from '../config/defaults.ts'
import { isPostHogError, withCallerStack } from '../errors/posthog-error.ts'
import { DecodeError } from '../errors/result-errors.ts'
import type { Redact } from '../observe/redact.ts'
import { watchSignal } from '../transport/deadline.ts'
import { alreadyReadError } from '../transport/read-once.ts'
import { createDeduplicator, createEndGuard } from './deduplicate.ts'
import { searchesAhead } from './read-ahead.ts'

/** One page of a list. */
export interface Page<Item> {
  /** Items of the page, without exact duplicates from earlier pages: inserts between two requests shift items. */
  readonly items: readonly Item[]
  /** Cursor of the next page. Pass it as `cursor` to resume there. Undefined on the last page. */
  readonly next: string | undefined
  /** Number of items in the list, where PostHog counts them. */
  readonly count: number | undefined
  readonly requestId: string | undefined
  /** The response body. */
  readonly body: unknown
}

/** Configuration of a list. */
export interface ListConfig {
  /** Requests one page, by its query string. */
  send(search: string, signal: AbortSignal | undefined): Promise<SentPage>
  /** Created with the list; errors show its stack frames. */
  readonly trace?: Error | undefined
  /** Redacts the secrets of the client and the list's calls in errors. */
  readonly redactText?: Redact | undefined
  /** Method and path template, for errors. */
  readonly operation: string
  /** How the list reports its next page. */
  readonly paging: PagingKind
  /** Query string of the first page. */
  readonly search: string
  readonly signal?: AbortSignal | undefined
  /** Query string of the page to start at. Default: the first page. */
  readonly cursor?: string | undefined
  /** Validates the items of a page, and returns the output of the schema. */
  readonly shape?: ((items: readonly unknown[]) => Promise<readonly unknown[]>) | undefined
  /** Whether to request the next page while the caller reads the current one. Default: `true`. */
  readonly prefetch?: boolean | undefined
  /** Maximum number of pages in flight, and of pages held ahead of the reader. Default: 1. */
  readonly concurrency?: number | undefined
}

/** Response for one page. */
export interface SentPage {
  readonly body: unknown
  readonly requestId: string | undefined
}

/** Requests the first page of a list. */
export function firstPage<Item>(config: ListConfig): Promise<Page<Item>> {
  return fetchPage(config, config.cursor ?? config.search, config.signal)
}

/** Requests one page. Errors have the page's cursor, to resume from. */
async function fetchPage<Item>(
  { send, operation, paging, trace, redactText }: ListConfig,
  search: string,
  signal: AbortSignal | undefined,
): Promise<Page<Item>> {
  try {
    const { body, requestId } = await send(search, signal)
    const { items, next, count } = readPage(body, paging, search, operation)
    // PostHog's schema determines the item type.
    return { items: items as readonly Item[], next, count, requestId, body }
  } catch (error) {
    if (isPostHogError(error)) Object.assign(error, { cursor: search })
    throw withCallerStack(error, trace, redactText)
  }
}

/** A page that is requested ahead of the reader. */
interface PageAhead<Item> {
  readonly search: string
  readonly page: Promise<Page<Item>>
  /** Whether the request started before the page in front of it arrived. */
  readonly early: boolean
}

/**
 * Iterates over the pages of a list, in order. Requests the next page while the caller reads the current one, or several
 * pages with `concurrency`; leaving the loop aborts them. Concurrent calls of `next` run one after the other. A second
 * loop throws ConfigurationError.
 *
 * A page that was requested early is used only if the page in front of it links to it and has the same `count`.
 * Otherwise it may be older than that page, and lack an item that an insert shifted.
 *
 * @param max number of items after which the caller stops. Pages beyond it are not requested early.
 */
export function walk<Item>(
  config: ListConfig,
  first?: Promise<Page<Item>>,
  max: number = Number.POSITIVE_INFINITY,
): AsyncIterableIterator<Page<Item>> {
  const {
    signal,
    prefetch = defaults.prefetch,
    concurrency = defaults.listConcurrency,
    cursor = config.search,
  } = config
  let controller = new AbortController()
  let stopped = false

  async function* pages(): AsyncGenerator<Page<Item>, undefined> {
    const removeCallback = signal && watchSignal(signal).onAbort(() => controller.abort(signal.reason))
    const fetch = (search: string): Promise<Page<Item>> => fetchPage(config, search, controller.signal)
    const guard = createEndGuard(config.operation, cursor)
    const deduplicate = createDeduplicator<Item>()
    const ahead: PageAhead<Item>[] = []
    let depth = concurrency
    let missing = max
    let search = cursor
    /** Aborts the pages ahead. Later ones are requested one by one at first: the list may be changing. */
    const discardAhead = (): void => {
      controller.signal.throwIfAborted()
      controller.abort()
      controller = new AbortController()
      ahead.length = 0
      depth = 1
    }
    try {
      let page = await (first ?? fetch(cursor))
      for (;;) {
        const { next } = page
        const { items, fresh } = deduplicate(page.items)
        const fault = guard(page, fresh)
        missing -= items.length
        if (ahead[0] !== undefined && ahead[0].search !== next) discardAhead()
        if (next !== undefined && prefetch && fault === undefined && missing > 0) {
          const searches = depth > 1 ? searchesAhead(search, next, page.count, depth, missing) : [next]
          for (const early of searches.slice(ahead.length)) {
            const requested = fetch(early)
            // An error surfaces on the next read. Until then, it must not count as unhandled.
            requested.catch(() => {})
            ahead.push({ search: early, page: requested, early: early !== next })
          }
          depth = Math.min(depth + 1, concurrency)
        }
        signal?.throwIfAborted()
        yield { ...page, items }
        if (fault !== undefined) throw fault
        if (next === undefined) return
        const { count } = page
        const following = ahead.shift()
        page = await (following?.page ?? fetch(next))
        if (following?.early === true && page.count !== count) {
          discardAhead()
          page = await fetch(next)
        }
        search = next
      }
    } catch (error) {
      // After the caller leaves, an abort error has no receiver.
      if (!stopped) throw withCallerStack(error, config.trace, config.redactText)
    } finally {
      removeCallback?.()
      controller.abort()
    }
  }

  const iterator = pages()
  let isRead = false
  const read = {
    next: () => iterator.next(),
    return() {
      stopped = true
      controller.abort()
      return iterator.return(undefined)
    },
    [Symbol.asyncIterator]() {
      return read
    },
  }
  return {
    ...read,
    [Symbol.asyncIterator]() {
      if (isRead) throw alreadyReadError('An iterator of pages')
      isRead = true
      return read
    },
  }
}

/**
 * How an operation reports its next page: `link` by a link in `next`, `flag` by `has_next` or `has_more`. A list without
 * either, or a bare array, has only one page.
 */
export type PagingKind = 'link' | 'flag'

/** Items and position of a parsed page. */
export interface PageFacts {
  readonly items: readonly unknown[]
  /** Query string of the next page; undefined on the last one. */
  readonly next: string | undefined
  /** Number of items in the list, where PostHog counts them. */
  readonly count: number | undefined
}

/**
 * Parses one page: `{ results, next, count | total_count }`, `{ results, has_next | has_more }`, or a bare array.
 *
 * @param search query string of this page, for lists that report a next page without a link
 * @throws DecodeError when the response has no list, or an invalid `next`
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
      message: `${operation} returned ${found || 'nothing'}; expected an array or an object with \`results\`.`,
      fix: 'Use `request` when this operation does not return a list.',
    })
  }
  const hasNext = paging === 'flag' ? has_next === true || has_more === true : Boolean(next)
  const total = count ?? total_count
  return {
    items: results,
    next: !hasNext
      ? undefined
      : paging === 'flag'
        ? nextOffset(search, results.length)
        : searchOf(next, operation),
    count: typeof total === 'number' ? total : undefined,
  }
}

/**
 * The query string of a link. The rest is ignored: PostHog builds links from proxy headers, so host, scheme and prefix
 * may be wrong, and the key must go only to the configured host.
 */
function searchOf(next: unknown, operation: string): string {
  const base = 'http://base'
  const search =
    typeof next === 'string' && URL.canParse(next, base) ? new URL(next, base).search.slice(1) : ''
  if (search !== '') return search
  throw new DecodeError({
    message: `${operation} returned a link to the next page without a query string.`,
    fix: 'Check for a proxy that changes responses.',
  })
}

/** The query string with its offset increased by the requested limit, or else by the number of received items. */
function nextOffset(search: string, received: number): string {
  const query = new URLSearchParams(search)
  const step = Number(query.get('limit')) || received
  query.set('offset', String((Number(query.get('offset')) || 0) + step))
  return query.toString()
}
