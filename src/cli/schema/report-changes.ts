import { countGrades, renderChanges, type SchemaChange } from '../../codegen/schema/diff/schema-change.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import type { Context } from '../context.ts'

/** Prints graded changes. Breaking ones make the command fail. */
export function reportChanges(
  context: Context,
  changes: readonly SchemaChange[],
  facts: Readonly<Record<string, unknown>> = {},
): ExitCode {
  const counts = countGrades(changes)
  const failed = counts.breaking > 0
  if (context.options.json === true) context.printJson({ ok: !failed, ...facts, counts, changes })
  else if (context.options.quiet !== true) context.print(...renderChanges(changes).split('\n'))
  return failed ? exitCodes.drift : exitCodes.ok
}
