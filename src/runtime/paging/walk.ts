import { defaults } from '../config/defaults.ts'
import { DecodeError } from '../errors/decode-error.ts'
import { pointAt } from '../errors/point-at.ts'
import { isPostHogError } from '../errors/posthog-error.ts'
import type { ListSetting, Page } from './page.ts'
import { readPage } from './read-page.ts'

/** Pages without an item, one after the other, after which a list is given up. */
const mostEmptyPages = 100
/** Cursors and items that are remembered, to notice a circle and what comes twice. */
const mostRemembered = 10_000

/** The page that a list begins with. */
export function firstPage<Item>(setting: ListSetting): Promise<Page<Item>> {
  return fetchPage(setting, setting.cursor ?? setting.search, setting.signal)
}

/** Asks for one page. Errors say, as `cursor`, where to try again. */
async function fetchPage<Item>(
  { send, operation, paging, trace }: ListSetting,
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
    throw pointAt(error, trace)
  }
}

/**
 * Goes through the pages in order. The next one is asked for while the current one is read; leaving stops it. Calls of
 * `next` that overlap are served one after the other.
 */
export function walk<Item>(
  setting: ListSetting,
  first?: Promise<Page<Item>>,
): AsyncIterableIterator<Page<Item>> {
  const { signal, prefetch = defaults.prefetch, cursor = setting.search } = setting
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(signal?.reason)
  let stopped = false

  async function* pages(): AsyncGenerator<Page<Item>, undefined> {
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted) onAbort()
    const fetch = (search: string): Promise<Page<Item>> => fetchPage(setting, search, controller.signal)
    const guard = createGuard(setting.operation, cursor)
    const isNew = createSeam()
    try {
      let page = await (first ?? fetch(cursor))
      for (;;) {
        const { next } = page
        const fault = guard(page)
        const ahead = next !== undefined && prefetch && fault === undefined ? fetch(next) : undefined
        // A failure is told when its turn comes, and nobody has to listen before.
        ahead?.catch(() => {})
        signal?.throwIfAborted()
        yield { ...page, items: page.items.filter(isNew) }
        if (fault !== undefined) throw fault
        if (next === undefined) return
        page = await (ahead ?? fetch(next))
      }
    } catch (error) {
      // Whoever left does not want to hear how the request took it.
      if (!stopped) throw pointAt(error, setting.trace)
    } finally {
      signal?.removeEventListener('abort', onAbort)
      controller.abort()
    }
  }

  const iterator = pages()
  return {
    next: () => iterator.next(),
    return() {
      stopped = true
      controller.abort()
      return iterator.return(undefined)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** Notices lists that have no end: pages that lead back to an earlier one, and pages without items for ever. */
function createGuard(operation: string, start: string): (page: Page<unknown>) => DecodeError | undefined {
  const seen = new Set([start])
  let empty = 0
  return ({ items, next }) => {
    empty = items.length === 0 ? empty + 1 : 0
    if (next === undefined) return undefined
    const endless = empty >= mostEmptyPages
    if (seen.has(next) || endless) {
      const what = endless
        ? `answered ${empty} pages without an item`
        : 'named a page as the next one that came before'
      const error = new DecodeError({
        message: `${operation} ${what}: the list has no end.`,
        fix: 'Look for a proxy that caches answers whatever their query string is.',
      })
      return Object.assign(error, { cursor: next })
    }
    if (seen.size >= mostRemembered) seen.clear()
    seen.add(next)
    return undefined
  }
}

/** Tells items that came before from new ones, as far as they have an identity and not too much lies between. */
function createSeam(): (item: unknown) => boolean {
  const seen = new Set<unknown>()
  return (item) => {
    const { id, uuid, short_id } = Object(item)
    const identity: unknown = id ?? uuid ?? short_id
    if (identity === undefined) return true
    if (seen.has(identity)) return false
    if (seen.size >= mostRemembered) seen.delete(seen.values().next().value)
    seen.add(identity)
    return true
  }
}
