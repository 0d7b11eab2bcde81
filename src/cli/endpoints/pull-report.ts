import {
  plainIdentifier,
  type RenamedIdentifier,
  renamedIdentifiers,
} from '../../codegen/endpoints/identifiers.ts'
import { type EndpointsLock, identifiersOf } from '../../codegen/endpoints/lock.ts'
import type { ModuleFiles } from '../module-files.ts'
import { type Line, style } from '../output/style.ts'

type LockEntry = EndpointsLock['endpoints'][string]

/** An endpoint whose lock entry changed. Equal versions mean that the version was edited in place. */
export interface LockChange {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** An endpoint with its pinned version and its identifier in the module. */
export interface PinnedEndpoint {
  readonly name: string
  readonly version: number
  readonly identifier: string
}

/** Difference between the lock file before and after a pull. */
export interface LockChanges {
  readonly added: readonly PinnedEndpoint[]
  /** Version, types or materialization changed. */
  readonly changed: readonly LockChange[]
  readonly unchanged: readonly PinnedEndpoint[]
  readonly removed: readonly PinnedEndpoint[]
  /** Endpoints whose identifier in the module changed. */
  readonly moved: readonly RenamedIdentifier[]
}

/**
 * Compares two lock files. Without a previous lock file every endpoint is added.
 *
 * @param identifiers previous identifiers by endpoint name
 */
export function compareLocks(
  previous: EndpointsLock | undefined,
  next: EndpointsLock,
  identifiers: ReadonlyMap<string, string>,
): LockChanges {
  const previousEntries = new Map(Object.entries(previous?.endpoints ?? {}))
  const nextEntries = Object.entries(next.endpoints)
  const nextNames = new Set(nextEntries.map(([name]) => name))
  const toPinned = ([name, { version, identifier }]: readonly [string, LockEntry]): PinnedEndpoint => ({
    name,
    version,
    identifier,
  })
  const remaining = nextEntries.flatMap(([name, entry]) => {
    const before = previousEntries.get(name)
    return before === undefined ? [] : [{ name, entry, before, same: isSameEntry(before, entry) }]
  })
  return {
    added: nextEntries.filter(([name]) => !previousEntries.has(name)).map(toPinned),
    changed: remaining
      .filter(({ same }) => !same)
      .map(({ name, before, entry }) => ({ name, from: before.version, to: entry.version })),
    unchanged: remaining.filter(({ same }) => same).map(({ name, entry }) => toPinned([name, entry])),
    removed: [...previousEntries].filter(([name]) => !nextNames.has(name)).map(toPinned),
    moved: renamedIdentifiers(identifiers, identifiersOf(next)),
  }
}

/** The hash covers variables and columns, but not these other fields. */
function isSameEntry(left: LockEntry, right: LockEntry): boolean {
  return (
    left.version === right.version &&
    left.kind === right.kind &&
    left.materialized === right.materialized &&
    left.hash === right.hash
  )
}

/** An endpoint that is not in the module, with the reason. */
export interface SkippedEndpoint {
  readonly name: string
  readonly reason: string
}

/** Result of a pull. */
export interface PullResult {
  readonly changes: LockChanges
  readonly skipped: readonly SkippedEndpoint[]
  readonly files: ModuleFiles
  /** False when both files were up to date. */
  readonly written: boolean
  /** Source of the previous lock file, if it was another host or project. */
  readonly replaced: { readonly host: string; readonly projectId: string } | undefined
}

/** Renders the result of a pull as lines. */
export function renderPull({ changes, skipped, files, written, replaced }: PullResult): Line[] {
  const { added, changed, unchanged, removed, moved } = changes
  const isEmpty = added.length + changed.length + unchanged.length === 0
  const counts = `${added.length} added, ${changed.length} changed, ${unchanged.length} unchanged, ${removed.length} removed`
  return [
    ...(replaced === undefined
      ? []
      : [`Replaced the lock file of ${replaced.host}, project ${replaced.projectId}.`]),
    ...added.map((endpoint) =>
      style.green(`+ ${endpoint.name} v${endpoint.version}${identifierNote(endpoint)}`),
    ),
    ...changed.map(({ name, from, to }) =>
      style.yellow(from === to ? `~ ${name} v${to}, edited in place` : `~ ${name} v${from} -> v${to}`),
    ),
    ...removed.map(({ name, version }) => style.red(`- ${name} v${version}`)),
    ...moved.map(({ name, from, to }) =>
      style.yellow(`! ${name} was renamed from endpoints.${from} to endpoints.${to}`),
    ),
    ...skipped.map(({ name, reason }) => style.dim(`  ${name} skipped: ${reason}`)),
    isEmpty ? 'No endpoints to pull: the module is empty.' : counts,
    written
      ? `Wrote ${files.module} and ${files.lock}.`
      : `${files.module} and ${files.lock} are up to date.`,
  ]
}

/** Shows the identifier when another endpoint already has the plain one. */
function identifierNote({ name, identifier }: PinnedEndpoint): string {
  return identifier === plainIdentifier(name) ? '' : ` as endpoints.${identifier}`
}
