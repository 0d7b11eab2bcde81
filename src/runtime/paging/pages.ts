import { defaults } from '../config/defaults.ts'
import { isPostHogError, withCallerStack } from '../errors/posthog-error.ts'
import { DecodeError } from '../errors/result-errors.ts'
import type { Redact } from '../observe/redact.ts'
import { watchSignal } from '../transport/deadline.ts'
import { alreadyRead } from '../transport/read-once.ts'
import { createDeduplicator, createEndGuard } from './deduplicate.ts'

/** One page of a list. */
export interface Page<Item> {
  /** Its items, without those that an earlier page had exactly so: inserts between two requests shift them. */
  readonly items: readonly Item[]
  /** Where the next page is: pass it as `cursor` to go on from there. Undefined on the last page. */
  readonly next: string | undefined
  /** Items of the whole list, where PostHog counts them. */
  readonly count: number | undefined
  readonly requestId: string | undefined
  /** The answer as it came. */
  readonly body: unknown
}

/** How a list is asked for. */
export interface ListConfig {
  /** Sends the request of one page, by its query string. */
  send(search: string, signal: AbortSignal | undefined): Promise<SentPage>
  /** Taken where the list was made; errors show its frames. */
  readonly trace?: Error | undefined
  /** Redacts the secrets of the client and the list's calls from errors. */
  readonly redactText?: Redact | undefined
  /** Method and path template, for errors. */
  readonly operation: string
  /** How the list tells about its next page. */
  readonly paging: PagingKind
  /** Query string of the first page. */
  readonly search: string
  readonly signal?: AbortSignal | undefined
  /** Goes on from here, in place of the first page. */
  readonly cursor?: string | undefined
  /** Validates the items of a page, and gives what a schema makes of them. */
  readonly shape?: ((items: readonly unknown[]) => Promise<readonly unknown[]>) | undefined
  /** Whether the next page is asked for while the current one is read. Default: `true`. */
  readonly prefetch?: boolean | undefined
}

/** What came back for one page. */
export interface SentPage {
  readonly body: unknown
  readonly requestId: string | undefined
}

/** The page that a list begins with. */
export function firstPage<Item>(config: ListConfig): Promise<Page<Item>> {
  return fetchPage(config, config.cursor ?? config.search, config.signal)
}

/** Asks for one page. Errors say, as `cursor`, where to try again. */
async function fetchPage<Item>(
  { send, operation, paging, trace, redactText }: ListConfig,
  search: string,
  signal: AbortSignal | undefined,
): Promise<Page<Item>> {
  try {
    const { body, requestId } = await send(search, signal)
    const { items, next, count } = readPage(body, paging, search, operation)
    // The type of the items is that of the operation's answer in PostHog's schema.
    return { items: items as readonly Item[], next, count, requestId, body }
  } catch (error) {
    if (isPostHogError(error)) Object.assign(error, { cursor: search })
    throw withCallerStack(error, trace, redactText)
  }
}

/**
 * Goes through the pages in order. The next one is asked for while the current one is read; leaving stops it. Calls of
 * `next` that overlap are served one after the other. A second loop throws a ConfigurationError.
 */
export function walk<Item>(
  config: ListConfig,
  first?: Promise<Page<Item>>,
): AsyncIterableIterator<Page<Item>> {
  const { signal, prefetch = defaults.prefetch, cursor = config.search } = config
  const controller = new AbortController()
  let stopped = false

  async function* pages(): AsyncGenerator<Page<Item>, undefined> {
    const leave = signal && watchSignal(signal).onAbort(() => controller.abort(signal.reason))
    const fetch = (search: string): Promise<Page<Item>> => fetchPage(config, search, controller.signal)
    const guard = createEndGuard(config.operation, cursor)
    const deduplicate = createDeduplicator<Item>()
    try {
      let page = await (first ?? fetch(cursor))
      for (;;) {
        const { next } = page
        const { items, fresh } = deduplicate(page.items)
        const fault = guard(page, fresh)
        const ahead = next !== undefined && prefetch && fault === undefined ? fetch(next) : undefined
        // A failure is told when its turn comes, and nobody has to listen before.
        ahead?.catch(() => {})
        signal?.throwIfAborted()
        yield { ...page, items }
        if (fault !== undefined) throw fault
        if (next === undefined) return
        page = await (ahead ?? fetch(next))
      }
    } catch (error) {
      // Whoever left does not want to hear how the request took it.
      if (!stopped) throw withCallerStack(error, config.trace, config.redactText)
    } finally {
      leave?.()
      controller.abort()
    }
  }

  const iterator = pages()
  let looped = false
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
      if (looped) throw alreadyRead('An iterator of pages')
      looped = true
      return read
    },
  }
}

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
