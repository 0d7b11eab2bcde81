import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

/** A file and its new content. */
export interface FileContent {
  readonly path: string
  readonly text: string
}

/**
 * Replaces several files together: all of them or none. Writes temporary files beside the targets first, then renames
 * them. When a rename fails, it restores the files that it has already replaced.
 */
export async function replaceFiles(files: readonly FileContent[]): Promise<void> {
  const temporary = files.map(({ path }) => `${path}.new-${process.pid}`)
  const replaced: { readonly path: string; readonly before: Buffer | undefined }[] = []
  try {
    for (const [index, { path, text }] of files.entries()) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(temporary[index] ?? path, text)
    }
    for (const [index, { path }] of files.entries()) {
      const before = await readFile(path).catch(ignoreMissing)
      await rename(temporary[index] ?? path, path)
      replaced.push({ path, before })
    }
  } catch (error) {
    for (const { path, before } of replaced) {
      if (before === undefined) await rm(path, { force: true })
      else await writeFile(path, before)
    }
    throw error
  } finally {
    for (const path of temporary) await rm(path, { force: true })
  }
}

/**
 * Replaces a folder. `fill` writes into a temporary folder beside it, which then takes its place. When `fill` fails,
 * the folder is unchanged.
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

/** Hashes the names and contents of all files in a folder with SHA-256, in name order. */
export async function hashTree(folder: string): Promise<string> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true }).catch(ignoreMissing)) ?? []
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const hash = createHash('sha256')
  for (const file of files) {
    const name = relative(folder, file).split(sep).join('/')
    const content = await readFile(file)
    hash.update(`${name}\0${content.byteLength}\0`).update(content)
  }
  return hash.digest('hex')
}

/** Returns the SHA-256 of a content, in hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
