import { Option } from 'commander'
import { UsageError } from '../errors.ts'
import type { Line } from '../output/style.ts'
import { barChart, maxPlaces } from './bar-chart.ts'
import { type ChartData, readChart, type Table } from './chart-data.ts'
import { lineChart } from './line-chart.ts'

/** Kinds of charts. `auto` draws a line over dates and over many numbers, and bars for everything else. */
const chartKinds = ['auto', 'line', 'bar'] as const

/** A kind of chart. */
export type ChartKind = (typeof chartKinds)[number]

/** Width without a terminal, in cells. */
const defaultWidth = 80

/** Creates the option `--chart`. */
export function chartOption(): Option {
  return new Option(
    '--chart [kind]',
    'draw the rows: auto (the default) draws a line over dates, and bars for texts',
  ).choices(chartKinds)
}

/** Completes `--chart` without a kind, so that commander does not take the query after it for the kind. */
export function withChartKind(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  return argv.map((argument, index) => {
    const isBare = argument === '--chart' && !chartKinds.some((kind) => kind === argv[index + 1])
    return isBare && (end === -1 || index < end) ? '--chart=auto' : argument
  })
}

/**
 * Rejects options that a chart cannot follow.
 *
 * @param flags the flags of the command line that print rows in another way, with whether each is set
 */
export function assertOnlyChart(
  chart: ChartKind | undefined,
  flags: Readonly<Record<string, boolean>>,
): void {
  const other = chart === undefined ? undefined : Object.keys(flags).find((flag) => flags[flag])
  if (other === undefined) return
  throw new UsageError(
    `--chart draws the rows, but ${other} prints them in another way.`,
    `Omit --chart or ${other}.`,
  )
}

/**
 * Draws rows. Empty without a value to draw.
 *
 * @param width cells of the terminal
 * @throws UsageError for columns that the chart cannot show
 */
export function renderChart(table: Table, kind: ChartKind, width: number = defaultWidth): Line[] {
  if (table.cells.length === 0) return []
  const data = readChart(table)
  if (data.series.every(({ values }) => values.every((value) => value === null))) return []
  if (kind === 'bar' || (kind === 'auto' && prefersBars(data))) return barChart(data, width)
  if (data.kind !== 'category') return lineChart(data, width)
  throw new UsageError(
    `A line needs dates or numbers on its x axis, but ${data.name} has text.`,
    'Use --chart bar, or select a date such as toStartOfDay(timestamp).',
  )
}

function prefersBars({ kind, positions }: ChartData): boolean {
  return kind === 'category' || (kind === 'number' && positions.length <= maxPlaces)
}
