import { diffDocuments } from '../../codegen/schema/diff/diff-documents.ts'
import { loadForDiff } from '../../codegen/schema/diff/load-for-diff.ts'
import { countGrades, renderChanges } from '../../codegen/schema/diff/render-changes.ts'
import { nodeLoadIo } from '../../codegen/schema/load/load-io.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import type { Context } from '../context.ts'
import { schemaSource, withSource } from './schema-source.ts'

/** `typehog schema check`: what changed between two documents, graded. */
export async function checkSchemaCommand(context: Context, older: string, newer: string): Promise<ExitCode> {
  const { cwd, signal } = context.io
  const io = nodeLoadIo()
  const before = await withSource(older, () => loadForDiff(schemaSource(older, cwd), io))
  signal.throwIfAborted()
  const after = await withSource(newer, () => loadForDiff(schemaSource(newer, cwd), io))
  signal.throwIfAborted()
  const changes = diffDocuments(before, after)
  const counts = countGrades(changes)
  const failed = counts.breaking > 0
  if (context.options.json === true) context.printJson({ ok: !failed, counts, changes })
  else if (context.options.quiet !== true) context.print(...renderChanges(changes).split('\n'))
  return failed ? exitCodes.drift : exitCodes.ok
}
