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
          ...(await insightView({ state, refresh }, record)),
        }
  return {
    id: tile.id,
    order: tile['order'],
    layouts: tile['layouts'],
    color: tile['color'],
    insight,
    text: isObject(tile['text'])
      ? {
          id: tile.id,
          body: tile['text']['body'],
          team: state.projectId,
          last_modified_by: currentUser(state),
        }
      : null,
    last_refresh: insight === null ? null : insight['last_refresh'],
    is_cached: insight === null ? false : insight['is_cached'],
  }
}
