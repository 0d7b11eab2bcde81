import { countGrades } from '../../codegen/change.ts'
import { renderChanges, type SchemaChange } from '../../codegen/schema/diff/schema-change.ts'
import type { AreaReport } from '../area-report.ts'
import { exitCodes } from '../cli-io.ts'
import type { Context } from '../context.ts'

/** Reports graded changes. Breaking ones make the command fail. */
export function reportChanges(
  context: Context,
  changes: readonly SchemaChange[],
  facts: Readonly<Record<string, unknown>> = {},
): AreaReport {
  const counts = countGrades(changes)
  const failed = counts.breaking > 0
  return {
    exitCode: failed ? exitCodes.drift : exitCodes.ok,
    json: { ok: !failed, ...facts, counts, changes },
    lines: context.options.quiet === true ? [] : renderChanges(changes).split('\n'),
  }
}
