/** Page size when none is asked for. */
export const DEFAULT_PAGE_SIZE: number = 100

/** One page of a list, of `most` items at most, with absolute links that keep the other parameters. */
export function offsetPage<T>(
  items: readonly T[],
  url: URL,
  most: number,
): Record<string, unknown> & { results: T[] } {
  const limit = Math.min(most, positive(url.searchParams.get('limit')) ?? DEFAULT_PAGE_SIZE)
  const offset = positive(url.searchParams.get('offset')) ?? 0
  const link = (at: number): string => {
    const target = new URL(url)
    target.searchParams.set('limit', String(limit))
    if (at > 0) target.searchParams.set('offset', String(at))
    else target.searchParams.delete('offset')
    return target.href
  }
  return {
    count: items.length,
    next: offset + limit < items.length ? link(offset + limit) : null,
    previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
    results: items.slice(offset, offset + limit),
  }
}

/** One page of a list that is paged by number, `?page=2`. Undefined when there is no such page. */
export function numberedPage<T>(
  items: readonly T[],
  url: URL,
  most: number,
  wanted: number = DEFAULT_PAGE_SIZE,
): (Record<string, unknown> & { results: T[] }) | undefined {
  const size = Math.min(most, wanted)
  const pages = Math.max(1, Math.ceil(items.length / size))
  const asked = url.searchParams.get('page')
  const page = asked === null ? 1 : Number(asked)
  if (!Number.isInteger(page) || page < 1 || page > pages) return undefined
  const link = (at: number): string => {
    const target = new URL(url)
    if (at > 1) target.searchParams.set('page', String(at))
    else target.searchParams.delete('page')
    return target.href
  }
  return {
    count: items.length,
    next: page < pages ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    results: items.slice((page - 1) * size, page * size),
  }
}

// As in the web framework: a limit or offset that is no positive number counts as not given.
function positive(text: string | null): number | undefined {
  const value = Number(text ?? '')
  return Number.isInteger(value) && value > 0 ? value : undefined
}
