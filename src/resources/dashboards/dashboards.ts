import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { readOnce } from '../../runtime/transport/read-once.ts'
import {
  type ActWithCall,
  actWithCall,
  checkedCall,
  type ReadOfCall,
  readOfCall,
  type SendCall,
  sendCall,
} from '../calls.ts'
import { requireId, requireObject } from '../check-arguments.ts'
import { type HasSharing, sharing } from '../parts/sharing.ts'
import { type HasTags, tags } from '../parts/tags.ts'
import type { CallOptions } from '../requester.ts'
import type { AnswerOf } from '../routes.ts'
import { type Collection, collection, type Resource, type SoftDeletes, softDeletes } from '../verbs.ts'
import { type DashboardPiece, streamTiles } from './stream-tiles.ts'

const all = '/api/projects/{project_id}/dashboards/'
const one = '/api/projects/{project_id}/dashboards/{id}/'
const share = '/api/projects/{project_id}/dashboards/{dashboard_id}/sharing/'

/** Insights on one page. */
export type Dashboard = AnswerOf<`GET ${typeof one}`>

/** A tile and the dashboard that it is moved to, by their ids. */
export interface TileMove {
  readonly tileId: number
  readonly to: number
}

/** Insights on one page. */
export interface Dashboards
  extends Collection<typeof all, typeof one>,
    SoftDeletes<`PATCH ${typeof one}`>,
    HasSharing<typeof share>,
    HasTags<`POST ${typeof all}bulk_update_tags/`> {
  /**
   * The results of all insights of a dashboard.
   *
   * @example const { results } = await posthog.dashboards.runInsights(7, { refresh: 'blocking' })
   */
  runInsights: ReadOfCall<`GET ${typeof one}run_insights/`>
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
  copyTile: ActWithCall<`POST ${typeof one}copy_tile/`>
  /** Puts the tiles into another order, by their ids. */
  reorderTiles: ActWithCall<`POST ${typeof one}reorder_tiles/`>
  /** Creates a dashboard from a template. */
  createFromTemplate: SendCall<`POST ${typeof all}create_from_template_json/`>
}

/** Binds dashboards to a client. */
export const createDashboards: Resource<Dashboards> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  ...sharing(api, share),
  ...tags(api, `POST ${all}bulk_update_tags/`),
  runInsights: readOfCall(api, `GET ${one}run_insights/`),
  streamTiles: (id, options) => readOnce(streamTiles(api, id, options), 'A stream of tiles'),
  moveTile: (id, move, options) => {
    return checkedCall(api, `PATCH ${one}move_tile/`, () => ({ path: { id }, body: moveOf(move) }), options)
  },
  copyTile: actWithCall(api, `POST ${one}copy_tile/`),
  reorderTiles: actWithCall(api, `POST ${one}reorder_tiles/`),
  createFromTemplate: sendCall(api, `POST ${all}create_from_template_json/`),
})

function moveOf(move: TileMove): { readonly tile: { readonly id: number }; readonly toDashboard: number } {
  requireObject('move', move)
  requireId('tileId', move.tileId)
  requireId('to', move.to)
  return { tile: { id: move.tileId }, toDashboard: move.to }
}
