import { plot } from 'simple-ascii-chart'
import { type Line, type StyledText, style } from '../output/style.ts'
import { truncate } from '../output/text.ts'
import { maxName, title } from './bar-chart.ts'
import { type ChartData, hiddenLines, largestSeries, type Series } from './chart-data.ts'
import { numberLabel } from './number-label.ts'

type Point = [x: number, y: number]

/** Rows of the terminal. */
const height = 14
/** The marks of each series: different without colors. */
const marks = ['*', 'o', '+', 'x', '#', '@'] as const
const colors = [style.cyan, style.yellow, style.green, style.magenta, style.red, style.blue]

/** Draws series over an ordered axis: one as a line, several with a mark for each. Gaps have no value. */
export function lineChart(data: ChartData, width: number): Line[] {
  const { name, labels, positions } = data
  const series = largestSeries(data.series, marks.length)
  const values = series.flatMap((one) => one.values.filter((value) => value !== null))
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
  const ticks = low === high ? [low] : [low, (low + high) / 2, high]
  const labelWidth = Math.max(...ticks.map((tick) => numberLabel(tick).length))
  const columns = Math.max(10, width - labelWidth - 4)
  const symbols = new Map<string, string>()
  const lines = series.flatMap((one, index) =>
    segmentsOf(reduce(pointsOf(positions, one), columns)).map((segment) => {
      if (series.length === 1) return segment
      const dense = fillColumns(segment, positions, columns)
      for (const point of dense) symbols.set(point.join(), marks[index] ?? '*')
      return dense
    }),
  )
  const text = plot(lines, {
    width: columns,
    height,
    customYAxisTicks: ticks,
    hideXAxisTicks: true,
    formatter: (value, { axis }) => (axis === 'y' ? numberLabel(value) : value),
    ...(series.length === 1
      ? {}
      : {
          lineFormatter: ({ x, y, plotX, plotY }) => ({
            x: plotX,
            y: plotY,
            symbol: symbols.get([x, y].join()) ?? '*',
          }),
        }),
  })
  const drawn = text.split('\n').filter((line) => line.trim() !== '')
  const [first = '', last = first] = [labels[0], labels.at(-1)]
  const gap = Math.max(2, columns + 1 - first.length - last.length)
  return [
    ...legend(name, series),
    ...drawn.map((line) => (series.length === 1 ? line.trimEnd() : colorMarks(line.trimEnd()))),
    `${' '.repeat(labelWidth + 1)}${positions.length === 1 ? first : `${first}${' '.repeat(gap)}${last}`}`,
    ...hiddenLines(data, series.length),
  ]
}

interface MaybePoint {
  readonly x: number
  readonly y: number | null
}

function pointsOf(positions: readonly number[], { values }: Series): MaybePoint[] {
  return positions.map((x, index) => ({ x, y: values[index] ?? null }))
}

/**
 * Keeps the points that a column of the terminal can show: its first, last, lowest and highest. A column is a gap if it
 * has no value.
 */
function reduce(points: readonly MaybePoint[], columns: number): readonly MaybePoint[] {
  if (points.length <= columns * 2) return points
  const from = points[0]?.x ?? 0
  const step = ((points.at(-1)?.x ?? 0) - from) / columns || 1
  const groups = new Map<number, MaybePoint[]>()
  for (const point of points) {
    const column = Math.floor((point.x - from) / step)
    const group = groups.get(column) ?? []
    group.push(point)
    groups.set(column, group)
  }
  return [...groups.values()].flatMap((group) => {
    const present = group.filter(({ y }) => y !== null)
    const byValue = present.toSorted((left, right) => (left.y ?? 0) - (right.y ?? 0))
    const kept = new Set([present[0], byValue[0], byValue.at(-1), present.at(-1)])
    return present.length === 0 ? group.slice(0, 1) : present.filter((point) => kept.has(point))
  })
}

/** Splits points at gaps. */
function segmentsOf(points: readonly MaybePoint[]): Point[][] {
  const segments: Point[][] = [[]]
  for (const { x, y } of points) {
    if (y === null) segments.push([])
    else segments.at(-1)?.push([x, y])
  }
  return segments.filter((segment) => segment.length > 0)
}

/** Adds points between the points of a segment, so that each column of the terminal has a mark. */
function fillColumns(segment: readonly Point[], positions: readonly number[], columns: number): Point[] {
  const step = ((positions.at(-1) ?? 0) - (positions[0] ?? 0)) / columns || 1
  return segment.flatMap(([x, y], index): Point[] => {
    const [nextX, nextY] = segment[index + 1] ?? [x, y]
    const parts = Math.max(1, Math.round((nextX - x) / step))
    return Array.from({ length: parts }, (_, part) => [
      x + ((nextX - x) * part) / parts,
      y + ((nextY - y) * part) / parts,
    ])
  })
}

function legend(axis: string, series: readonly Series[]): Line[] {
  if (series.length === 1) return [title(series, axis)]
  return [
    series.flatMap(({ name }, index): (string | StyledText)[] => [
      index === 0 ? '' : '   ',
      colors[index]?.(marks[index] ?? '*') ?? '',
      ` ${truncate(name, maxName)}`,
    ]),
  ]
}

/** Colors the marks to the right of the y axis. */
function colorMarks(line: string): Line {
  const axis = line.search(/[┤│└]/) + 1
  const parts = line.slice(axis).split(/(\*+|o+|\++|x+|#+|@+)/)
  return [
    line.slice(0, axis),
    ...parts.map((part) => {
      const index = marks.findIndex((mark) => part.startsWith(mark))
      return colors[index]?.(part) ?? part
    }),
  ]
}
