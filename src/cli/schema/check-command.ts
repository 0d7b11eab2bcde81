import { diffDocuments } from '../../codegen/schema/diff/diff-documents.ts'
import { countGrades, renderChanges } from '../../codegen/schema/diff/schema-change.ts'
import { loadNormalizedDocument } from '../../codegen/schema/load/load-document.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import type { Context } from '../context.ts'
import { createDownload } from './download.ts'
import { resolveSource, withUsageErrors } from './schema-source.ts'

/** `typehog schema check`: compares two documents and grades the changes. */
export async function checkSchemaCommand(context: Context, older: string, newer: string): Promise<ExitCode> {
  const { cwd, signal } = context.io
  const load = { download: createDownload({ signal }) }
  const before = await withUsageErrors(older, () => loadNormalizedDocument(resolveSource(older, cwd), load))
  signal.throwIfAborted()
  const after = await withUsageErrors(newer, () => loadNormalizedDocument(resolveSource(newer, cwd), load))
  signal.throwIfAborted()
  const changes = diffDocuments(before, after)
  const counts = countGrades(changes)
  const failed = counts.breaking > 0
  if (context.options.json === true) context.printJson({ ok: !failed, counts, changes })
  else if (context.options.quiet !== true) context.print(...renderChanges(changes).split('\n'))
  return failed ? exitCodes.drift : exitCodes.ok
}
