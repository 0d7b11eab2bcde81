import { diffDocuments } from '../../codegen/schema/diff/diff-documents.ts'
import { loadNormalizedDocument } from '../../codegen/schema/load/load-document.ts'
import type { AreaReport } from '../area-report.ts'
import type { Context } from '../context.ts'
import { createDownload } from './download.ts'
import { reportChanges } from './report-changes.ts'
import { resolveSource, withUsageErrors } from './schema-source.ts'

/** `typehog schema diff`: compares two documents and grades the changes. */
export async function diffSchemasCommand(
  context: Context,
  older: string,
  newer: string,
): Promise<AreaReport> {
  const { cwd, signal } = context.io
  const load = { download: createDownload({ signal }) }
  const before = await withUsageErrors(older, () => loadNormalizedDocument(resolveSource(older, cwd), load))
  signal.throwIfAborted()
  const after = await withUsageErrors(newer, () => loadNormalizedDocument(resolveSource(newer, cwd), load))
  signal.throwIfAborted()
  return reportChanges(context, diffDocuments(before, after))
}
