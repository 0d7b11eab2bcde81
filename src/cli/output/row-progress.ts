import type { ProgressOptions } from './progress.ts'
import { truncate } from './text-width.ts'

/** Shows how many rows came, and how far that is where it is known. */
export interface RowProgress {
  update(rows: number, progress: number | undefined): void
  /** Leaves no trace on a terminal. */
  finish(): void
}

const clearLine = '\r\u001b[2K'
/** Milliseconds between two pictures on a terminal, and between two lines elsewhere. */
const every = { rewrite: 100, lines: 5_000, off: Number.POSITIVE_INFINITY }
/** Cells of a whole bar. */
const barWidth = 24

/** Progress of rows whose number nobody knows. `now` counts milliseconds. */
export function createRowProgress(
  { stderr, mode, columns = 80 }: ProgressOptions,
  now: () => number = () => performance.now(),
): RowProgress {
  let shown = Number.NEGATIVE_INFINITY
  let started: number | undefined
  return {
    update(rows, progress) {
      const at = now()
      started ??= at
      // The first line without a terminal comes after a while: most are done by then.
      const since = shown === Number.NEGATIVE_INFINITY && mode === 'lines' ? at - started : at - shown
      if (mode === 'off' || since < every[mode]) return
      shown = at
      const text = rowProgressText(rows, progress)
      stderr.write(mode === 'rewrite' ? `${clearLine}${truncate(text, columns - 1)}` : `${text}\n`)
    },
    finish() {
      if (mode === 'rewrite' && shown !== Number.NEGATIVE_INFINITY) stderr.write(clearLine)
    },
  }
}

/** One line, such as `12,345 rows  [######··················]  25 %`. */
export function rowProgressText(rows: number, progress: number | undefined): string {
  const count = `${rows.toLocaleString('en-US')} rows`
  if (progress === undefined) return count
  const full = Math.round(progress * barWidth)
  const percent = `${Math.floor(progress * 100)}`.padStart(3)
  return `${count}  [${'#'.repeat(full)}${'·'.repeat(barWidth - full)}] ${percent} %`
}
