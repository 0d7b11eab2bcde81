import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Overlay } from './overlay.ts'
import { parseOverlay } from './parse-overlay.ts'

/** Text and meaning of the overlays in a folder. */
export interface OverlayFile {
  readonly overlay: Overlay
  readonly text: string
}

/**
 * Reads every `*.yaml` file of a folder as an overlay; a missing folder holds none. They come sorted by layer and then by name, which is
 * the order they are applied in.
 *
 * @throws SchemaError when one of them is not an overlay.
 */
export async function readOverlays(folder: string): Promise<OverlayFile[]> {
  const entries = await readdir(folder).catch(missing)
  const names = entries.filter((name) => /\.ya?ml$/.test(name)).sort()
  const files = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8')
      return { overlay: parseOverlay(text, name), text }
    }),
  )
  return files.sort((a, b) => a.overlay.layer - b.overlay.layer)
}

function missing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}
