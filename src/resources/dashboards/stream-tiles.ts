import { DecodeError } from '../../runtime/errors/result-errors.ts'
import { serverSentData } from '../../runtime/transport/server-sent-events.ts'
import type { CallOptions, Requester, RouteOptions } from '../requester.ts'

const route = 'GET /api/projects/{project_id}/dashboards/{id}/stream_tiles/'

/** A piece of a dashboard, in the order in which PostHog has computed them. */
export type DashboardPiece =
  | { readonly type: 'metadata'; readonly dashboard: Readonly<Record<string, unknown>> }
  | { readonly type: 'tile'; readonly order: number; readonly tile: Readonly<Record<string, unknown>> }
  | { readonly type: 'error'; readonly tile_id?: number; readonly error: string }

/** Reads the pieces of a dashboard as they arrive. */
export async function* streamTiles(
  api: Requester,
  id: number,
  options: CallOptions = {},
): AsyncGenerator<DashboardPiece, undefined> {
  const streamed: RouteOptions = { ...options, body: 'stream' }
  const response = await api.request(route, { path: { id } }, streamed).asResponse()
  const limit = { operation: route, maxBytes: api.config.maxResponseBytes }
  const body = response.body ?? new ReadableStream({ start: (empty) => empty.close() })
  for await (const text of serverSentData(body, limit)) {
    const piece = read(text)
    if (piece.type === 'complete') return
    // What PostHog sends beyond these kinds is for its own pages.
    if (['metadata', 'tile', 'error'].includes(String(piece.type))) yield piece as DashboardPiece
  }
  throw new DecodeError({
    message: `${route} ended before the dashboard was complete.`,
    fix: 'Ask again: PostHog closes such streams after about 15 minutes.',
  })
}

function read(text: string): { readonly type?: unknown } {
  try {
    return Object(JSON.parse(text))
  } catch (cause) {
    throw new DecodeError({
      message: `${route} sent a piece that is no JSON.`,
      fix: 'Look for a proxy that changes answers.',
      cause,
    })
  }
}
