import { isObject } from '../../../shared/is-object.ts'
import { ApiError } from '../../http/api-error.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { type FlagRecord, flagById } from '../feature-flags/flag-record.ts'
import { changeFlag } from '../feature-flags/flags.ts'
import { pendingChanges, SCHEDULED_CHANGES } from './scheduled-changes.ts'

/**
 * Applies the scheduled changes that are due. PostHog does it every minute; here it happens before the next request
 * that reads flags.
 */
export async function applyDueChanges(call: Call): Promise<void> {
  const { state, project } = call
  const now = state.now()
  for (const change of pendingChanges(call)) {
    if (!isDue(change, now)) continue
    const failure = await apply(call, change)
    const outcome = failure === undefined ? next(change, now) : { executed_at: now.toISOString() }
    collectionOf(state, SCHEDULED_CHANGES, project).change(change.id, {
      ...outcome,
      failure_reason: failure ?? null,
    })
    await state.persist()
  }
}

/** Applies the due changes of a project outside its API, such as before `/flags`. */
export async function applyDueChangesOf(
  state: ServerState,
  project: number,
  request: Request,
): Promise<void> {
  const [key] = state.keys
  if (key === undefined) return
  await applyDueChanges({
    state,
    project,
    request,
    url: new URL(request.url),
    params: {},
    body: undefined,
    key,
  })
}

function isDue(change: StoredRecord, now: Date): boolean {
  const paused = change['is_recurring'] === false && typeof change['recurrence_interval'] === 'string'
  return !paused && Date.parse(String(change['scheduled_at'])) <= now.getTime()
}

/** Returns the reason of a failure. */
async function apply(call: Call, { record_id, payload }: StoredRecord): Promise<string | undefined> {
  const flag = flagById(call.state, call.project, Number(record_id))
  if (flag === undefined) return 'FeatureFlag matching query does not exist.'
  const changes = changesOf(flag, payload)
  if (changes === undefined) return 'Invalid payload'
  try {
    await changeFlag(call, flag, changes)
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return String(error.body['detail'])
  }
}

// PostHog/posthog products/feature_flags/backend/models/feature_flag.py
function changesOf({ filters }: FlagRecord, payload: unknown): JsonRecord | undefined {
  if (!isObject(payload) || !('value' in payload)) return undefined
  const { operation, value } = payload
  if (operation === 'update_status') return { active: value }
  if (!isObject(value)) return undefined
  if (operation === 'add_release_condition') {
    return { filters: { ...filters, groups: [...listOf(filters['groups']), ...listOf(value['groups'])] } }
  }
  if (operation !== 'update_variants') return undefined
  const { multivariate } = filters
  const variants = listOf(value['variants'])
  return {
    filters: {
      ...filters,
      multivariate: { ...(isObject(multivariate) ? multivariate : {}), variants },
      payloads: value['payloads'] ?? {},
    },
  }
}

/** A change that recurs moves to its next time in the future; any other is done. */
function next(change: StoredRecord, now: Date): JsonRecord {
  const last_executed_at = now.toISOString()
  if (change['is_recurring'] !== true) return { executed_at: last_executed_at, last_executed_at }
  const at = new Date(String(change['scheduled_at']))
  while (at.getTime() <= now.getTime()) addInterval(at, change['recurrence_interval'])
  const end = change['end_date']
  const isOver = typeof end === 'string' && at.getTime() > Date.parse(end)
  return isOver
    ? { executed_at: last_executed_at, last_executed_at }
    : { scheduled_at: at.toISOString(), last_executed_at }
}

function addInterval(at: Date, interval: unknown): void {
  if (interval === 'daily') at.setUTCDate(at.getUTCDate() + 1)
  else if (interval === 'weekly') at.setUTCDate(at.getUTCDate() + 7)
  else if (interval === 'monthly') at.setUTCMonth(at.getUTCMonth() + 1)
  else at.setUTCFullYear(at.getUTCFullYear() + 1)
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
