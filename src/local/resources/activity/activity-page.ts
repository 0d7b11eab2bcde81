import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'

const PAGE_SIZE = 10

/** A page of the activity of one object, newest first. */
export function activityPage(
  { world, url, project }: Call,
  scope: string,
  item: string | number | undefined,
): Response {
  const { searchParams } = url
  const limit = whole(searchParams.get('limit'), PAGE_SIZE)
  const page = whole(searchParams.get('page'), 1)
  const entries = world.data.stores.activity
    .filter((entry) => entry.project === project && entry.scope === scope)
    .filter((entry) => item === undefined || entry.item_id === String(item))
    .reverse()
  const link = (at: number): string => {
    const target = new URL(url)
    target.searchParams.set('page', String(at))
    target.searchParams.set('limit', String(limit))
    return target.href
  }
  return jsonResponse(200, {
    results: entries
      .slice((page - 1) * limit, page * limit)
      .map(({ project: _project, ...entry }) => ({ ...entry, is_system: false, was_impersonated: false })),
    next: page * limit < entries.length ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    total_count: entries.length,
  })
}

function whole(text: string | null, fallback: number): number {
  const value = Number(text ?? '')
  return Number.isInteger(value) && value > 0 ? value : fallback
}
