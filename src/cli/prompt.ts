import { createInterface } from 'node:readline/promises'

/** Streams of a prompt. */
interface PromptStreams {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/**
 * Asks a question on a terminal and returns the answer; undefined at the end of the input (Ctrl-D).
 *
 * @param interrupt called for Ctrl-C, which readline receives instead of the process
 */
export async function askOnTerminal(
  question: string,
  streams: PromptStreams,
  signal: AbortSignal,
  interrupt: () => void,
): Promise<string | undefined> {
  const terminal = createInterface(streams)
  const closed = new Promise<undefined>((resolve) => terminal.once('close', () => resolve(undefined)))
  terminal.once('SIGINT', interrupt)
  try {
    return await Promise.race([terminal.question(question, { signal }), closed])
  } finally {
    terminal.close()
  }
}
