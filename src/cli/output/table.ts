import stringWidth from 'string-width'
import { cellText } from '../../runtime/rows/write-rows.ts'
import { escapeControlChars, truncate } from './text.ts'

/** Minimum width of a column, in terminal cells. */
const minColumnWidth = 4
const gap = '  '

/**
 * Renders rows as aligned columns under a header. Numbers align right. With `width`, narrows the widest columns until
 * each line fits. Escapes control characters.
 */
export function renderTable(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  width?: number,
): string {
  const header = columns.map(escapeControlChars)
  const body = rows.map((row) => columns.map((_, index) => escapeControlChars(cellText(row[index]))))
  const numeric = columns.map((_, index) => isNumeric(rows.map((row) => row[index])))
  const natural = columns.map((_, index) =>
    [header, ...body].reduce((max, line) => Math.max(max, stringWidth(line[index] ?? '')), 0),
  )
  const widths = width === undefined ? natural : shrink(natural, width)
  const rule = widths.map((cells) => '-'.repeat(cells))
  return [header, rule, ...body].map((line) => renderRow(line, widths, numeric)).join('\n')
}

function renderRow(line: readonly string[], widths: readonly number[], numeric: readonly boolean[]): string {
  return line
    .map((text, index) => {
      const cells = widths[index] ?? 0
      const shown = truncate(text, cells)
      const padding = ' '.repeat(Math.max(0, cells - stringWidth(shown)))
      return numeric[index] ? padding + shown : shown + padding
    })
    .join(gap)
    .trimEnd()
}

/** Narrows the widest column by one cell at a time until the line fits or all columns have the minimum width. */
function shrink(natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  let excess = sum(widths) + gap.length * (widths.length - 1) - width
  while (excess > 0) {
    const widest = Math.max(...widths)
    if (widest <= minColumnWidth) break
    widths[widths.indexOf(widest)] = widest - 1
    excess -= 1
  }
  return widths
}

function isNumeric(values: readonly unknown[]): boolean {
  const present = values.filter((value) => value !== null && value !== undefined)
  return (
    present.length > 0 && present.every((value) => typeof value === 'number' || typeof value === 'bigint')
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
