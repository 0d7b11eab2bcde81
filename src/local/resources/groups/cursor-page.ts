/**
 * One page of items with a number of their own, newest first. The cursor is opaque to callers: it holds the number to
 * go on from, and whether the way is back.
 *
 * @returns Undefined for a cursor that cannot be read.
 */
export function cursorPage<T extends { readonly number: number }>(
  items: readonly T[],
  url: URL,
  size: number,
): { readonly next: string | null; readonly previous: string | null; readonly results: T[] } | undefined {
  const cursor = readCursor(url.searchParams.get('cursor'))
  if (cursor === undefined) return undefined
  const sorted = [...items].sort((a, b) => b.number - a.number)
  const before = sorted.filter((item) => item.number > cursor.at)
  const after = sorted.filter((item) => item.number < cursor.at)
  const results = cursor.back ? before.slice(-size) : after.slice(0, size)
  const [first, last] = [results[0], results.at(-1)]
  const link = (at: number, back: boolean): string => {
    const target = new URL(url)
    target.searchParams.set('cursor', btoa(`${back ? 'r=1&' : ''}p=${at}`))
    return target.href
  }
  return {
    next: last !== undefined && last !== sorted.at(-1) ? link(last.number, false) : null,
    previous: first !== undefined && first !== sorted[0] ? link(first.number, true) : null,
    results,
  }
}

function readCursor(text: string | null): { readonly at: number; readonly back: boolean } | undefined {
  if (text === null || text === '') return { at: Number.POSITIVE_INFINITY, back: false }
  try {
    const match = /^(r=1&)?p=(\d+)$/.exec(atob(text))
    return match === null ? undefined : { at: Number(match[2]), back: match[1] !== undefined }
  } catch {
    return undefined
  }
}
