import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { boolean, choice, datetime, json, text } from '../../store/fields.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { flagById } from '../feature-flags/flag-record.ts'
import { storedProject } from '../organizations/projects.ts'

export const SCHEDULED_CHANGES: CollectionKind = { name: 'scheduled_changes', ids: 'integer' }

const INTERVALS = ['daily', 'weekly', 'monthly', 'yearly']

/** The scheduled changes of each project. */
const scheduledChanges: Resource = {
  kind: SCHEDULED_CHANGES,
  path: 'projects/:project/scheduled_changes',
  object: 'feature_flag',
  fields: {
    record_id: text({ required: true, maxLength: 200 }),
    model_name: choice(['FeatureFlag'], { required: true }),
    payload: json({ required: true }),
    scheduled_at: datetime({ required: true }),
    is_recurring: boolean({ default: false }),
    recurrence_interval: choice(INTERVALS, { nullable: true }),
    cron_expression: text({ nullable: true, blank: true, maxLength: 100 }),
    end_date: datetime({ nullable: true }),
  },
  systemFields: ['created_at', 'created_by', 'updated_at'],
  deletion: 'hard',
  perProject: true,
  oldestFirst: true,
  filterBy: ['model_name', 'record_id'],
  prepareCreate: (call, values) => {
    check(values, undefined)
    const flag = flagById(call.state, call.project, Number(values['record_id']))
    if (flag === undefined) throw invalid(null, 'Feature flag not found')
    const { timezone = 'UTC' } = storedProject(call.state, call.project)
    const untouched = { executed_at: null, last_executed_at: null, failure_reason: null }
    return { ...untouched, record_id: String(flag.id), timezone }
  },
  prepareUpdate: (_, before, values) => {
    check(values, before)
    return {}
  },
  view: ({ project }, { executed_at, last_executed_at, failure_reason, timezone }) => {
    return { team_id: project, executed_at, last_executed_at, failure_reason, timezone }
  },
}

/** Scheduled changes of feature flags. `due-changes.ts` applies them. */
export const scheduledChangeRoutes: readonly Route[] = resourceRoutes(scheduledChanges)

/** The scheduled changes of a project that have not run, in order of their time. */
export function pendingChanges(call: Pick<Call, 'state' | 'project'>): StoredRecord[] {
  return collectionOf(call.state, SCHEDULED_CHANGES, call.project)
    .all()
    .filter((change) => change['executed_at'] === null)
    .sort((a, b) => Date.parse(String(a['scheduled_at'])) - Date.parse(String(b['scheduled_at'])))
}

// PostHog/posthog products/feature_flags/backend/api/scheduled_change.py
function check(values: JsonRecord, before: StoredRecord | undefined): void {
  if (before !== undefined) checkUnchanged(values, before)
  const merged = { ...before, ...values }
  const { is_recurring: recurring, recurrence_interval: interval, payload } = merged
  const { cron_expression: cron, scheduled_at: start, end_date: end } = merged
  if (cron) throw invalid('cron_expression', 'The local PostHog does not support cron expressions.')
  if (recurring === true && !interval) {
    const detail = 'Either recurrence_interval or cron_expression is required when is_recurring is true.'
    throw invalid('recurrence_interval', detail)
  }
  if (recurring === true && isObject(payload) && payload['operation'] === 'add_release_condition') {
    const detail =
      'Recurring schedules are not supported for add_release_condition because it appends conditions on each run, ' +
      'creating duplicates.'
    throw invalid('payload', detail)
  }
  if (before === undefined && recurring !== true && interval) {
    const detail = 'Cannot set recurrence_interval when is_recurring is false for new schedules.'
    throw invalid('recurrence_interval', detail)
  }
  if (typeof end === 'string' && Date.parse(end) <= Date.parse(String(start))) {
    throw invalid('end_date', 'End date must be after the scheduled start date.')
  }
}

function checkUnchanged({ record_id, model_name }: JsonRecord, before: StoredRecord): void {
  if (record_id !== undefined && String(record_id) !== before['record_id']) {
    throw invalid('record_id', 'Cannot change the target record of an existing scheduled change.')
  }
  if (model_name !== undefined && model_name !== before['model_name']) {
    throw invalid('model_name', 'Cannot change the model type of an existing scheduled change.')
  }
  if (before['executed_at'] !== null && before['is_recurring'] !== true) {
    throw invalid(null, 'Cannot modify a scheduled change that has already executed.')
  }
}
