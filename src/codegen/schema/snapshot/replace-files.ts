import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file and what it is to hold. */
export interface FileContent {
  readonly path: string
  readonly text: string
}

/**
 * Replaces several files so that either all of them are new or none is: everything is written beside its place
 * first, then renamed, and put back when a rename fails.
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
      const before = await readFile(path).catch(missing)
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

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
