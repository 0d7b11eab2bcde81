import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Replaces a folder as a whole: `fill` writes into a temporary folder beside it, which then takes its place. When
 * `fill` fails, the folder stays as it was.
 */
export async function replaceFolder(
  folder: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const workspace = await mkdtemp(join(dirname(folder), '.generate-'))
  try {
    const fresh = join(workspace, 'fresh')
    const previous = join(workspace, 'previous')
    await mkdir(fresh)
    await fill(fresh)
    await rename(folder, previous).catch(ignoreMissing)
    try {
      await rename(fresh, folder)
    } catch (error) {
      await rename(previous, folder).catch(ignoreMissing)
      throw error
    }
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
