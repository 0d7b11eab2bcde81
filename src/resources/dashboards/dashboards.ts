import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { readOnce } from '../../runtime/transport/read-once.ts'
import { type HasSharing, sharing } from '../capabilities.ts'
import { requireId, requireList, requireObject } from '../check-arguments.ts'
import {
  type BodyMethod,
  checkedCall,
  type IdBodyMethod,
  type IdMethod,
  type IdQueryMethod,
  method,
  type OptionalQueryMethod,
} from '../methods.ts'
import type { BodyOf, CallOptions, ResponseOf } from '../requester.ts'
import type { Revertible } from '../revert.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from '../verbs.ts'
import { all, type Dashboard, one } from './dashboard.ts'
import { type DashboardDefinition, type EnsuredDashboard, ensureDashboard } from './ensure-dashboard.ts'
import { type DashboardStreamEvent, streamTiles } from './stream-tiles.ts'

const share = '/api/projects/{project_id}/dashboards/{dashboard_id}/sharing/'
const textTile = 'POST /api/projects/{project_id}/dashboards/{dashboard_id}/create_text_tile/'

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
    HasSharing<typeof share> {
  /**
   * Creates a dashboard, or updates the fields that differ if one with the exact name exists. Deleted dashboards do not
   * count. PostHog allows several dashboards of a name, so concurrent calls may create two. `revert` of the result
   * restores the fields, or deletes the dashboard that was created if it has no new tiles.
   *
   * @throws ConfigurationError if several dashboards have the name, or for an unknown field
   * @example
   * const { dashboard, created } = await posthog.dashboards.ensure('Weekly numbers', { tags: ['team-growth'] })
   */
  ensure(
    name: string,
    definition?: DashboardDefinition,
    options?: CallOptions,
  ): Promise<EnsuredDashboard & Revertible<Dashboard>>
  /**
   * Adds, removes or replaces the tags of several dashboards.
   *
   * PostHog's schema does not open this operation to personal API keys, so PostHog probably returns 403.
   *
   * @throws BadRequestError for more dashboards than PostHog accepts in one request
   * @example await posthog.dashboards.updateTags({ action: 'add', ids: [7, 8], tags: ['weekly'] })
   */
  updateTags: BodyMethod<`POST ${typeof all}bulk_update_tags/`>
  /**
   * Returns the results of all insights on a dashboard.
   *
   * @example const { results } = await posthog.dashboards.runInsights(7, { refresh: 'blocking' })
   */
  runInsights: IdQueryMethod<`GET ${typeof one}run_insights/`>
  /**
   * Streams a dashboard tile by tile, as PostHog computes it. You can iterate once; `break` ends the transfer.
   *
   * PostHog's schema does not open this operation to personal API keys, so PostHog probably returns 403.
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
  /**
   * Deletes a tile from a dashboard. Its insight stays, and the tiles below move up.
   *
   * @throws NotFoundError if the dashboard has no such tile
   * @example await posthog.dashboards.deleteTile(7, 70)
   */
  deleteTile(id: number, tileId: number, options?: CallOptions): APIPromise<void>
  /**
   * Adds a text tile. `body` is Markdown of at most 4,000 characters.
   *
   * @example const { id } = await posthog.dashboards.createTextTile(7, { body: '## Activation' })
   */
  createTextTile: IdBodyMethod<typeof textTile>
  /**
   * Changes the text, layout or color of a text tile.
   *
   * @throws BadRequestError if the tile is not a text tile; NotFoundError if the dashboard has no such tile
   * @example await posthog.dashboards.updateTextTile(7, { tile_id: 70, body: '## Retention' })
   */
  updateTextTile: IdBodyMethod<`POST ${typeof one}update_text_tile/`>
  /**
   * Adds widgets, such as a list of errors or of recordings. All are added, or none.
   *
   * @throws BadRequestError if the project has no dashboard widgets, or for an invalid `config`
   * @example
   * const { tiles } = await posthog.dashboards.addWidgets(7, {
   *   widgets: [{ widget_type: 'error_tracking_list', config: { limit: 5 } }],
   * })
   */
  addWidgets: IdBodyMethod<`POST ${typeof one}widgets/batch/`>
  /**
   * Changes the configuration, name or description of widgets. All are changed, or none.
   *
   * @throws BadRequestError if a tile is not a widget
   * @example
   * await posthog.dashboards.updateWidgets(7, {
   *   widgets: [{ tile_id: 70, widget_type: 'error_tracking_list', name: 'New errors' }],
   * })
   */
  updateWidgets: IdBodyMethod<`PATCH ${typeof one}widgets/batch_update/`>
  /**
   * Runs widgets by the ids of their tiles. A widget that fails has an `error` and no `result`.
   *
   * @throws PermissionError if the project has no dashboard widgets
   * @example const { results } = await posthog.dashboards.runWidgets(7, [70, 71])
   */
  runWidgets(
    id: number,
    tileIds: readonly number[],
    options?: CallOptions,
  ): APIPromise<ResponseOf<`GET ${typeof one}run_widgets/`>>
  /** Lists the types of widgets with their configuration. */
  widgetCatalog: OptionalQueryMethod<`GET ${typeof all}widget_catalog/`>
  /**
   * Saves the current results of a dashboard for `analyzeRefresh`, and returns their key.
   *
   * Newer versions of PostHog lack this operation and return 404.
   *
   * @example const { cache_key } = await posthog.dashboards.snapshot(7)
   */
  snapshot: IdMethod<`POST ${typeof one}snapshot/`>
  /**
   * Compares the results of a dashboard with a snapshot, and describes the changes.
   *
   * Newer versions of PostHog lack this operation and return 404.
   *
   * @example await posthog.dashboards.analyzeRefresh(7, { cache_key })
   */
  analyzeRefresh: IdBodyMethod<`POST ${typeof one}analyze_refresh_result/`>
  /**
   * Creates a dashboard from a template.
   *
   * PostHog's schema does not open this operation to personal API keys, so PostHog probably returns 403.
   *
   * @example await posthog.dashboards.createFromTemplate({ template: { template_name: 'Weekly', tiles: [] } })
   */
  createFromTemplate: BodyMethod<`POST ${typeof all}create_from_template_json/`>
}

