import { DEFAULT_PAGE_SIZE } from '../../http/page.ts'

/**
 * One page of persons. A full page has a next one, which may be empty; and the page before is not what `previous` says
 * when it would begin at 0: the link keeps the offset then.
 */
export function personPage<T>(
  items: readonly T[],
  url: URL,
  most: number,
): { readonly next: string | null; readonly previous: string | null; readonly results: T[] } {
  const { searchParams } = url
  const limit = Math.min(most, whole(searchParams.get('limit')) || DEFAULT_PAGE_SIZE)
  const offset = whole(searchParams.get('offset'))
  const results = items.slice(offset, offset + limit)
  const link = (at: number): string => {
    const target = new URL(url)
    target.searchParams.set('limit', String(limit))
    if (at > 0) target.searchParams.set('offset', String(at))
    return target.href
  }
  return {
    next: results.length >= limit ? link(offset + limit) : null,
    previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
    results,
  }
}

function whole(text: string | null): number {
  const value = Number(text ?? '')
  return Number.isInteger(value) && value > 0 ? value : 0
}
