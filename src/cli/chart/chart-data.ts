import { cellText } from '../../runtime/rows/write-rows.ts'
import { UsageError } from '../errors.ts'
import { escapeControlChars, formatCount } from '../output/text.ts'

/** Columns and cells of a result. */
export interface Table {
  readonly header: readonly string[]
  readonly cells: readonly (readonly unknown[])[]
}

/** Values of one series, one for each place on the x axis; null is a gap. */
export interface Series {
  readonly name: string
  readonly values: readonly (number | null)[]
}

/** Series over an x axis. */
export interface ChartData {
  /** What the places on the x axis are. `category`: texts without an order. */
  readonly kind: 'time' | 'number' | 'category'
  /** Name of the x axis. */
  readonly name: string
  /** Labels of the places, with control characters escaped. */
  readonly labels: readonly string[]
  /** Positions of the places, ascending: milliseconds, numbers, or indexes of categories. */
  readonly positions: readonly number[]
  readonly series: readonly Series[]
  /** Number of rows without a place of their own: without a date, or with the place and series of another row. */
  readonly leftOut: number
}

/** Selects the series with the largest sums, in their order. */
export function largestSeries(all: readonly Series[], max: number): readonly Series[] {
  if (all.length <= max) return all
  const sum = ({ values }: Series): number =>
    values.reduce<number>((total, value) => total + Math.abs(value ?? 0), 0)
  const largest = new Set(all.toSorted((left, right) => sum(right) - sum(left)).slice(0, max))
  return all.filter((one) => largest.has(one))
}

/** Lines about series and rows that a chart does not show. */
export function hiddenLines({ series, leftOut }: ChartData, shown: number): string[] {
  const hidden = series.length - shown
  return [
    ...(hidden > 0 ? [`… and ${hidden} more series`] : []),
    ...(leftOut > 0
      ? [`… and ${formatCount(leftOut, 'row')} without a place of their own on the x axis`]
      : []),
  ]
}

type ColumnKind = 'time' | 'number' | 'digits' | 'text' | 'empty'

interface Column {
  readonly name: string
  readonly kind: ColumnKind
  readonly values: readonly unknown[]
}

/**
 * Reads rows as series. The first column with dates is the x axis, or else the first column. The other columns with
 * numbers are series. Texts beside dates split the rows into series.
 *
 * @throws UsageError without a column of numbers
 */
export function readChart({ header, cells }: Table): ChartData {
  const columns = header.map((name, index): Column => {
    const values = cells.map((row) => row[index])
    return { name: escapeControlChars(name), kind: kindOf(values), values }
  })
  const x = columns.find(({ kind }) => kind === 'time') ?? (columns.length > 1 ? columns[0] : undefined)
  const rest = columns.filter((column) => column !== x)
  const numbers = rest.filter(({ kind }) => kind === 'number' || kind === 'digits')
  if (numbers.length === 0) throw noNumbers(columns)
  const texts = rest.filter(({ kind }) => kind === 'text')
  if (x === undefined) return byRowNumber(numbers)
  const isOrdered = x.kind === 'time' || x.kind === 'number'
  return isOrdered
    ? overOrderedAxis(x, x.kind === 'time', numbers, texts)
    : overCategories([x, ...texts], numbers)
}

const names: Readonly<Record<ColumnKind, string>> = {
  time: 'dates',
  number: 'numbers',
  digits: 'numbers',
  text: 'text',
  empty: 'no values',
}

function noNumbers(columns: readonly Column[]): UsageError {
  const listed = columns.map(({ name, kind }) => `${name} (${names[kind]})`).join(', ')
  return new UsageError(
    `A chart needs a column of numbers beside its x axis; the rows have ${formatCount(columns.length, 'column')}: ${listed}.`,
    'Select a number, such as count(), or omit --chart.',
  )
}

/** A date or a time as PostHog writes it. */
const isoTime = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:?\d{2})?$/

