import { countGrades } from '../../codegen/change.ts'
import type { QueriesLock } from '../../codegen/queries/queries-lock.ts'
import { formatPlace } from '../../codegen/source-place.ts'
import { byCodeUnit } from '../../codegen/source-text.ts'
import type { AreaReport } from '../area-report.ts'
import { exitCodes } from '../cli-io.ts'
import type { Context } from '../context.ts'
import type { ModuleFiles } from '../module-files.ts'
import { renderGradedChanges } from '../output/graded-changes.ts'
import { type Line, style } from '../output/style.ts'
import { formatCount } from '../output/text.ts'
import type { LiteralFindings, QueryChange } from './check-source.ts'
import type { QueriesOptions } from './queries-options.ts'

/** Options of `queries check`. */
export interface CheckQueriesOptions extends QueriesOptions {
  /** Compares with the lock file only. */
  readonly offline?: boolean
  /** Also asks about literals whose columns are in the lock file. */
  readonly force?: boolean
  /** Also fails on risky changes. */
  readonly strict?: boolean
}

/** What a check found. */
export interface Findings {
  readonly changes: readonly QueryChange[]
  readonly queries: number
  readonly literals: LiteralFindings | undefined
  readonly isOffline: boolean
}

/** Creates the report of a check. */
export function checkReport(
  context: Context,
  { strict, offline }: CheckQueriesOptions,
  { host, projectId }: QueriesLock,
  { lock }: ModuleFiles,
  { changes, queries, literals, isOffline }: Findings,
): AreaReport {
  const counts = countGrades(changes)
  const failed = counts.breaking > 0 || (strict === true && counts.risky > 0)
  const quiet = context.options.quiet === true
  const lines = renderGradedChanges(changes, quiet)
  const count = formatCount(queries, 'query', 'queries')
  const total = literals === undefined ? count : `${count} and ${formatCount(literals.checked, 'literal')}`
  const verdict =
    changes.length === 0
      ? style.green(`✓ ${total} in ${lock}: no changes.`)
      : `${counts.breaking} breaking, ${counts.risky} risky, ${counts.safe} safe in ${total}`
  const skipped = literals?.skipped ?? []
  const notes: Line[] = [
    ...skipped.map(({ place, reason }) => style.dim(`  ${formatPlace(place)} skipped: ${reason}`)),
    ...(isOffline && offline !== true
      ? [style.yellow('Checked offline: there is no API key. Columns were not compared with PostHog.')]
      : []),
  ]
  return {
    exitCode: failed ? exitCodes.drift : exitCodes.ok,
    json: {
      ok: !failed,
      host,
      projectId,
      offline: isOffline,
      queries,
      literals: literals?.checked ?? 0,
      skipped: skipped.map(({ place, reason }) => ({ ...place, reason })),
      counts,
      changes: [...changes]
        .sort((a, b) => byCodeUnit(a.subject, b.subject))
        .map(({ subject, grade, message, fix, places }) => ({
          query: subject,
          grade,
          message,
          fix: fix ?? null,
          places,
        })),
    },
    lines: quiet ? lines : [...lines, ...notes, verdict],
  }
}
