// Hand-written on purpose: the charting libraries for terminals measure labels in UTF-16 units, not in cells.
import stringWidth from 'string-width'
import type { Line } from '../output/style.ts'
import { truncate } from '../output/text.ts'
import { type ChartData, hiddenLines, largestSeries, type Series } from './chart-data.ts'
import { exactLabel } from './number-label.ts'

/** Maximum number of places on the axis. */
export const maxPlaces = 20
/** The bars of each series: different without colors. */
const fills = ['█', '▒', '░', '#']
/** Part of the width that labels may take. */
const labelShare = 0.35
/** Cells of a series' name in the legend. */
export const maxName = 30

/** Draws a horizontal bar for each place on the axis and each series, in the order of the data. */
export function barChart(data: ChartData, width: number): Line[] {
  const series = largestSeries(data.series, fills.length)
  const places = selectPlaces(data, series)
  const values = places.flatMap((place) => series.map((one) => one.values[place] ?? 0))
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const texts = places.flatMap((place) => series.map((one) => valueText(one.values[place])))
  const valueWidth = Math.max(...texts.map((text) => text.length))
  const natural = Math.max(...places.map((place) => stringWidth(data.labels[place] ?? '')))
  const labelWidth = Math.min(natural, Math.floor(width * labelShare))
  const barWidth = Math.max(8, width - labelWidth - valueWidth - 4)
  const lines = places.flatMap((place) =>
    series.map(({ values }, index): Line => {
      const label = index === 0 ? truncate(data.labels[place] ?? '', labelWidth) : ''
      const bar = renderBar(values[place] ?? 0, low, high, barWidth, fills[index] ?? '█')
      const text = valueText(values[place]).padStart(valueWidth)
      return `${label}${' '.repeat(labelWidth - stringWidth(label))}  ${text}  ${bar}`.trimEnd()
    }),
  )
  return [
    ...legend(data.name, series),
    ...lines,
    ...hiddenPlaces(data, places.length),
    ...hiddenLines(data, series.length),
  ]
}

function valueText(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : exactLabel(value)
}

/** Cells from the position of zero to the value. A value too small for a cell gets a thin one. */
function renderBar(value: number, low: number, high: number, width: number, fill: string): string {
  const scale = high === low ? 0 : width / (high - low)
  const zero = Math.round(-low * scale)
  const cells = Math.round(Math.abs(value) * scale)
  if (cells === 0) return `${' '.repeat(zero)}${value === 0 ? '' : '▏'}`
  return value < 0
    ? `${' '.repeat(Math.max(0, zero - cells))}${fill.repeat(cells)}`
    : `${' '.repeat(zero)}${fill.repeat(cells)}`
}

/** The last places of an ordered axis; of categories, those with the largest values, in the order of the data. */
function selectPlaces({ kind, positions }: ChartData, [first]: readonly Series[]): number[] {
  const all = positions.map((_, place) => place)
  if (all.length <= maxPlaces) return all
  if (kind !== 'category') return all.slice(-maxPlaces)
  const size = (place: number): number => Math.abs(first?.values[place] ?? 0)
  return all
    .sort((left, right) => size(right) - size(left))
    .slice(0, maxPlaces)
    .sort((left, right) => left - right)
}

/** The heading of a chart with one series, such as `views by day`. */
export function title([first]: readonly Series[], axis: string): string {
  return `${truncate(first?.name ?? '', maxName)} by ${truncate(axis, maxName)}`
}

function legend(axis: string, series: readonly Series[]): Line[] {
  if (series.length === 1) return [title(series, axis)]
  return [series.map(({ name }, index) => `${fills[index]} ${truncate(name, maxName)}`).join('   ')]
}

function hiddenPlaces({ kind, positions }: ChartData, shown: number): Line[] {
  const hidden = positions.length - shown
  const which = kind === 'category' ? 'more with smaller values' : 'more before them'
  return hidden > 0 ? [`… and ${hidden} ${which}`] : []
}