/** Creates the dashboards resource. */
export const createDashboards: Resource<Dashboards> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  ...sharing(api, share),
  ensure: async (name, definition, options) => ensureDashboard(api, name, definition, options),
  updateTags: method(api, `POST ${all}bulk_update_tags/`, 'body'),
  runInsights: method(api, `GET ${one}run_insights/`, 'id, query?'),
  streamTiles: (id, options) => readOnce(streamTiles(api, id, options), 'A stream of tiles'),
  moveTile: (id, move, options) => {
    return checkedCall(api, `PATCH ${one}move_tile/`, () => ({ path: { id }, body: moveBody(move) }), options)
  },
  copyTile: method(api, `POST ${one}copy_tile/`, 'id, body'),
  reorderTiles: method(api, `POST ${one}reorder_tiles/`, 'id, body'),
  deleteTile: (id, tileId, options) => {
    const input = (): { path: { id: number }; body: { tile_id: number } } => {
      requireId('tileId', tileId)
      return { path: { id }, body: { tile_id: tileId } }
    }
    // The response to a deletion has no body.
    return checkedCall(api, `POST ${one}delete_tile/`, input, options) as APIPromise<never>
  },
  createTextTile: method(api, textTile, 'id, body'),
  updateTextTile: method(api, `POST ${one}update_text_tile/`, 'id, body'),
  addWidgets: method(api, `POST ${one}widgets/batch/`, 'id, body'),
  updateWidgets: method(api, `PATCH ${one}widgets/batch_update/`, 'id, body'),
  runWidgets: (id, tileIds, options) => {
    const input = (): { path: { id: number }; query: { tile_ids: string } } => {
      requireList('tileIds', tileIds)
      return { path: { id }, query: { tile_ids: [...tileIds].join(',') } }
    }
    return checkedCall(api, `GET ${one}run_widgets/`, input, options)
  },
  widgetCatalog: method(api, `GET ${all}widget_catalog/`, 'query?'),
  snapshot: method(api, `POST ${one}snapshot/`, 'id'),
  analyzeRefresh: method(api, `POST ${one}analyze_refresh_result/`, 'id, body'),
  createFromTemplate: method(api, `POST ${all}create_from_template_json/`, 'body'),
})

/** Current servers read `to_dashboard`. Those before September 2026 read `toDashboard`. */
function moveBody(move: TileMove): BodyOf<`PATCH ${typeof one}move_tile/`> {
  requireObject('move', move)
  requireId('tileId', move.tileId)
  requireId('to', move.to)
  return { tile: { id: move.tileId }, to_dashboard: move.to, toDashboard: move.to }
}
