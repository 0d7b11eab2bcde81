import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { validateShape } from '../check/validate-shape.ts'
import type { OpenApiDocument } from '../document.ts'
import { parseDocumentText } from '../load/parse-document-text.ts'
import { applyOverlays, type OverlayReport } from '../overlay/apply-overlays.ts'
import { readOverlays } from '../overlay/read-overlays.ts'
import { snapshotFiles } from './pull-schema.ts'

/** The committed snapshot with its overlays: what is generated from. */
export interface SchemaSnapshot {
  readonly document: OpenApiDocument
  readonly overlays: readonly OverlayReport[]
}

/**
 * Reads the snapshot of a folder (`openapi/`) and applies the overlays beside it.
 *
 * @throws SchemaError when one of them cannot be used.
 */
export async function readSnapshot(folder: string): Promise<SchemaSnapshot> {
  const name = snapshotFiles.document
  const text = await readFile(join(folder, name), 'utf8')
  const overlays = await readOverlays(join(folder, snapshotFiles.overlays))
  const { document, report } = applyOverlays(
    validateShape(parseDocumentText(text, name), name),
    overlays.map(({ overlay }) => overlay),
  )
  return { document, overlays: report }
}
