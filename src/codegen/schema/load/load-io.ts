import { open } from 'node:fs/promises'

/** How far a load has come. */
export interface LoadProgress {
  readonly bytes: number
  /** Size the server or file system announced; undefined when nobody did. */
  readonly total: number | undefined
}

/** What loading needs from outside. */
export interface LoadIo {
  fetch(url: URL, init: RequestInit): Promise<Response>
  /** Yields the bytes of a file; `total` is its size. */
  readFile(
    path: string | URL,
  ): Promise<{ readonly total: number; readonly chunks: AsyncIterable<Uint8Array> }>
  now(): Date
  /** A signal that aborts after so many milliseconds and keeps no process alive. */
  signalAfter(milliseconds: number): AbortSignal
  onProgress?(progress: LoadProgress): void
}

/** The io of this process: global fetch, the file system and the wall clock. */
export function nodeLoadIo(onProgress?: (progress: LoadProgress) => void): LoadIo {
  const io: LoadIo = {
    fetch: (url, init) => fetch(url, init),
    async readFile(path) {
      const file = await open(path)
      const { size } = await file.stat()
      return { total: size, chunks: file.createReadStream() }
    },
    now: () => new Date(),
    signalAfter: (milliseconds) => AbortSignal.timeout(milliseconds),
  }
  return onProgress === undefined ? io : { ...io, onProgress }
}
