import type { Output } from '../cli-io.ts'
import { truncate } from './text-width.ts'

/** Shows how far something long has come. */
export interface Progress {
  /** One more is done. */
  tick(): void
  /** Leaves no trace on a terminal. */
  finish(): void
}

/** Where and how progress is shown: one line that is rewritten, a line now and then, or not at all. */
export interface ProgressOptions {
  readonly stderr: Output
  readonly mode: 'rewrite' | 'lines' | 'off'
  readonly columns: number | undefined
}

/** Without a terminal, a line for every so many. */
const lineEvery = 10
const clearLine = '\r\u001b[2K'

/** Progress of a known number of steps. */
export function createProgress(
  label: string,
  total: number,
  { stderr, mode, columns = 80 }: ProgressOptions,
): Progress {
  let done = 0
  const text = (): string => `${label} ${done}/${total}`
  const rewrite = (): void => void stderr.write(`${clearLine}${truncate(text(), columns - 1)}`)
  if (mode === 'rewrite' && total > 0) rewrite()
  return {
    tick() {
      done += 1
      if (mode === 'rewrite') rewrite()
      if (mode === 'lines' && done % lineEvery === 0) stderr.write(`${text()}\n`)
    },
    finish() {
      if (mode === 'rewrite' && total > 0) stderr.write(clearLine)
    },
  }
}
