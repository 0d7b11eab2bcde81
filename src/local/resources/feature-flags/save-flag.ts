import { invalid } from '../../http/api-error.ts'
import { nextNumber } from '../../local-data.ts'
import type { ServerState } from '../../server-state.ts'
import { changesBetween, noteActivity } from '../activity/activity-log.ts'
import { DEFAULT_SETTINGS, readFlag } from './flag-body.ts'
import { dependenciesOf, dependentsOf } from './flag-conditions.ts'
import { type FlagRecord, type FlagSettings, versionOf } from './flag-record.ts'

const FIELDS = [...(Object.keys(DEFAULT_SETTINGS) as (keyof FlagSettings)[]), 'key'] as const

/**
 * Makes a feature flag of a body, as POST does.
 *
 * @throws ApiError 400 without a key, with one that is taken, or for what a flag cannot be.
 */
export async function createFlag(
  world: ServerState,
  project: number,
  body: Readonly<Record<string, unknown>>,
): Promise<FlagRecord> {
  const flag = addFlag(world, project, body)
  await world.persist()
  return flag
}

/** The same, for a caller that tells of the change itself. */
export function addFlag(
  world: ServerState,
  project: number,
  body: Readonly<Record<string, unknown>>,
): FlagRecord {
  const { key, ...given } = readFlag(body)
  if (key === undefined) throw invalid('key', 'This field is required.', 'required')
  checkKey(world, project, key)
  const settings: FlagSettings = { ...DEFAULT_SETTINGS, ...given, key, deleted: false }
  checkArchived(settings, true)
  const { stores } = world.data
  const now = world.now().toISOString()
  const context = body['creation_context']
  const flag: FlagRecord = {
    id: nextNumber(stores, 'flag'),
    project,
    created_at: now,
    updated_at: now,
    last_called_at: null,
    creation_context: typeof context === 'string' ? context : 'feature_flags',
    usage_dashboard: world.data.links.usageDashboard(project, key),
    settings,
    versions: [{ version: 1, at: now, settings }],
  }
  stores.flags.push(flag)
  noteActivity(world, { ...aboutFlag(flag), activity: 'created' })
  return flag
}

/**
 * Changes a feature flag, which makes a version of it.
 *
 * @throws ApiError 400 for a key that is taken, and where other flags depend on what is changed.
 */
export async function updateFlag(
  world: ServerState,
  flag: FlagRecord,
  changes: Partial<FlagSettings>,
): Promise<void> {
  changeFlag(world, flag, changes)
  await world.persist()
}

/** The same, for a caller that tells of the change itself. */
export function changeFlag(world: ServerState, flag: FlagRecord, changes: Partial<FlagSettings>): void {
  const before = flag.settings
  const after = { ...before, ...changes }
  if (!after.deleted && (after.key !== before.key || before.deleted)) {
    checkKey(world, flag.project, after.key, flag)
  }
  checkArchived(after, changes.archived === true)
  if (after.deleted && !before.deleted) checkDependents(world, flag, 'delete')
  if (!after.active && before.active) checkDependents(world, flag, 'disable')
  if (after.active && !before.active) checkDependencies(world, flag, after)
  const now = world.now().toISOString()
  flag.settings = after
  flag.updated_at = now
  flag.versions.push({ version: versionOf(flag) + 1, at: now, settings: after })
  noteActivity(world, {
    ...aboutFlag(flag),
    activity: after.deleted && !before.deleted ? 'deleted' : 'updated',
    changes: changesBetween('FeatureFlag', before, after, FIELDS),
  })
}

function aboutFlag(flag: FlagRecord): { project: number; scope: string; item: number; name: string } {
  return { project: flag.project, scope: 'FeatureFlag', item: flag.id, name: flag.settings.key }
}

function checkKey(world: ServerState, project: number, key: string, except?: FlagRecord): void {
  const taken = world.data.stores.flags.some(
    (flag) =>
      flag !== except && flag.project === project && !flag.settings.deleted && flag.settings.key === key,
  )
  if (taken) throw invalid('key', 'There is already a feature flag with this key.', 'unique')
}

function checkArchived({ active, archived }: FlagSettings, archiving: boolean): void {
  if (!active || !archived) return
  throw invalid(
    null,
    archiving
      ? 'Cannot archive an enabled feature flag. Disable it first, or send active: false in the same request.'
      : 'Cannot enable an archived feature flag. Unarchive it first.',
  )
}

function checkDependents(world: ServerState, flag: FlagRecord, action: 'delete' | 'disable'): void {
  const dependents = dependentsOf(world.data.stores.flags, flag).filter(({ settings }) => settings.active)
  if (dependents.length === 0) return
  throw invalid(
    null,
    `Cannot ${action} this feature flag because other flags depend on it: ${namesOf(dependents)}`,
  )
}

function checkDependencies(world: ServerState, flag: FlagRecord, settings: FlagSettings): void {
  const needed = dependenciesOf(settings.filters)
  const disabled = world.data.stores.flags.filter(
    (other) => other.project === flag.project && needed.includes(other.id) && !other.settings.active,
  )
  if (disabled.length === 0) return
  throw invalid(
    null,
    `Cannot enable this feature flag because it depends on disabled flags: ${namesOf(disabled)}`,
  )
}

function namesOf(flags: readonly FlagRecord[]): string {
  return flags.map((flag) => `${flag.settings.key} (ID: ${flag.id})`).join(', ')
}
