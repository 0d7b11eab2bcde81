import type { ModuleFiles } from '../files.ts'
import type { Style } from '../output/style.ts'
import { visible } from '../output/visible.ts'
import type { LockChanges } from './lock-changes.ts'

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
export function renderPullSummary(summary: PullSummary, style: Style): string {
  const { changes, skipped, files, written, replaced } = summary
  const { added, changed, unchanged, removed } = changes
  const total = added.length + changed.length + unchanged.length
  const lines = [
    ...(replaced === undefined
      ? []
      : [`The lock before was of ${replaced.host}, project ${replaced.projectId}.`]),
    ...added.map(({ name, version }) => style.green(`+ ${name} v${version}`)),
    ...changed.map(({ name, from, to }) =>
      style.yellow(from === to ? `~ ${name} v${to}, changed in place` : `~ ${name} v${from} -> v${to}`),
    ),
    ...removed.map(({ name, version }) => style.red(`- ${name} v${version}`)),
    ...skipped.map(({ name, reason }) => style.dim(`  ${name} left out: ${visible(reason)}`)),
    total === 0 ? 'There are no endpoints to pull: the module is empty.' : counts(changes),
    written
      ? `Wrote ${files.module} and ${files.lock}.`
      : `${files.module} and ${files.lock} are up to date.`,
  ]
  return lines.join('\n')
}

function counts({ added, changed, unchanged, removed }: LockChanges): string {
  return `${added.length} added, ${changed.length} changed, ${unchanged.length} unchanged, ${removed.length} removed`
}
