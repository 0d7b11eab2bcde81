import { type EndpointsLock, identifiersOf } from '../../codegen/endpoints/lock.ts'
import { type MovedIdentifier, movedIdentifiers } from '../../codegen/endpoints/module-identifiers.ts'

/** An endpoint whose lock entry is another one now. */
export interface LockChange {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** An endpoint, its version and its identifier in the module. */
export interface Pinned {
  readonly name: string
  readonly version: number
  readonly identifier: string
}

/** What a pull did to the lock. */
export interface LockChanges {
  readonly added: readonly Pinned[]
  /** Version, types or materialisation; with equal numbers the version stayed. */
  readonly changed: readonly LockChange[]
  readonly unchanged: readonly Pinned[]
  readonly removed: readonly Pinned[]
  /** Endpoints that have another identifier in the module now. */
  readonly moved: readonly MovedIdentifier[]
}

/**
 * Compares the locked endpoints before and after; without a lock before, everything was added.
 *
 * @param identifiers by name, as code used them before
 */
export function lockChanges(
  before: EndpointsLock | undefined,
  after: EndpointsLock,
  identifiers: ReadonlyMap<string, string>,
): LockChanges {
  const old = new Map(Object.entries(before?.endpoints ?? {}))
  const now = Object.entries(after.endpoints)
  const names = new Set(now.map(([name]) => name))
  const pinned = ([name, { version, identifier }]: readonly [string, LockEntry]): Pinned => ({
    name,
    version,
    identifier,
  })
  const kept = now.flatMap(([name, entry]) => {
    const previous = old.get(name)
    return previous === undefined ? [] : [{ name, entry, previous, same: sameEntry(previous, entry) }]
  })
  return {
    added: now.filter(([name]) => !old.has(name)).map(pinned),
    changed: kept
      .filter(({ same }) => !same)
      .map(({ name, previous, entry }) => ({ name, from: previous.version, to: entry.version })),
    unchanged: kept.filter(({ same }) => same).map(({ name, entry }) => pinned([name, entry])),
    removed: [...old].filter(([name]) => !names.has(name)).map(pinned),
    moved: movedIdentifiers(identifiers, identifiersOf(after)),
  }
}

/** The hash covers variables and columns; the other fields are compared one by one. */
function sameEntry(left: LockEntry, right: LockEntry): boolean {
  return (
    left.version === right.version &&
    left.kind === right.kind &&
    left.materialized === right.materialized &&
    left.hash === right.hash
  )
}

type LockEntry = EndpointsLock['endpoints'][string]
