import { DecodeError } from '../../runtime/errors/result-errors.ts'
import { serverSentData } from '../../runtime/transport/server-sent-events.ts'
import type { CallOptions, Requester } from '../requester.ts'

const streamRoute = 'GET /api/projects/{project_id}/dashboards/{id}/stream_tiles/'

/** An event of a dashboard stream, in the order that PostHog computes them. */
export type DashboardStreamEvent =
  | { readonly type: 'metadata'; readonly dashboard: Readonly<Record<string, unknown>> }
  | { readonly type: 'tile'; readonly order: number; readonly tile: Readonly<Record<string, unknown>> }
  | { readonly type: 'error'; readonly tile_id?: number; readonly error: string }

/** Streams the events of a dashboard as they arrive. */
export async function* streamTiles(
  api: Requester,
  id: number,
  options: CallOptions = {},
): AsyncGenerator<DashboardStreamEvent, undefined> {
  const response = await api.request(streamRoute, { path: { id } }, options, { body: 'stream' }).asResponse()
  const limit = { operation: streamRoute, maxBytes: api.config.maxResponseBytes }
  const body = response.body ?? new ReadableStream({ start: (empty) => empty.close() })
  for await (const text of serverSentData(body, limit)) {
    const event = parseEvent(text)
    if (event.type === 'complete') return
    // PostHog's app uses the other event types.
    if (['metadata', 'tile', 'error'].includes(String(event.type))) yield event as DashboardStreamEvent
  }
  throw new DecodeError({
    message: `${streamRoute} ended before the dashboard was complete.`,
    fix: 'Stream it again. PostHog closes these streams after about 15 minutes.',
  })
}

function parseEvent(text: string): { readonly type?: unknown } {
  try {
    return Object(JSON.parse(text))
  } catch (cause) {
    throw new DecodeError({
      message: `${streamRoute} sent an event that is not valid JSON.`,
      fix: 'Check for a proxy that modifies responses.',
      cause,
    })
  }
}
