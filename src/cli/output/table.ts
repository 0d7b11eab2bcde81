import { cellText } from '../../runtime/rows/write-rows.ts'
import { textWidth, truncate } from './text-width.ts'
import { visible } from './visible.ts'

/** A column keeps this many cells, however narrow the terminal is. */
const narrowest = 4
const gap = '  '

/**
 * Rows as aligned columns under their names. Numbers stand right. With `width` the widest columns are cut until a
 * line fits; control characters are written as escapes.
 */
export function renderTable(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  width?: number,
): string {
  const head = columns.map(visible)
  const body = rows.map((row) => columns.map((_, index) => visible(cellText(row[index]))))
  const numeric = columns.map((_, index) => isNumeric(rows.map((row) => row[index])))
  const natural = columns.map((_, index) =>
    [head, ...body].reduce((most, line) => Math.max(most, textWidth(line[index] ?? '')), 0),
  )
  const widths = width === undefined ? natural : shrink(natural, width)
  const rule = widths.map((cells) => '-'.repeat(cells))
  return [head, rule, ...body].map((line) => renderLine(line, widths, numeric)).join('\n')
}

function renderLine(line: readonly string[], widths: readonly number[], numeric: readonly boolean[]): string {
  return line
    .map((text, index) => {
      const cells = widths[index] ?? 0
      const shown = truncate(text, cells)
      const padding = ' '.repeat(Math.max(0, cells - textWidth(shown)))
      return numeric[index] ? padding + shown : shown + padding
    })
    .join(gap)
    .trimEnd()
}

/** Takes cells from the widest column, one at a time, until the line fits or nothing can be taken. */
function shrink(natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  let excess = sum(widths) + gap.length * (widths.length - 1) - width
  while (excess > 0) {
    const widest = Math.max(...widths)
    if (widest <= narrowest) break
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
