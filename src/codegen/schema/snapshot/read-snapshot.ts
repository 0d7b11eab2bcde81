import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { validateDocument } from '../check/validate-document.ts'
import type { OpenApiDocument } from '../document.ts'
import { parseDocumentText } from '../load/parse-document-text.ts'
import { applyOverlays, type OverlayReport } from '../overlay/apply-overlays.ts'
import { readOverlays } from '../overlay/read-overlays.ts'
import { snapshotFiles } from './pull-schema.ts'

/** The committed snapshot with its overlays: the input of the generator. */
export interface SchemaSnapshot {
  readonly document: OpenApiDocument
  readonly overlays: readonly OverlayReport[]
}

/**
 * Reads the snapshot of a folder (`openapi/`) and applies the overlays in it.
 *
 * @throws SchemaError when the snapshot or an overlay cannot be used
 */
export async function readSnapshot(folder: string): Promise<SchemaSnapshot> {
  const name = snapshotFiles.document
  const text = await readFile(join(folder, name), 'utf8')
  const overlays = await readOverlays(join(folder, snapshotFiles.overlays))
  const { document, report } = applyOverlays(
    validateDocument(parseDocumentText(text, name), name),
    overlays.map(({ overlay }) => overlay),
  )
  return { document, overlays: report }
}
