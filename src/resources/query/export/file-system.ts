import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'

type FileSystem = typeof import('node:fs/promises')
type FileHandle = import('node:fs/promises').FileHandle
type BigIntStats = import('node:fs').BigIntStats

/**
 * The files of this runtime, asked for when they are needed: a program for a browser or an edge has none.
 *
 * @throws ConfigurationError when there are none
 */
export function fileSystem(): FileSystem {
  const files = globalThis.process?.getBuiltinModule?.('fs/promises')
  if (files !== undefined) return files
  throw new ConfigurationError({
    message: 'This runtime has no files.',
    fix: 'Loop over the stream and write its rows where they belong, or export in Node 20.16, Deno or Bun.',
  })
}

/** Whether an error of the file system has this code. */
export function hasCode(error: unknown, code: string): boolean {
  return Object(error).code === code
}

/** What is at a path, links not followed; undefined when nothing is. */
export async function statsOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await fileSystem().lstat(path, { bigint: true })
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Stands for a file as long as it exists, whatever its name. */
export function fileId({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`
}

/**
 * Opens a file that exists; undefined when there is none.
 *
 * @throws ConfigurationError for a link, a folder and what else is no file
 */
export async function openExisting(path: string, access: 'read' | 'write'): Promise<FileHandle | undefined> {
  const { constants, open } = fileSystem()
  const stats = await statsOf(path)
  if (stats === undefined) return undefined
  if (!stats.isFile()) throw notRegular(path)
  // Some systems have no O_NOFOLLOW, so the file is compared as well.
  const mode = access === 'read' ? constants.O_RDONLY : constants.O_RDWR
  const file = await open(path, mode | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw hasCode(error, 'ELOOP') ? notRegular(path) : error
  })
  if (fileId(await file.stat({ bigint: true })) === fileId(stats)) return file
  await file.close()
  throw notRegular(path)
}

/** The last bytes before a position, at most 64 KiB. */
export async function readTail(file: FileHandle, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(end, 65_536))
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, end - bytes.length + at)
    if (bytesRead === 0) return bytes.subarray(0, at)
    at += bytesRead
  }
  return bytes
}

function notRegular(path: string): ConfigurationError {
  return new ConfigurationError({
    message: `${path} is a link or no regular file.`,
    fix: 'Exports follow no links here: move it away, or choose another path.',
  })
}
