import { DecodeError } from '../runtime/errors/result-errors.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { readOnce } from '../runtime/transport/read-once.ts'
import { serverSentData } from '../runtime/transport/server-sent-events.ts'
import { type HasSharing, type HasTags, sharing, tags } from './capabilities.ts'
import { requireId, requireObject } from './check-arguments.ts'
import { type BodyMethod, checkedCall, type IdBodyMethod, type IdQueryMethod, method } from './methods.ts'
import type { CallOptions, Requester, ResponseOf } from './requester.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from './verbs.ts'

const all = '/api/projects/{project_id}/dashboards/'
const one = '/api/projects/{project_id}/dashboards/{id}/'
const share = '/api/projects/{project_id}/dashboards/{dashboard_id}/sharing/'

/** Insights on one page. */
export type Dashboard = ResponseOf<`GET ${typeof one}`>

/** A tile and the dashboard that it is moved to, by their ids. */
export interface TileMove {
  readonly tileId: number
  readonly to: number
}

/** Insights on one page. */
export interface Dashboards
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`>,
    HasSharing<typeof share>,
    HasTags<`POST ${typeof all}bulk_update_tags/`> {
  /**
   * The results of all insights of a dashboard.
   *
   * @example const { results } = await posthog.dashboards.runInsights(7, { refresh: 'blocking' })
   */
  runInsights: IdQueryMethod<`GET ${typeof one}run_insights/`>
  /**
   * A dashboard as PostHog computes it, tile by tile, read once. Leaving the loop ends the transfer.
   *
   * @throws DecodeError when it ends before the dashboard is complete; ConfigurationError in a second loop
   * @example
   * for await (const piece of posthog.dashboards.streamTiles(7)) if (piece.type === 'tile') console.log(piece.tile)
   */
  streamTiles(id: number, options?: CallOptions): AsyncIterable<DashboardPiece>
  /**
   * Moves a tile to another dashboard, and answers the one that it left.
   *
   * @example await posthog.dashboards.moveTile(7, { tileId: 70, to: 8 })
   */
  moveTile(id: number, move: TileMove, options?: CallOptions): APIPromise<Dashboard>
  /** Copies a tile of another dashboard to this one. */
  copyTile: IdBodyMethod<`POST ${typeof one}copy_tile/`>
  /** Puts the tiles into another order, by their ids. */
  reorderTiles: IdBodyMethod<`POST ${typeof one}reorder_tiles/`>
  /** Creates a dashboard from a template. */
  createFromTemplate: BodyMethod<`POST ${typeof all}create_from_template_json/`>
}

/** Binds dashboards to a client. */
export const createDashboards: Resource<Dashboards> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  ...sharing(api, share),
  ...tags(api, `POST ${all}bulk_update_tags/`),
  runInsights: method(api, `GET ${one}run_insights/`, 'id, query?'),
  streamTiles: (id, options) => readOnce(streamTiles(api, id, options), 'A stream of tiles'),
  moveTile: (id, move, options) => {
    return checkedCall(api, `PATCH ${one}move_tile/`, () => ({ path: { id }, body: moveOf(move) }), options)
  },
  copyTile: method(api, `POST ${one}copy_tile/`, 'id, body'),
  reorderTiles: method(api, `POST ${one}reorder_tiles/`, 'id, body'),
  createFromTemplate: method(api, `POST ${all}create_from_template_json/`, 'body'),
})

function moveOf(move: TileMove): { readonly tile: { readonly id: number }; readonly toDashboard: number } {
  requireObject('move', move)
  requireId('tileId', move.tileId)
  requireId('to', move.to)
  return { tile: { id: move.tileId }, toDashboard: move.to }
}

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
  const response = await api.request(route, { path: { id } }, options, { body: 'stream' }).asResponse()
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

const templates = '/api/projects/{project_id}/dashboard_templates/'
const template = '/api/projects/{project_id}/dashboard_templates/{id}/'

/** What a dashboard can be made from. */
export type DashboardTemplate = ResponseOf<`GET ${typeof template}`>

/** What dashboards can be made from. */
export interface DashboardTemplates
  extends Collection<typeof templates, typeof template>,
    SoftDeletable<`PATCH ${typeof template}`> {}

/** Binds dashboard templates to a client. */
export const createDashboardTemplates: Resource<DashboardTemplates> = (api) => ({
  ...collection(api, templates, template),
  ...softDeletes(api, template),
})
