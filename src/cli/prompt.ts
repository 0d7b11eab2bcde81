import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** Streams of a prompt. */
interface PromptStreams {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/**
 * Asks a question on a terminal and returns the answer; undefined at the end of the input (Ctrl-D).
 *
 * @param interrupt called for Ctrl-C, which readline receives instead of the process
 * @param hidden whether the terminal shows nothing of the answer
 */
export async function askOnTerminal(
  question: string,
  streams: PromptStreams,
  signal: AbortSignal,
  interrupt: () => void,
  hidden = false,
): Promise<string | undefined> {
  const { input, output } = streams
  // The interface keeps the system from echoing, and its own echo goes nowhere. So it exists before the question.
  const terminal = createInterface(hidden ? { input, output: nowhere(), terminal: true } : streams)
  if (hidden) output.write(question)
  const closed = new Promise<undefined>((resolve) => terminal.once('close', () => resolve(undefined)))
  terminal.once('SIGINT', interrupt)
  try {
    return await Promise.race([terminal.question(hidden ? '' : question, { signal }), closed])
  } finally {
    terminal.close()
    if (hidden) output.write('\n')
  }
}

/** A stream that discards everything. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
