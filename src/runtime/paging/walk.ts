import { defaults } from '../config/defaults.ts'
import { pointAt } from '../errors/point-at.ts'
import { isPostHogError } from '../errors/posthog-error.ts'
import { alreadyRead } from '../streaming/read-once.ts'
import { watchSignal } from '../transport/abort.ts'
import type { ListSetting, Page } from './page.ts'
import { readPage } from './read-page.ts'
import { createDeduplicator, createEndGuard } from './repeats.ts'

/** The page that a list begins with. */
export function firstPage<Item>(setting: ListSetting): Promise<Page<Item>> {
  return fetchPage(setting, setting.cursor ?? setting.search, setting.signal)
}

/** Asks for one page. Errors say, as `cursor`, where to try again. */
async function fetchPage<Item>(
  { send, operation, paging, trace, redactText }: ListSetting,
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
    throw pointAt(error, trace, redactText)
  }
}

/**
 * Goes through the pages in order. The next one is asked for while the current one is read; leaving stops it. Calls of
 * `next` that overlap are served one after the other. A second loop throws a ConfigurationError.
 */
export function walk<Item>(
  setting: ListSetting,
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
      if (!stopped) throw pointAt(error, setting.trace, setting.redactText)
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
