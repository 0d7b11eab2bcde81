import { isObject } from '../../shared/is-object.ts'
import { isIdentifier } from '../endpoints/identifiers.ts'
import { lockFailure, parseLockObject } from '../lock-file.ts'
import { byCodeUnit } from '../source-text.ts'
import { isJsonShape, type JsonShape } from './json-shape.ts'
import { type FlagState, type ProjectArea, projectAreas } from './project-description.ts'

/** The command that writes a project's module and lock file. */
export const projectPullCommand = 'typehog project pull'

/** A locked name. */
export interface LockedName {
  /** The constant of the name in the generated module. You may edit it. */
  readonly identifier: string
}

/** PostHog's types of properties, by name. Null if PostHog has no type. */
export type PropertyTypes = Readonly<Record<string, string | null>>

/** An event at the time of the pull. */
export interface LockedEvent extends LockedName {
  /** Absent if the properties were not read. */
  readonly properties?: readonly string[]
}

/** A flag at the time of the pull. */
export interface LockedFlag extends LockedName {
  readonly state: FlagState
  readonly variants?: Readonly<Record<string, JsonShape | null>>
  readonly payload?: JsonShape
}

/** A cohort at the time of the pull. */
export interface LockedCohort extends LockedName {
  readonly name: string
  readonly static: boolean
}

/** A group type at the time of the pull. */
export interface LockedGroupType extends LockedName {
  readonly index: number
  readonly properties: PropertyTypes
}

/** An insight variable at the time of the pull. */
export interface LockedVariable extends LockedName {
  readonly type: string
  readonly values?: readonly string[]
  /** Whether the value is an array. */
  readonly multi?: true
}

/** The settings of a pull. Later pulls keep them. */
export interface ProjectSettings {
  /** Whether unknown names are compiler errors. */
  readonly strict: boolean
  /** Number of events whose properties are read. */
  readonly maxEvents: number
}

/** The content of `posthog.project.lock.json`: the generated module without its comments. Absent areas were not pulled. */
export interface ProjectLock extends ProjectSettings {
  readonly lockfileVersion: 1
  readonly host: string
  readonly projectId: string
  readonly events?: Readonly<Record<string, LockedEvent>>
  readonly eventProperties?: PropertyTypes
  readonly featureFlags?: Readonly<Record<string, LockedFlag>>
  /** By id. */
  readonly cohorts?: Readonly<Record<string, LockedCohort>>
  readonly groups?: Readonly<Record<string, LockedGroupType>>
  /** By code name. */
  readonly variables?: Readonly<Record<string, LockedVariable>>
}

/** Returns an own member of a record that is keyed by names of users. */
export function ownEntry<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

/** The members of a lock that hold names. */
const areasOfLock = [...projectAreas, 'eventProperties'] as const

/** Renders a lock as sorted JSON, one name per line. */
export function renderProjectLock(lock: ProjectLock): string {
  const { lockfileVersion, host, projectId, strict, maxEvents } = lock
  const settings = Object.entries({ lockfileVersion, host, projectId, strict, maxEvents })
  const lines = settings.map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  for (const area of areasOfLock) {
    const entries = lock[area]
    if (entries === undefined) continue
    const members = Object.entries(entries)
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([name, entry]) => `    ${JSON.stringify(name)}: ${JSON.stringify(entry)}`)
    lines.push(`  "${area}": {${members.length === 0 ? '' : `\n${members.join(',\n')}\n  `}}`)
  }
  return `{\n${lines.join(',\n')}\n}\n`
}

/**
 * Parses a lock file.
 *
 * @throws LockError when the file is not a lock, has merge conflicts or an invalid entry
 */
export function parseProjectLock(text: string, file: string): ProjectLock {
  const fail = lockFailure(file, projectPullCommand)
  const lock = parseLockObject(text, fail)
  const { host, projectId, strict, maxEvents } = lock
  if (typeof host !== 'string') return fail('/host', 'is not a string')
  if (typeof projectId !== 'string') return fail('/projectId', 'is not a string')
  if (typeof strict !== 'boolean') return fail('/strict', 'is not a boolean')
  if (!Number.isSafeInteger(maxEvents)) return fail('/maxEvents', 'is not an integer')
  for (const area of areasOfLock) {
    const entries = lock[area]
    if (entries === undefined) continue
    if (!isObject(entries)) return fail(`/${area}`, 'is not a JSON object')
    const taken = new Set<string>()
    for (const [name, entry] of Object.entries(entries)) {
      if (!entryChecks[area](entry)) return fail(`/${area}/${name}`, 'is invalid')
      if (area === 'eventProperties') continue
      const { identifier } = entry as LockedName
      if (taken.has(identifier)) return fail(`/${area}/${name}/identifier`, `is taken: ${identifier}`)
      taken.add(identifier)
    }
  }
  // The checks above prove every member.
  return lock as unknown as ProjectLock
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isType = (value: unknown): boolean => value === null || isText(value)
const isTypes = (value: unknown): boolean => isObject(value) && Object.values(value).every(isType)
const optional = (value: unknown, check: (value: unknown) => boolean): boolean =>
  value === undefined || check(value)
const isPayload = (value: unknown): boolean => value === null || isJsonShape(value)

/** Checks the members of an entry, and that its identifier is one. */
const entry =
  (check: (entry: Readonly<Record<string, unknown>>) => boolean) =>
  (value: unknown): boolean =>
    isObject(value) &&
    typeof value['identifier'] === 'string' &&
    isIdentifier(value['identifier']) &&
    check(value)

const entryChecks: Readonly<Record<(typeof areasOfLock)[number], (value: unknown) => boolean>> = {
  events: entry(({ properties }) => optional(properties, isTexts)),
  eventProperties: isType,
  featureFlags: entry(
    ({ state, variants, payload }) =>
      (state === 'active' || state === 'disabled' || state === 'archived') &&
      optional(variants, (all) => isObject(all) && Object.values(all).every(isPayload)) &&
      optional(payload, isJsonShape),
  ),
  cohorts: entry((cohort) => isText(cohort['name']) && typeof cohort['static'] === 'boolean'),
  groups: entry(({ index, properties }) => Number.isSafeInteger(index) && isTypes(properties)),
  variables: entry(
    ({ type, values, multi = true }) => isText(type) && optional(values, isTexts) && multi === true,
  ),
}

/** Returns the areas of a lock. */
export function areasOf(lock: ProjectLock): ProjectArea[] {
  return projectAreas.filter((area) => lock[area] !== undefined)
}
