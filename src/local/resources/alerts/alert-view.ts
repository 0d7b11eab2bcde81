import type { ServerState } from '../../server-state.ts'
import { currentUser } from '../../store/account.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { visibleFields } from '../../store/records.ts'
import { ALERT_FIELDS } from './alert-fields.ts'
import { nextCheck } from './alert-times.ts'

/** An alert as answers show it. No check runs by itself: there are none until one is asked for. */
export function alertView(world: ServerState, alert: StoredRecord): JsonRecord {
  return {
    id: alert.id,
    ...visibleFields({ fields: ALERT_FIELDS }, alert),
    threshold: alert['threshold'],
    created_at: alert['created_at'],
    created_by: currentUser(world),
    state: 'Not firing',
    checks: [],
    checks_total: 0,
    last_checked_at: null,
    last_notified_at: null,
    last_value: null,
    next_check_at: alert['enabled'] === false ? null : nextCheck(alert['calculation_interval'], world.now()),
  }
}
