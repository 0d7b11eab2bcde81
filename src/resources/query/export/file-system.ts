import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'

type FileSystem = typeof import('node:fs/promises')
type FileHandle = import('node:fs/promises').FileHandle
type BigIntStats = import('node:fs').BigIntStats

/**
 * Returns the file system of this runtime. It is looked up on use, because browsers and edge runtimes have none.
 *
 * @throws ConfigurationError if there is none
 */
export function fileSystem(): FileSystem {
  const files = globalThis.process?.getBuiltinModule?.('fs/promises')
  if (files !== undefined) return files
  throw new ConfigurationError({
    message: 'This runtime has no file system.',
    fix: 'Iterate over the stream and write its rows yourself, or export in Node 20.16, Deno or Bun.',
  })
}

/** Whether a file system error has a code. */
export function hasCode(error: unknown, code: string): boolean {
  return Object(error).code === code
}

/** Returns the stats of a path without following links. Undefined if the path does not exist. */
export async function statsOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await fileSystem().lstat(path, { bigint: true })
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Identifies a file independently of its name. */
export function fileId({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`
}

/**
 * Opens an existing file. Returns undefined if it does not exist.
 *
 * @throws ConfigurationError for a link, a directory or anything else that is not a regular file
 */
export async function openExisting(path: string, access: 'read' | 'write'): Promise<FileHandle | undefined> {
  const { constants, open } = fileSystem()
  const stats = await statsOf(path)
  if (stats === undefined) return undefined
  if (!stats.isFile()) throw notRegular(path)
  // Some systems lack O_NOFOLLOW, so compare the file ids too.
  const mode = access === 'read' ? constants.O_RDONLY : constants.O_RDWR
  const file = await open(path, mode | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw hasCode(error, 'ELOOP') ? notRegular(path) : error
  })
  if (fileId(await file.stat({ bigint: true })) === fileId(stats)) return file
  await file.close()
  throw notRegular(path)
}

/** Reads up to 64 KiB before a position. */
export async function readTail(file: FileHandle, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(end, 65_536))
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, end - bytes.length + at)
    if (bytesRead === 0) return bytes.subarray(0, at)
    at += bytesRead
  }
  return bytes
}

/** Bytes to read at a time. Larger chunks survive a minor garbage collection. */
const chunkBytes = 16_384

/** Reads a file from its start. */
export async function* readChunks(file: FileHandle): AsyncGenerator<Uint8Array, undefined> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await file.read(new Uint8Array(chunkBytes), 0, chunkBytes, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** Writes bytes at a position. Returns the position behind them. */
export async function appendBytes(file: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let at = 0
  while (at < bytes.length) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten
  }
  return position + at
}

/** Compresses a text to one gzip member. */
export function gzipText(text: string): Promise<Uint8Array> {
  const { gzip } = process.getBuiltinModule('zlib')
  return new Promise((resolve, reject) => {
    gzip(text, (error, bytes) => (error === null ? resolve(bytes) : reject(error)))
  })
}

function notRegular(path: string): ConfigurationError {
  return new ConfigurationError({
    message: `${path} is a link or not a regular file.`,
    fix: 'Exports do not follow links. Move it away, or choose another path.',
  })
}
