import { defaults } from '../config/defaults.ts'
import { isPostHogError, withCallerStack } from '../errors/posthog-error.ts'
import { DecodeError } from '../errors/result-errors.ts'
import { watchSignal } from '../transport/deadline.ts'
import { alreadyRead } from '../transport/read-once.ts'
import { createDeduplicator, createEndGuard } from './deduplicate.ts'
import type { ListConfig, Page } from './list.ts'

/** The page that a list begins with. */
export function firstPage<Item>(setting: ListConfig): Promise<Page<Item>> {
  return fetchPage(setting, setting.cursor ?? setting.search, setting.signal)
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
  setting: ListConfig,
  first?: Promise<Page<Item>>,
): AsyncIterableIterator<Page<Item>> {
  const { signal, prefetch = defaults.prefetch, cursor = setting.search } = setting
  const controller = new AbortController()
  let stopped = false

  async function* pages(): AsyncGenerator<Page<Item>, undefined> {
    const leave = signal && watchSignal(signal).onAbort(() => controller.abort(signal.reason))
    const fetch = (search: string): Promise<Page<Item>> => fetchPage(setting, search, controller.signal)
    const guard = createEndGuard(setting.operation, cursor)
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
      if (!stopped) throw withCallerStack(error, setting.trace, setting.redactText)
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
