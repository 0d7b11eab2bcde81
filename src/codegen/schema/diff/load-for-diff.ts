import { requireUsable } from '../check/check-document.ts'
import type { OpenApiDocument } from '../document.ts'
import { loadDocument } from '../load/load-document.ts'
import type { LoadIo } from '../load/load-io.ts'
import { normalizeDocument } from '../normalize/normalize-document.ts'

/**
 * Loads one side of a comparison. Raw and normalised documents can be compared with each other, since normalising a
 * normalised document changes nothing.
 *
 * @throws SchemaError when the document cannot be used.
 */
export async function loadForDiff(source: string | URL, io: LoadIo): Promise<OpenApiDocument> {
  const loaded = await loadDocument(source, io)
  requireUsable(loaded.document, loaded.source)
  return normalizeDocument(loaded.document).document
}
