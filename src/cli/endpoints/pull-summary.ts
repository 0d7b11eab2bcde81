import { plainIdentifier } from '../../codegen/endpoints/identifier.ts'
import type { ModuleFiles } from '../files.ts'
import { type Line, style } from '../output/style.ts'
import type { LockChanges, Pinned } from './lock-changes.ts'

/** An endpoint that is not in the module, and why. */
export interface SkippedEndpoint {
  readonly name: string
  readonly reason: string
}

/** What a pull did. */
export interface PullSummary {
  readonly changes: LockChanges
  readonly skipped: readonly SkippedEndpoint[]
  readonly files: ModuleFiles
  /** Whether any file was written: none is when both are right already. */
  readonly written: boolean
  /** Where the lock before came from, when that was another host or project. */
  readonly replaced: { readonly host: string; readonly projectId: string } | undefined
}

/** A pull as lines of text. */
export function renderPullSummary(summary: PullSummary): Line[] {
  const { changes, skipped, files, written, replaced } = summary
  const { added, changed, unchanged, removed, moved } = changes
  const total = added.length + changed.length + unchanged.length
  return [
    ...(replaced === undefined
      ? []
      : [`The lock before was of ${replaced.host}, project ${replaced.projectId}.`]),
    ...added.map((one) => style.green(`+ ${one.name} v${one.version}${identifierNote(one)}`)),
    ...changed.map(({ name, from, to }) =>
      style.yellow(from === to ? `~ ${name} v${to}, changed in place` : `~ ${name} v${from} -> v${to}`),
    ),
    ...removed.map(({ name, version }) => style.red(`- ${name} v${version}`)),
    ...moved.map(({ name, from, to }) =>
      style.yellow(`! ${name} was endpoints.${from} and is endpoints.${to} now`),
    ),
    ...skipped.map(({ name, reason }) => style.dim(`  ${name} left out: ${reason}`)),
    total === 0 ? 'There are no endpoints to pull: the module is empty.' : counts(changes),
    written
      ? `Wrote ${files.module} and ${files.lock}.`
      : `${files.module} and ${files.lock} are up to date.`,
  ]
}

/** Names the identifier when another endpoint has the plain one. */
function identifierNote({ name, identifier }: Pinned): string {
  return identifier === plainIdentifier(name) ? '' : ` as endpoints.${identifier}`
}

function counts({ added, changed, unchanged, removed }: LockChanges): string {
  return `${added.length} added, ${changed.length} changed, ${unchanged.length} unchanged, ${removed.length} removed`
}
