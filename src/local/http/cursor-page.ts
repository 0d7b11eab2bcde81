import { notFound } from './api-error.ts'
import { DEFAULT_PAGE_SIZE } from './page.ts'

/**
 * One page of a list that is newest first, by cursor. A cursor says how many items are older, so what is added in
 * the meantime moves nothing.
 */
export function cursorPage<T>(
  items: readonly T[],
  url: URL,
  most: number,
): Record<string, unknown> & { results: T[] } {
  const size = Math.min(most, DEFAULT_PAGE_SIZE)
  const cursor = url.searchParams.get('cursor')
  const start = cursor === null ? 0 : items.length - read(cursor)
  if (!(start >= 0)) throw notFound('Invalid cursor')
  const link = (at: number): string => {
    const target = new URL(url)
    target.searchParams.set('cursor', write(items.length - at))
    return target.href
  }
  return {
    next: start + size < items.length ? link(start + size) : null,
    previous: start > 0 ? link(Math.max(0, start - size)) : null,
    results: items.slice(start, start + size),
  }
}

function write(older: number): string {
  return btoa(`older=${older}`)
}

function read(cursor: string): number {
  try {
    return Number(/^older=(\d+)$/.exec(atob(cursor))?.[1] ?? Number.NaN)
  } catch {
    return Number.NaN
  }
}
