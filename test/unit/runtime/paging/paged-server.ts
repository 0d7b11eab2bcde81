import { List } from '../../../../src/runtime/paging/list.ts'
import type { ListConfig } from '../../../../src/runtime/paging/pages.ts'
import { watchSignal } from '../../../../src/runtime/transport/deadline.ts'

/** A list over answers by query string, and what it requested. */
export interface Paged<Item> {
  readonly list: List<Item>
  /** Query strings, in order. */
  readonly requested: string[]
  /** Requests that were aborted while they were under way. */
  readonly aborted: string[]
}

export type Answer = (search: string, signal: AbortSignal | undefined) => unknown

/** A list whose pages are whatever the function answers; an Error is thrown. */
export function paged<Item = { id: number }>(answer: Answer, setting: Partial<ListConfig> = {}): Paged<Item> {
  const requested: string[] = []
  const aborted: string[] = []
  const list = new List<Item>({
    operation: 'GET /api/things/',
    paging: 'link',
    search: '',
    async send(search, signal) {
      requested.push(search)
      const body = await untilAborted(answer(search, signal), signal).catch((error: unknown) => {
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

/** Pages by number: `?page=2` and so on. */
export function numbered(...pages: readonly (readonly unknown[])[]): Answer {
  return (search) => {
    const at = Number(new URLSearchParams(search).get('page') ?? 1)
    const next = at < pages.length ? `https://elsewhere.test/api/?page=${at + 1}` : null
    return { count: pages.flat().length, next, results: pages[at - 1] ?? [] }
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
