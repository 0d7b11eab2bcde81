import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import type { OpenApiDocument } from '../document.ts'
import { applyOverlays } from '../overlay/apply-overlays.ts'
import { type Overlay, parseOverlay, readOverlays } from '../overlay/read-overlays.ts'

/** Typehog's own snapshot of PostHog's schema, as the package contains it. */
export interface ShippedSchema {
  /** The snapshot with its overlays, which `src/generated` is made from. */
  readonly document: OpenApiDocument
  readonly overlays: readonly Overlay[]
}

/** File of the package beside the CLI. The build writes it. */
export const shippedFile = 'schema.json.br'

/** The content of `shippedFile`: the snapshot and the texts of its overlays, in the order in which they apply. */
interface ShippedContent {
  readonly document: OpenApiDocument
  readonly overlays: readonly { readonly name: string; readonly text: string }[]
}

/** Renders the file of the package from the folder `openapi/`. */
export async function packShippedSchema(folder: string): Promise<Uint8Array> {
  const text = JSON.stringify(await readFolder(folder))
  return promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
}

/** Reads the snapshot from the package, or from the repository when the CLI runs from its sources. */
export async function readShippedSchema(): Promise<ShippedSchema> {
  const content = await readContent()
  const overlays = content.overlays.map(({ name, text }) => parseOverlay(text, name))
  return { document: applyOverlays(content.document, overlays).document, overlays }
}

/** Reads the snapshot without its overlays, which is much faster. It has almost all operations. */
export async function readShippedSnapshot(): Promise<OpenApiDocument> {
  return (await readContent()).document
}

async function readContent(): Promise<ShippedContent> {
  const packed = await readFile(new URL(shippedFile, import.meta.url)).catch(ignoreMissing)
  return packed === undefined
    ? readFolder(fileURLToPath(new URL('../../../../openapi', import.meta.url)))
    : JSON.parse(String(await promisify(brotliDecompress)(packed)))
}

async function readFolder(folder: string): Promise<ShippedContent> {
  const document: OpenApiDocument = JSON.parse(await readFile(`${folder}/posthog.json`, 'utf8'))
  const files = await readOverlays(`${folder}/overlay`)
  return { document, overlays: files.map(({ overlay, text }) => ({ name: overlay.name, text })) }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
