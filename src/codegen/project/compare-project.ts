import { type Change, type Grade, gradeRank } from '../change.ts'
import { byCodeUnit } from '../source-text.ts'
import { isReadableAs, type JsonShape, renderShape } from './json-shape.ts'
import {
  type LockedCohort,
  type LockedEvent,
  type LockedFlag,
  type LockedGroupType,
  type LockedVariable,
  ownEntry,
  type ProjectLock,
  type PropertyTypes,
  projectPullCommand,
} from './project-lock.ts'

const pullFix = `Run \`${projectPullCommand}\` and fix the compiler errors.`

type Difference = Omit<Change, 'subject'>

/** Compares a lock with the project's names now. Changes are sorted by grade within each name. */
export function compareProject(lock: ProjectLock, now: ProjectLock): Change[] {
  return [
    ...compareArea('event', lock.events, now.events, compareEvent),
    ...compareTypes('property', lock.eventProperties, now.eventProperties),
    ...compareArea('feature flag', lock.featureFlags, now.featureFlags, compareFlag),
    ...compareArea('cohort', lock.cohorts, now.cohorts, compareCohort, ({ name }) => name),
    ...compareArea('group type', lock.groups, now.groups, compareGroupType),
    ...compareArea('variable', lock.variables, now.variables, compareVariable),
  ]
}

function compareArea<Entry>(
  noun: string,
  before: Readonly<Record<string, Entry>> | undefined,
  after: Readonly<Record<string, Entry>> | undefined,
  compare: (before: Entry, after: Entry) => Iterable<Difference>,
  label: (entry: Entry, name: string) => string = (_, name) => name,
): Change[] {
  if (before === undefined || after === undefined) return []
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(byCodeUnit)
  return names.flatMap((name) => {
    const [locked, now] = [ownEntry(before, name), ownEntry(after, name)]
    const entry = locked ?? now
    const subject = `${noun} ${entry === undefined ? name : label(entry, name)}`
    if (locked === undefined) {
      return [{ subject, grade: 'safe', message: 'It is new and not in the generated module.' } as const]
    }
    if (now === undefined) {
      return [
        {
          subject,
          ...breaking('PostHog no longer has it.', `Restore it in PostHog, or stop using it. ${pullFix}`),
        },
      ]
    }
    return [...compare(locked, now)]
      .map((difference) => ({ subject, ...difference }))
      .sort((a, b) => gradeRank[a.grade] - gradeRank[b.grade])
  })
}

function* compareEvent(before: LockedEvent, after: LockedEvent): Generator<Difference> {
  const known = new Set(before.properties)
  const seen = new Set(after.properties)
  if (before.properties === undefined || after.properties === undefined) return
  for (const name of before.properties) {
    if (!seen.has(name)) yield breaking(`Property "${name}" was removed.`)
  }
  const added = after.properties.filter((name) => !known.has(name))
  if (added.length > 0) yield { grade: 'safe', message: `New properties: ${listed(added)}.` }
}

/** Compares types of properties. Removed and new ones are reported by the events that have them. */
function compareTypes(
  noun: string,
  before: PropertyTypes | undefined = {},
  after: PropertyTypes | undefined = {},
): Change[] {
  return Object.entries(before).flatMap(([name, type]) => {
    const now = ownEntry(after, name)
    if (now === undefined || now === type) return []
    return [{ subject: `${noun} ${name}`, ...typeChange(type, now) }]
  })
}

function typeChange(before: string | null, after: string | null): Difference {
  const message = `Its type changed from ${before ?? 'unknown'} to ${after ?? 'unknown'}.`
  // A type that was unknown accepts every value.
  return before === null ? { grade: 'risky', message, fix: pullFix } : breaking(message)
}

const stateChanges: Readonly<Record<LockedFlag['state'], Difference>> = {
  active: { grade: 'safe', message: 'The flag is now enabled.' },
  disabled: { grade: 'risky', message: 'The flag was disabled: it is off for everyone.' },
  archived: { grade: 'risky', message: 'The flag was archived: it is off for everyone.', fix: pullFix },
}

