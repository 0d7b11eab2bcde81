import type { Output } from '../cli-io.ts'

/** Writes a text, and waits while its reader is slower than its writer. */
export async function writeAll(output: Output, text: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (text === '' || output.write(text) !== false || output.once === undefined) return
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    output.once?.('drain', () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
  })
}
