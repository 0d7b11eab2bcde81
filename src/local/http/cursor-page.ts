import { notFound } from './api-error.ts'
import { DEFAULT_PAGE_SIZE, type Page } from './page.ts'

/**
 * Pages a list that is sorted newest first. The cursor holds the number of older items, so new items do not shift
 * the pages.
 *
 * @throws ApiError 404 for an invalid cursor.
 */
export function cursorPage<T>(items: readonly T[], url: URL, maxSize: number): Page<T> {
  const size = Math.min(maxSize, DEFAULT_PAGE_SIZE)
  const cursor = url.searchParams.get('cursor')
  const start = cursor === null ? 0 : items.length - Number(decode(cursor, /^older=(\d+)$/)?.[1])
  if (!(start >= 0)) throw notFound('Invalid cursor')
  const link = (index: number): string => cursorLink(url, `older=${items.length - index}`)
  return {
    next: start + size < items.length ? link(start + size) : null,
    previous: start > 0 ? link(Math.max(0, start - size)) : null,
    results: items.slice(start, start + size),
  }
}

/**
 * Pages numbered items, highest number first (keyset pagination). The cursor holds the number at the edge of the page
 * and the direction.
 *
 * @returns Undefined for an invalid cursor.
 */
export function keysetPage<T extends { readonly number: number }>(
  items: readonly T[],
  url: URL,
  size: number,
): Page<T> | undefined {
  const cursor = readKeysetCursor(url.searchParams.get('cursor'))
  if (cursor === undefined) return undefined
  const sorted = [...items].sort((a, b) => b.number - a.number)
  const results = cursor.backward
    ? sorted.filter((item) => item.number > cursor.number).slice(-size)
    : sorted.filter((item) => item.number < cursor.number).slice(0, size)
  const [first, last] = [results[0], results.at(-1)]
  return {
    next: last !== undefined && last !== sorted.at(-1) ? cursorLink(url, `p=${last.number}`) : null,
    previous: first !== undefined && first !== sorted[0] ? cursorLink(url, `r=1&p=${first.number}`) : null,
    results,
  }
}

function readKeysetCursor(
  text: string | null,
): { readonly number: number; readonly backward: boolean } | undefined {
  if (text === null || text === '') return { number: Number.POSITIVE_INFINITY, backward: false }
  const match = decode(text, /^(r=1&)?p=(\d+)$/)
  return match === null ? undefined : { number: Number(match[2]), backward: match[1] !== undefined }
}

function cursorLink(url: URL, content: string): string {
  const target = new URL(url)
  target.searchParams.set('cursor', btoa(content))
  return target.href
}

function decode(cursor: string, pattern: RegExp): RegExpExecArray | null {
  try {
    return pattern.exec(atob(cursor))
  } catch {
    return null
  }
}
