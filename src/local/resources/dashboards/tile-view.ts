import { isObject } from '../../../shared/is-object.ts'
import type { Call } from '../../http/route.ts'
import { currentUser } from '../../store/account.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { INSIGHTS } from '../../store/kinds.ts'
import { recordView } from '../../store/records.ts'
import { rejectOverrides } from '../insights/reject-overrides.ts'
import { insights, insightView } from '../insights/saved-insights.ts'

/** A tile with its insight or text. */
export async function tileView(call: Call, tile: StoredRecord, refresh: string | null): Promise<JsonRecord> {
  const { state } = call
  rejectOverrides(call.url)
  const record = collectionOf(state, INSIGHTS).get(tile['insight'])
  const insight: JsonRecord | null =
    record === undefined
      ? null
      : {
          ...(await recordView({ ...insights, view: () => ({}) }, call, record)),
          ...(await insightView(call, record, refresh)),
        }
  return {
    id: tile.id,
    order: tile['order'],
    layouts: tile['layouts'],
    color: tile['color'],
    insight,
    text: isObject(tile['text']) ? textView(call, tile, tile['text']) : null,
    button_tile: null,
    widget: null,
    last_refresh: insight === null ? null : insight['last_refresh'],
    is_cached: insight === null ? false : insight['is_cached'],
  }
}

function textView({ state }: Call, tile: StoredRecord, text: JsonRecord): JsonRecord {
  const user = currentUser(state)
  return {
    id: tile.id,
    body: text['body'],
    team: state.projectId,
    created_by: user,
    last_modified_at: text['last_modified_at'] ?? state.startedAt.toISOString(),
    last_modified_by: text['changed'] === true ? user : null,
    dashboard_tiles: [{ id: tile.id, dashboard_id: tile['dashboard_id'], deleted: false }],
  }
}
