import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { fingerprint } from '../query-cache.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { LockRecord } from './export-lock.ts'
import { fileId, fileSystem, hasCode, openExisting, readTail, statsOf } from './file-system.ts'

type FileHandle = import('node:fs/promises').FileHandle

/**
 * Removes what a crashed run left that has no checkpoint. What anybody else has written stays.
 *
 * @throws ConfigurationError when something is there that no known run has written
 */
export async function removeLeftover(part: string, crashed: LockRecord | undefined): Promise<void> {
  const stats = await statsOf(part)
  if (stats === undefined) return
  const written = crashed?.part === undefined ? stats.size === 0n : crashed.part === fileId(stats)
  if (crashed === undefined || !stats.isFile() || !written) throw foreign(part)
  await fileSystem().rm(part)
}

/**
 * Creates the file that rows are written to.
 *
 * @throws ConfigurationError when something is there already
 */
export async function createPart(part: string): Promise<FileHandle> {
  return fileSystem()
    .open(part, 'wx+')
    .catch((error: unknown) => {
      throw hasCode(error, 'EEXIST') ? foreign(part) : notWritable(part, error)
    })
}

/**
 * Opens the file of an earlier run, and cuts off what its checkpoint does not know.
 *
 * @throws ConfigurationError when it is not that file
 */
export async function resumePart(part: string, checkpoint: Checkpoint): Promise<FileHandle> {
  const file = await openExisting(part, 'write')
  if (file === undefined) throw lost(part)
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
 * Checks that a file has all that its checkpoint knows.
 *
 * @throws ConfigurationError when it has not
 */
async function checkContent(file: FileHandle, path: string, { bytes, tail }: Checkpoint): Promise<void> {
  if ((await file.stat()).size < bytes) throw lost(path)
  if ((await tailOf(file, bytes)) === tail) return
  throw new ConfigurationError({
    message: `${path} has other content than its checkpoint says.`,
    fix: 'Another program has written to it. Move it away and delete the checkpoint to begin anew.',
  })
}

/** Stands for the last bytes of a file. */
export async function tailOf(file: FileHandle, end: number): Promise<string> {
  return fingerprint(JSON.stringify([...(await readTail(file, end))]))
}

/**
 * Gives the finished file its name.
 *
 * @throws ConfigurationError when the name is taken and must not be replaced; the file stays where it is
 */
export async function publishPart(
  part: string,
  path: string,
  checkpoint: Checkpoint,
  overwrite: boolean,
): Promise<void> {
  const { link, rename, rm } = fileSystem()
  const file = await openExisting(part, 'read')
  // An earlier run may have got so far.
  const finished = file ?? (await openExisting(path, 'read'))
  if (finished === undefined) throw lost(part)
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
    if (from === undefined || to === undefined || fileId(from) !== fileId(to)) throw taken(path, part)
  }
  await rm(part)
}

/** For file systems without hard links: takes the name with an empty file, which is replaced then. */
async function renameToNew(part: string, path: string): Promise<void> {
  const { open, rename } = fileSystem()
  const empty = await open(path, 'wx').catch((error: unknown) => {
    throw hasCode(error, 'EEXIST') ? taken(path, part) : notWritable(path, error)
  })
  const ours = await empty.stat({ bigint: true })
  await empty.close()
  const now = await statsOf(path)
  if (now === undefined || fileId(now) !== fileId(ours) || now.size > 0n) throw taken(path, part)
  await rename(part, path)
}

/**
 * Refuses a path where something is, be it a link that leads nowhere.
 *
 * @throws ConfigurationError
 */
export async function refuseExisting(path: string): Promise<void> {
  if ((await statsOf(path)) === undefined) return
  throw new ConfigurationError({
    message: `${path} is there already.`,
    fix: 'Choose another path, or pass `overwrite: true`.',
  })
}

/** The error for a file that the system does not let us write. */
export function notWritable(path: string, cause: unknown): ConfigurationError {
  return new ConfigurationError({
    message: `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
    fix: 'Create its folder, or choose one that this process may write to.',
    cause,
  })
}

function taken(path: string, part: string): ConfigurationError {
  return new ConfigurationError({
    message: `${path} was created by another program while the rows were read. They are complete in ${part}.`,
    fix: 'Rename one of the two.',
  })
}

function foreign(part: string): ConfigurationError {
  return new ConfigurationError({
    message: `${part} is there already, and no export is known that has written it.`,
    fix: 'Move it away, or choose another path.',
  })
}

function lost(part: string): ConfigurationError {
  return new ConfigurationError({
    message: `${part} is missing, or shorter than its checkpoint says.`,
    fix: 'Delete the checkpoint and the .part file to begin anew.',
  })
}
