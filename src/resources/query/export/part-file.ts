import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { fingerprint } from '../../response-cache.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { LockRecord } from './export-lock.ts'
import { fileId, fileSystem, hasCode, openExisting, readTail, statsOf } from './file-system.ts'

type FileHandle = import('node:fs/promises').FileHandle

/**
 * Removes the file of a crashed run without a checkpoint.
 *
 * @throws ConfigurationError for a file that the crashed run did not write
 */
export async function removeLeftover(part: string, crashed: LockRecord | undefined): Promise<void> {
  const stats = await statsOf(part)
  if (stats === undefined) return
  const written = crashed?.part === undefined ? stats.size === 0n : crashed.part === fileId(stats)
  if (crashed === undefined || !stats.isFile() || !written) throw foreignFile(part)
  await fileSystem().rm(part)
}

/**
 * Creates the file for the rows.
 *
 * @throws ConfigurationError if the path exists
 */
export async function createPart(part: string): Promise<FileHandle> {
  return fileSystem()
    .open(part, 'wx+')
    .catch((error: unknown) => {
      throw hasCode(error, 'EEXIST') ? foreignFile(part) : notWritable(part, error)
    })
}

/**
 * Opens the file of an earlier run and truncates it to its checkpoint.
 *
 * @throws ConfigurationError if the file does not match the checkpoint
 */
export async function resumePart(part: string, checkpoint: Checkpoint): Promise<FileHandle> {
  const file = await openExisting(part, 'write')
  if (file === undefined) throw missingPart(part)
  try {
    await checkContent(file, part, checkpoint)
    await file.truncate(checkpoint.bytes)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

/**
 * Asserts that a file matches its checkpoint.
 *
 * @throws ConfigurationError if it does not
 */
async function checkContent(file: FileHandle, path: string, { bytes, tail }: Checkpoint): Promise<void> {
  if ((await file.stat()).size < bytes) throw missingPart(path)
  if ((await tailOf(file, bytes)) === tail) return
  throw new ConfigurationError({
    message: `The content of ${path} does not match its checkpoint.`,
    fix: 'Another program modified it. Move it away and delete the checkpoint to start over.',
  })
}

/** Hashes the last bytes of a file. */
export async function tailOf(file: FileHandle, end: number): Promise<string> {
  return fingerprint(JSON.stringify([...(await readTail(file, end))]))
}

/**
 * Moves the finished file to its path.
 *
 * @throws ConfigurationError if the path exists and must not be overwritten; the .part file remains
 */
export async function publishPart(
  part: string,
  path: string,
  checkpoint: Checkpoint,
  overwrite: boolean,
): Promise<void> {
  const { link, rename, rm } = fileSystem()
  const file = await openExisting(part, 'read')
  // An earlier run may have moved it already.
  const finished = file ?? (await openExisting(path, 'read'))
  if (finished === undefined) throw missingPart(part)
  try {
    await checkContent(finished, file === undefined ? path : part, checkpoint)
  } finally {
    await finished.close()
  }
  if (file === undefined) return
  if (overwrite) {
    await rename(part, path).catch((error: unknown) => {
      throw notWritable(path, error)
    })
    return
  }
  try {
    await link(part, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) return renameToNew(part, path)
    const [from, to] = [await statsOf(part), await statsOf(path)]
    if (from === undefined || to === undefined || fileId(from) !== fileId(to))
      throw alreadyCreated(path, part)
  }
  await rm(part)
}

/** For file systems without hard links: reserves the path with an empty file, then replaces it. */
async function renameToNew(part: string, path: string): Promise<void> {
  const { open, rename } = fileSystem()
  const empty = await open(path, 'wx').catch((error: unknown) => {
    throw hasCode(error, 'EEXIST') ? alreadyCreated(path, part) : notWritable(path, error)
  })
  const ours = await empty.stat({ bigint: true })
  await empty.close()
  const now = await statsOf(path)
  if (now === undefined || fileId(now) !== fileId(ours) || now.size > 0n) throw alreadyCreated(path, part)
  await rename(part, path)
}

/**
 * Asserts that a path does not exist, not even as a dangling link.
 *
 * @throws ConfigurationError
 */
export async function assertNotExisting(path: string): Promise<void> {
  if ((await statsOf(path)) === undefined) return
  throw new ConfigurationError({
    message: `${path} already exists.`,
    fix: 'Choose another path, or pass `overwrite: true`.',
  })
}

/** Creates the error for a file that cannot be written. */
export function notWritable(path: string, cause: unknown): ConfigurationError {
  return new ConfigurationError({
    message: `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
    fix: 'Create its directory, or choose one that this process can write to.',
    cause,
  })
}

function alreadyCreated(path: string, part: string): ConfigurationError {
  return new ConfigurationError({
    message: `Another program created ${path} during the export. The complete rows are in ${part}.`,
    fix: 'Rename one of the two.',
  })
}

function foreignFile(part: string): ConfigurationError {
  return new ConfigurationError({
    message: `${part} already exists and does not belong to a known export.`,
    fix: 'Move it away, or choose another path.',
  })
}

function missingPart(part: string): ConfigurationError {
  return new ConfigurationError({
    message: `${part} is missing or shorter than its checkpoint.`,
    fix: 'Delete the checkpoint and the .part file to start over.',
  })
}