function kindOf(values: readonly unknown[]): ColumnKind {
  const present = values.filter((value) => value !== null && value !== undefined)
  const every = (accepts: (value: unknown) => boolean): boolean => present.every(accepts)
  if (present.length === 0) return 'empty'
  if (every((value) => typeof value === 'number' || typeof value === 'bigint')) return 'number'
  if (every((value) => toTime(value) !== undefined)) return 'time'
  return every((value) => typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value)) ? 'digits' : 'text'
}

/** Milliseconds of a date or time; one without a time zone is UTC. Undefined for other values. */
function toTime(value: unknown): number | undefined {
  const [, day, time = '00:00', zone = 'Z'] = (typeof value === 'string' && isoTime.exec(value)) || []
  const ms = day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`)
  return Number.isNaN(ms) ? undefined : ms
}

function toNumber(value: unknown): number | null {
  const number = value === null || value === undefined ? Number.NaN : Number(value)
  return Number.isFinite(number) ? number : null
}

function labelOf(value: unknown): string {
  if (value === null || value === undefined) return '(null)'
  return escapeControlChars(cellText(value)) || '(empty)'
}

function byRowNumber(numbers: readonly Column[]): ChartData {
  const positions = (numbers[0]?.values ?? []).map((_, index) => index + 1)
  const series = numbers.map(({ name, values }) => ({ name, values: values.map(toNumber) }))
  return { kind: 'number', name: 'row', labels: positions.map(String), positions, series, leftOut: 0 }
}

function overCategories(texts: readonly Column[], numbers: readonly Column[]): ChartData {
  const positions = (texts[0]?.values ?? []).map((_, index) => index)
  return {
    kind: 'category',
    name: texts.map(({ name }) => name).join(', '),
    labels: positions.map((row) => texts.map(({ values }) => labelOf(values[row])).join(', ')),
    positions,
    series: numbers.map(({ name, values }) => ({ name, values: values.map(toNumber) })),
    leftOut: 0,
  }
}

/** Rows without a date or number have no place on the axis. Of rows with the same place and texts, one is shown. */
function overOrderedAxis(
  x: Column,
  isTime: boolean,
  numbers: readonly Column[],
  texts: readonly Column[],
): ChartData {
  const rows = x.values.flatMap((value, row) => {
    const position = isTime ? toTime(value) : toNumber(value)
    return position === undefined || position === null ? [] : [{ row, position, label: labelOf(value) }]
  })
  rows.sort((left, right) => left.position - right.position)
  // Each row has a place of its own, unless texts split the rows into series over shared places.
  const places = texts.length === 0 ? rows : [...new Map(rows.map((row) => [row.position, row])).values()]
  const indexes = new Map(places.map(({ position }, index) => [position, index]))
  const keyOf = (row: number): string => texts.map(({ values }) => labelOf(values[row])).join(', ')
  const shown =
    texts.length === 0
      ? rows.length
      : new Set(rows.map(({ row, position }) => `${position} ${keyOf(row)}`)).size
  const series = numbers.flatMap(({ name, values }): Series[] => {
    if (texts.length === 0) return [{ name, values: rows.map(({ row }) => toNumber(values[row])) }]
    const split = new Map<string, (number | null)[]>()
    for (const { row, position } of rows) {
      const key = keyOf(row)
      const line = split.get(key) ?? places.map(() => null)
      split.set(key, line)
      line[indexes.get(position) ?? 0] = toNumber(values[row])
    }
    return [...split].map(([key, line]) => ({
      name: numbers.length === 1 ? key : `${key}, ${name}`,
      values: line,
    }))
  })
  return {
    kind: isTime ? 'time' : 'number',
    name: x.name,
    labels: places.map(({ label }) => label.replace(/[T ]00:00:00(?:\.0+)?(?:Z|\+00:00)?$/, '')),
    positions: places.map(({ position }) => position),
    series,
    leftOut: x.values.length - shown,
  }
}
