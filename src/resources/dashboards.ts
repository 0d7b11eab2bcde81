import { DecodeError } from '../runtime/errors/result-errors.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { readOnce } from '../runtime/transport/read-once.ts'
import { serverSentData } from '../runtime/transport/server-sent-events.ts'
import { type HasSharing, type HasTags, sharing, tags } from './capabilities.ts'
import { requireId, requireObject } from './check-arguments.ts'
import { type BodyMethod, checkedCall, type IdBodyMethod, type IdQueryMethod, method } from './methods.ts'
import type { BodyOf, CallOptions, Requester, ResponseOf } from './requester.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from './verbs.ts'

const all = '/api/projects/{project_id}/dashboards/'
const one = '/api/projects/{project_id}/dashboards/{id}/'
const share = '/api/projects/{project_id}/dashboards/{dashboard_id}/sharing/'

/** A dashboard. */
export type Dashboard = ResponseOf<`GET ${typeof one}`>

/** A tile to move and its target dashboard. */
export interface TileMove {
  readonly tileId: number
  /** Id of the target dashboard. */
  readonly to: number
}

/** Dashboards. */
export interface Dashboards
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`>,
    HasSharing<typeof share>,
    HasTags<`POST ${typeof all}bulk_update_tags/`> {
  /**
   * Returns the results of all insights on a dashboard.
   *
   * @example const { results } = await posthog.dashboards.runInsights(7, { refresh: 'blocking' })
   */
  runInsights: IdQueryMethod<`GET ${typeof one}run_insights/`>
  /**
   * Streams a dashboard tile by tile, as PostHog computes it. You can iterate once; `break` ends the transfer.
   *
   * @throws DecodeError if the stream ends before the dashboard is complete; ConfigurationError in a second loop
   * @example
   * for await (const event of posthog.dashboards.streamTiles(7)) if (event.type === 'tile') console.log(event.tile)
   */
  streamTiles(id: number, options?: CallOptions): AsyncIterable<DashboardStreamEvent>
  /**
   * Moves a tile to another dashboard. Returns the dashboard that it was moved from.
   *
   * @example await posthog.dashboards.moveTile(7, { tileId: 70, to: 8 })
   */
  moveTile(id: number, move: TileMove, options?: CallOptions): APIPromise<Dashboard>
  /** Copies a tile from another dashboard to this one. */
  copyTile: IdBodyMethod<`POST ${typeof one}copy_tile/`>
  /** Reorders the tiles by id. */
  reorderTiles: IdBodyMethod<`POST ${typeof one}reorder_tiles/`>
  /** Creates a dashboard from a template. */
  createFromTemplate: BodyMethod<`POST ${typeof all}create_from_template_json/`>
}

/** Creates the dashboards resource. */
export const createDashboards: Resource<Dashboards> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  ...sharing(api, share),
  ...tags(api, `POST ${all}bulk_update_tags/`),
  runInsights: method(api, `GET ${one}run_insights/`, 'id, query?'),
  streamTiles: (id, options) => readOnce(streamTiles(api, id, options), 'A stream of tiles'),
  moveTile: (id, move, options) => {
    return checkedCall(api, `PATCH ${one}move_tile/`, () => ({ path: { id }, body: moveBody(move) }), options)
  },
  copyTile: method(api, `POST ${one}copy_tile/`, 'id, body'),
  reorderTiles: method(api, `POST ${one}reorder_tiles/`, 'id, body'),
  createFromTemplate: method(api, `POST ${all}create_from_template_json/`, 'body'),
})

/** Current servers read `to_dashboard`. Those before September 2026 read `toDashboard`. */
function moveBody(move: TileMove): BodyOf<`PATCH ${typeof one}move_tile/`> {
  requireObject('move', move)
  requireId('tileId', move.tileId)
  requireId('to', move.to)
  return { tile: { id: move.tileId }, to_dashboard: move.to, toDashboard: move.to }
}

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

const templates = '/api/projects/{project_id}/dashboard_templates/'
const template = '/api/projects/{project_id}/dashboard_templates/{id}/'

/** A dashboard template. */
export type DashboardTemplate = ResponseOf<`GET ${typeof template}`>

/** Dashboard templates. */
export interface DashboardTemplates
  extends Collection<typeof templates, typeof template>,
    SoftDeletable<`PATCH ${typeof template}`> {}

/** Creates the dashboard templates resource. */
export const createDashboardTemplates: Resource<DashboardTemplates> = (api) => ({
  ...collection(api, templates, template),
  ...softDeletes(api, template),
})
