import { isObject } from '../../../shared/is-object.ts'
import { envelope, invalid } from '../../http/api-error.ts'
import { stableJson } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { currentUser } from '../../store/account.ts'
import type { JsonRecord } from '../../store/collection.ts'
import {
  boolean,
  choice,
  DELETED,
  type Fields,
  integer,
  json,
  list,
  object,
  TAGS,
  text,
  texts,
} from '../../store/fields.ts'
import { createRecord, patchRecord, visibleFields } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { filterFlags } from './filter-flags.ts'
import { DEFAULT_FILTERS, dependenciesOf, dependentsOf, readFilters } from './flag-filters.ts'
import { FLAGS, type FlagRecord, flagByKey, flagsOf, versionOf } from './flag-record.ts'
import { flagView } from './flag-view.ts'

const FIELDS: Fields = {
  key: text({ required: true }),
  name: text({ blank: true, nullable: true, default: '' }),
  active: boolean({ default: true }),
  archived: boolean({ default: false }),
  deleted: DELETED,
  ensure_experience_continuity: boolean({ nullable: true, default: false }),
  has_encrypted_payloads: boolean({ nullable: true, default: false }),
  is_remote_configuration: boolean({ nullable: true, default: false }),
  tags: TAGS,
  evaluation_contexts: texts({ default: [] }),
  filters: object({ nullable: true, default: DEFAULT_FILTERS }),
  evaluation_runtime: choice(['server', 'client', 'all'], { nullable: true, blank: true, default: 'all' }),
  bucketing_identifier: choice(['distinct_id', 'device_id'], {
    nullable: true,
    blank: true,
    default: 'distinct_id',
  }),
  analytics_dashboards: list({ nullable: true, default: [] }),
  creation_context: text({ default: 'feature_flags' }),
  // The version that an edit started from, and the flag as it was then.
  version: integer({ nullable: true, writeOnly: true }),
  original_flag: json({ writeOnly: true }),
}

/** The feature flags of each project. */
export const flags: Resource<FlagRecord> = {
  kind: FLAGS,
  path: 'projects/:project/feature_flags',
  object: 'feature_flag',
  fields: FIELDS,
  systemFields: ['created_at', 'created_by', 'user_access_level'],
  deletion: 'refused',
  perProject: true,
  activity: 'FeatureFlag',
  activityName: 'key',
  unlogged: ['versions', 'version', 'original_flag'],
  filter: filterFlags,
  prepareCreate: ({ state, project }, { version, original_flag, ...given }) => {
    const settings: JsonRecord = { ...normalize(given, DEFAULT_FILTERS), deleted: false }
    checkKey(state, project, settings['key'])
    checkArchived(settings, true)
    const first = { version: 1, at: state.now().toISOString(), settings }
    return { ...settings, last_called_at: null, versions: [first] }
  },
  prepareUpdate: ({ state, project }, flag, { version, original_flag: original, ...given }) => {
    const { creation_context, ...values } = normalize(given, flag.filters)
    const isStale = version !== undefined && version !== null && version !== versionOf(flag)
    const changes = isStale && isObject(original) ? mergeEdit(state, flag, values, original) : values
    const settings = { ...visibleFields(flags, flag), ...changes }
    checkUpdate(state, project, flag, settings)
    checkArchived(settings, changes['archived'] === true)
    const next = { version: versionOf(flag) + 1, at: state.now().toISOString(), settings }
    return { ...settings, version: undefined, original_flag: undefined, versions: [...flag.versions, next] }
  },
  view: flagView,
}

/** Creates a flag in the project of a call. */
export function createFlag(call: Call, body: JsonRecord): Promise<FlagRecord> {
  return createRecord(flags, call, body)
}

/** Changes a flag, which adds a version. */
export function changeFlag(call: Call, flag: FlagRecord, changes: JsonRecord): Promise<FlagRecord> {
  return patchRecord(flags, call, flag, changes)
}

function normalize(given: JsonRecord, filters: JsonRecord): JsonRecord {
  const { key, name, filters: givenFilters, analytics_dashboards: dashboards, evaluation_contexts } = given
  if (key !== undefined && !/^[a-zA-Z0-9_-]+$/.test(String(key))) {
    throw invalid('key', 'Only letters, numbers, hyphens (-) & underscores (_) are allowed.', 'invalid_key')
  }
  return {
    ...given,
    ...(name === null ? { name: '' } : {}),
    ...(givenFilters === undefined
      ? {}
      : { filters: isObject(givenFilters) ? readFilters(givenFilters) : filters }),
    ...(Array.isArray(evaluation_contexts) ? { evaluation_contexts: [...new Set(evaluation_contexts)] } : {}),
    ...(Array.isArray(dashboards) ? { analytics_dashboards: dashboards.map(Number) } : {}),
  }
}

/**
 * Merges an edit that started from an older version: fields that the editor did not touch keep their current value.
 *
 * @throws ApiError 409 when a later edit changed the same field to another value.
 */
function mergeEdit(
  state: ServerState,
  flag: FlagRecord,
  values: JsonRecord,
  original: JsonRecord,
): JsonRecord {
  const isSame = (a: unknown, b: unknown): boolean => stableJson(a) === stableJson(b)
  const edited = Object.entries(values).filter(
    ([field, value]) => !(field in original) || !isSame(value, original[field]),
  )
  const conflict = edited.some(
    ([field, value]) =>
      field in original && !isSame(original[field], flag[field]) && !isSame(value, flag[field]),
  )
  if (conflict) {
    const { email } = currentUser(state)
    const detail =
      `The feature flag was updated by ${email} since you started editing it. ` +
      'Please refresh and try again.'
    throw envelope(409, 'server_error', 'conflict', detail)
  }
  return Object.fromEntries(edited)
}

function checkKey(state: ServerState, project: number, key: unknown): void {
  if (flagByKey(state, project, key) === undefined) return
  throw invalid('key', 'There is already a feature flag with this key.', 'unique')
}

function checkArchived({ active, archived }: JsonRecord, archiving: boolean): void {
  if (active !== true || archived !== true) return
  throw invalid(
    null,
    archiving
      ? 'Cannot archive an enabled feature flag. Disable it first, or send active: false in the same request.'
      : 'Cannot enable an archived feature flag. Unarchive it first.',
  )
}

function checkUpdate(state: ServerState, project: number, before: FlagRecord, after: JsonRecord): void {
  const { deleted, active, key, filters } = after
  const all = flagsOf(state, project)
  if (deleted !== true && (key !== before.key || before.deleted)) checkKey(state, project, key)
  const dependents = dependentsOf(all, before).filter((flag) => flag.active)
  const turnedOff = active !== true && before.active
  if ((deleted === true && !before.deleted) || turnedOff) {
    const action = deleted === true && !before.deleted ? 'delete' : 'disable'
    if (dependents.length > 0) {
      const detail = `Cannot ${action} this feature flag because other flags depend on it: `
      throw invalid(null, detail + namesOf(dependents))
    }
  }
  if (active !== true || before.active) return
  const needed = dependenciesOf(filters as JsonRecord)
  const disabled = all.filter((flag) => needed.includes(flag.id) && !flag.active)
  if (disabled.length === 0) return
  const detail = `Cannot enable this feature flag because it depends on disabled flags: ${namesOf(disabled)}`
  throw invalid(null, detail)
}

function namesOf(found: readonly FlagRecord[]): string {
  return found.map((flag) => `${flag.key} (ID: ${flag.id})`).join(', ')
}
