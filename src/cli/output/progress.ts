import type { Output } from '../cli-io.ts'
import { truncate } from './text.ts'

/** Progress of a known number of steps. */
export interface Progress {
  /** Counts one finished step. */
  tick(): void
  /** Erases the progress line on a terminal. */
  finish(): void
}

/** Progress of a result with an unknown number of rows. */
export interface RowProgress {
  /** `progress` is the fraction done, from 0 to 1, when the query reports it. */
  update(rows: number, progress: number | undefined): void
  /** Erases the progress line on a terminal. */
  finish(): void
}

/** Options of progress output: rewrite one line (terminals), append lines (logs), or show nothing. */
export interface ProgressOptions {
  readonly stderr: Output
  readonly mode: 'rewrite' | 'lines' | 'off'
  readonly columns: number | undefined
}

const eraseLine = '\r\u001b[2K'
/** Number of steps between two lines in a log. */
const stepsPerLine = 10
/** Milliseconds between two updates of row progress. */
const updateInterval = { rewrite: 100, lines: 5_000, off: Number.POSITIVE_INFINITY }
/** Terminal cells of a full bar. */
const barWidth = 24

/** Progress of the parts of a command, which may run concurrently. */
export interface ProgressDisplay {
  /** Shows `label` with the number of finished steps. */
  start(label: string, total: number): Progress
  /** Shows `label` on a terminal, until the returned function runs. */
  wait(label: string): () => void
  /** Writes other output. On a terminal, it appears above the progress line. */
  above(write: () => void): void
}

/** Shows all running progresses: on a terminal in one line, in a log each in lines of its own. */
export function createProgressDisplay({ stderr, mode, columns = 80 }: ProgressOptions): ProgressDisplay {
  const running = new Set<() => string>()
  const erase = (): void => void stderr.write(eraseLine)
  const draw = (): void => {
    const text = [...running].map((format) => format()).join(', ')
    stderr.write(`${eraseLine}${truncate(text, columns - 1)}`)
  }
  const show = (text: () => string): void => {
    running.add(text)
    draw()
  }
  const hide = (text: () => string): void => {
    if (!running.delete(text)) return
    if (running.size > 0) draw()
    else erase()
  }
  return {
    wait(label) {
      const text = (): string => `${label}…`
      if (mode === 'rewrite') show(text)
      return () => hide(text)
    },
    start(label, total) {
      let done = 0
      const text = (): string => `${label} ${done}/${total}`
      const isDrawn = mode === 'rewrite' && total > 0
      if (isDrawn) show(text)
      return {
        tick() {
          done += 1
          if (isDrawn) draw()
          if (mode === 'lines' && done % stepsPerLine === 0) stderr.write(`${text()}\n`)
        },
        finish: () => hide(text),
      }
    },
    above(write) {
      if (running.size > 0) erase()
      write()
      if (running.size > 0) draw()
    },
  }
}

/** Shows the number of rows received, with a bar when the fraction is known. `now` returns milliseconds. */
export function createRowProgress(
  { stderr, mode, columns = 80 }: ProgressOptions,
  now: () => number = () => performance.now(),
): RowProgress {
  let shownAt = Number.NEGATIVE_INFINITY
  let startedAt: number | undefined
  return {
    update(rows, progress) {
      const time = now()
      startedAt ??= time
      // In a log the first line waits a full interval, because queries usually finish before it.
      const isFirstLogLine = shownAt === Number.NEGATIVE_INFINITY && mode === 'lines'
      const elapsed = time - (isFirstLogLine ? startedAt : shownAt)
      if (mode === 'off' || elapsed < updateInterval[mode]) return
      shownAt = time
      const text = rowProgressText(rows, progress)
      stderr.write(mode === 'rewrite' ? `${eraseLine}${truncate(text, columns - 1)}` : `${text}\n`)
    },
    finish() {
      if (mode === 'rewrite' && shownAt !== Number.NEGATIVE_INFINITY) stderr.write(eraseLine)
    },
  }
}

/** One line, such as `12,345 rows  [######··················]  25 %`. */
export function rowProgressText(rows: number, progress: number | undefined): string {
  const count = `${rows.toLocaleString('en-US')} rows`
  if (progress === undefined) return count
  const filled = Math.round(progress * barWidth)
  const percent = `${Math.floor(progress * 100)}`.padStart(3)
  return `${count}  [${'#'.repeat(filled)}${'·'.repeat(barWidth - filled)}] ${percent} %`
}
