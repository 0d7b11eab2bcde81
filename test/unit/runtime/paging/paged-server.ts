import { List } from '../../../../src/runtime/paging/list.ts'
import type { ListConfig } from '../../../../src/runtime/paging/pages.ts'
import { watchSignal } from '../../../../src/runtime/transport/deadline.ts'

/** A list and its requests. */
export interface Paged<Item> {
  readonly list: List<Item>
  /** Query strings, in order. */
  readonly requested: string[]
  /** Query strings of aborted requests. */
  readonly aborted: string[]
}

/** Returns the body of a page. */
export type PageResponder = (search: string, signal: AbortSignal | undefined) => unknown

/** A list of the pages that `respond` returns. An Error is thrown. */
export function paged<Item = { id: number }>(
  respond: PageResponder,
  setting: Partial<ListConfig> = {},
): Paged<Item> {
  const requested: string[] = []
  const aborted: string[] = []
  const list = new List<Item>({
    operation: 'GET /api/things/',
    paging: 'link',
    search: '',
    async send(search, signal) {
      requested.push(search)
      const body = await untilAborted(respond(search, signal), signal).catch((error: unknown) => {
        if (signal?.aborted) aborted.push(search)
        throw error
      })
      if (body instanceof Error) throw body
      return { body, requestId: `r${requested.length}` }
    },
    ...setting,
  })
  return { list, requested, aborted }
}

/** Returns pages by number, such as `?page=2`. */
export function numbered(...pages: readonly (readonly unknown[])[]): PageResponder {
  return (search) => {
    const page = Number(new URLSearchParams(search).get('page') ?? 1)
    const next = page < pages.length ? `https://elsewhere.test/api/?page=${page + 1}` : null
    return { count: pages.flat().length, next, results: pages[page - 1] ?? [] }
  }
}

/** Returns pages of `limit` items by offset, with PostHog's links: they repeat the query and add its default limit. */
export function byOffset(
  items: () => readonly unknown[],
  { size = 2, max = 100 }: { size?: number; max?: number } = {},
): PageResponder {
  return (search) => {
    const query = new URLSearchParams(search)
    const limit = Math.min(Number(query.get('limit') ?? size), max)
    const offset = Number(query.get('offset') ?? 0)
    const all = items()
    query.set('limit', String(limit))
    query.set('offset', String(offset + limit))
    query.sort()
    const next = offset + limit < all.length ? `https://elsewhere.test/api/?${query}` : null
    return { count: all.length, next, results: all.slice(offset, offset + limit) }
  }
}

export const things = (...ids: readonly number[]): { id: number }[] => ids.map((id) => ({ id }))

export async function collect<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of list) items.push(item)
  return items
}

function untilAborted(value: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const leave = signal && watchSignal(signal).onAbort(() => reject(signal.reason))
    Promise.resolve(value)
      .then(resolve, reject)
      .finally(() => leave?.())
  })
}