function* compareFlag(before: LockedFlag, after: LockedFlag): Generator<Difference> {
  if (before.state !== after.state) yield stateChanges[after.state]
  if ((before.variants === undefined) !== (after.variants === undefined)) {
    yield breaking(
      after.variants === undefined ? 'The flag has no variants now.' : 'The flag has variants now.',
    )
    return
  }
  if (before.variants === undefined || after.variants === undefined) {
    yield* comparePayload('Its payload', before.payload ?? null, after.payload ?? null)
    return
  }
  for (const [name, payload] of Object.entries(before.variants)) {
    const now = ownEntry(after.variants, name)
    if (now === undefined) yield breaking(`Variant "${name}" was removed.`)
    else yield* comparePayload(`The payload of variant "${name}"`, payload, now)
  }
  for (const name of Object.keys(after.variants)) {
    if (ownEntry(before.variants, name) !== undefined) continue
    yield { grade: 'risky', message: `Variant "${name}" is new.`, fix: pullFix }
  }
}

function* comparePayload(
  subject: string,
  before: JsonShape | null,
  after: JsonShape | null,
): Generator<Difference> {
  const text = (shape: JsonShape | null): string => (shape === null ? 'none' : renderShape(shape))
  if (text(before) === text(after)) return
  const message = `${subject} changed from ${text(before)} to ${text(after)}.`
  const isReadable = before === null || (after !== null && isReadableAs(before, after))
  yield isReadable ? { grade: 'safe', message } : breaking(message)
}

function* compareCohort(before: LockedCohort, after: LockedCohort): Generator<Difference> {
  if (before.name !== after.name) yield breaking(`It was renamed to "${after.name}".`)
  if (before.static === after.static) return
  yield { grade: 'risky', message: `It is ${after.static ? 'static' : 'dynamic'} now.`, fix: pullFix }
}

function* compareGroupType(before: LockedGroupType, after: LockedGroupType): Generator<Difference> {
  if (before.index !== after.index)
    yield breaking(`Its index changed from ${before.index} to ${after.index}.`)
  for (const [name, type] of Object.entries(before.properties)) {
    const now = ownEntry(after.properties, name)
    if (now === undefined) yield breaking(`Property "${name}" was removed.`)
    else if (now !== type) {
      const { grade, message } = typeChange(type, now)
      yield { grade, message: message.replace('Its type', `The type of property "${name}"`), fix: pullFix }
    }
  }
  const added = Object.keys(after.properties).filter(
    (name) => ownEntry(before.properties, name) === undefined,
  )
  if (added.length > 0) yield { grade: 'safe', message: `New properties: ${listed(added)}.` }
}

function* compareVariable(before: LockedVariable, after: LockedVariable): Generator<Difference> {
  const typeOf = ({ type, multi }: LockedVariable): string =>
    `${type}${multi === true ? ' of several values' : ''}`
  if (typeOf(before) !== typeOf(after)) {
    yield breaking(`Its type changed from ${typeOf(before)} to ${typeOf(after)}.`)
  }
  const [known, now] = [before.values ?? [], after.values ?? []]
  const removed = known.filter((value) => !now.includes(value))
  const added = now.filter((value) => !known.includes(value))
  if (removed.length > 0) yield breaking(`Values were removed: ${listed(removed)}.`)
  if (added.length > 0) yield { grade: 'risky', message: `Values are new: ${listed(added)}.`, fix: pullFix }
}

function breaking(
  message: string,
  fix = pullFix,
): { readonly grade: Grade; readonly message: string; readonly fix: string } {
  return { grade: 'breaking', message, fix }
}

/** Number of names that a message lists. */
const maxListed = 10

function listed(names: readonly string[]): string {
  const shown = names.slice(0, maxListed).join(', ')
  return names.length > maxListed ? `${shown} and ${names.length - maxListed} more` : shown
}
