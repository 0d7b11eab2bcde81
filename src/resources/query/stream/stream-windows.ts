import {
  anything,
  checkOptions,
  milliseconds,
  type OptionChecks,
  text,
  unexpected,
} from '../../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { TruncatedResultError } from '../../../runtime/errors/result-errors.ts'
import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import type { Requester } from '../../requester.ts'
import type { HogQLOptions } from '../query-options.ts'
import { fetchCells } from '../run-hogql.ts'
import { countQuery, keyAt, readKey } from './keyset.ts'
import { orderedPages } from './ordered-pages.ts'
import { checkStream, checkUnlimited } from './query-rows.ts'
import type { SourceOptions, StreamOptions, StreamPage } from './row-stream.ts'
import { streamResponse } from './stream-cells.ts'

/** A span of time that is read piece by piece. */
export interface StreamWindow {
  /** Column of the query with the time; the first of `orderBy`. */
  readonly column: string
  /** From this moment on: a Date, or a text with a zone. */
  readonly from: Date | string
  /** Up to this moment, without it. */
  readonly to: Date | string
  /** Milliseconds of the first piece. Default: a day, or all of it when that is less. */
  readonly size?: number | undefined
}

/** Milliseconds of the first piece. */
export const firstWindowMs = 86_400_000
const least = 1_000
/** A piece that took less than this, in milliseconds, may be twice as long: PostHog gives a query ten seconds. */
const fast = 2_000

/** How far each piece goes: half as far after one that took too long, twice as far after one that was fast. */
export interface TimeWindows {
  readonly from: number
  readonly to: number
  /** The end of the piece that begins at a moment. */
  end(start: number): number
  /** @returns false when a piece is as small as it gets */
  narrow(): boolean
  took(ms: number): void
  /** How much of the span is before a moment, from 0 to 1. */
  progress(at: number): number
}

/** Reads the option, which `checkStream` has looked at. */
export function createTimeWindows({ from, to, size = firstWindowMs }: StreamWindow): TimeWindows {
  const [start, end] = [timestampOf('from', from), timestampOf('to', to)]
  let width = size
  return {
    from: start,
    to: end,
    end: (at) => Math.min(at + width, end),
    narrow() {
      if (width <= least) return false
      width = Math.max(least, Math.floor(Math.min(width, end - start) / 2))
      return true
    },
    took(ms) {
      if (ms < fast && width < end - start) width *= 2
    },
    progress: (at) => (end === start ? 1 : Math.min(1, Math.max(0, (at - start) / (end - start)))),
  }
}

const windowChecks: OptionChecks<StreamWindow> = {
  column: text(),
  from: anything,
  to: anything,
  size: {
    accepts: (value) => milliseconds.accepts(value) && Number(value) >= least,
    expected: `milliseconds, ${least} or more`,
  },
}

/**
 * Refuses a wrong window.
 *
 * @throws ConfigurationError for a date without a zone, an end before the start, and a size below a second
 */
export function checkWindow(window: StreamWindow): void {
  checkOptions('window', window, windowChecks)
  if (!text().accepts(window.column)) {
    throw unexpected('The option `column` of `window`', window.column, 'the name of a column')
  }
  if (timestampOf('from', window.from) > timestampOf('to', window.to)) {
    throw new ConfigurationError({
      message: '`from` is later than `to`.',
      fix: 'Swap them: the earlier end of the span is `from`.',
    })
  }
}

/**
 * Milliseconds since 1970 of a moment.
 *
 * @throws ConfigurationError for anything but a valid Date, a day that exists, and a time with its zone
 */
export function timestampOf(name: string, value: unknown): number {
  const isZoned = typeof value === 'string' && /^\d{4}-\d\d-\d\d(?:$|.*(?:Z|[+-]\d\d:?\d\d)$)/.test(value)
  const ms = isZoned || value instanceof Date ? new Date(value).getTime() : Number.NaN
  if (!Number.isNaN(ms) && (typeof value !== 'string' || isDay(value.slice(0, 10)))) return ms
  throw unexpected(
    `\`${name}\``,
    value,
    'a valid date with its zone',
    'Use a Date, a day such as 2026-01-31 (in UTC), or a time with its zone such as 2026-01-31T12:00:00Z.',
  )
}

/** Whether a day exists: engines read February 30 as a day of March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

/** A query, or one for each piece of a span of time, whose rows are a part of it. */
export type StreamQuery<Row> = HogQL<Row> | ((from: Date, to: Date) => HogQL<Row>)

/**
 * The rows of a query as they arrive. Its requests are several queries, which cannot share an id.
 *
 * @throws ConfigurationError for options that would lose rows, and for ordering columns that more rows have in common
 * than fit on a page; TruncatedResultError when rows are missing, or may be
 */
export async function* streamPages<Row>(
  requester: Requester,
  given: StreamQuery<Row>,
  { clientQueryId: _, ...options }: HogQLOptions,
  stream: StreamOptions,
  { after = stream.after, asWritten = false }: SourceOptions,
): AsyncGenerator<StreamPage<Row>, undefined> {
  checkStream(stream)
  const { orderBy, pageSize, window, verifyCount = false } = stream
  const pieces = window && createTimeWindows(window)
  const query = (from = pieces?.from, to = pieces?.to): HogQL<Row> =>
    typeof given === 'function' ? given(new Date(from ?? 0), new Date(to ?? 0)) : given
  if (orderBy === undefined) {
    yield* streamResponse(requester, query(), options, asWritten)
    return
  }
  checkUnlimited(query())
  const from = after === undefined ? pieces && keyAt(pieces.from) : readKey(after, orderBy.length)
  const ordered = {
    requester,
    query,
    options,
    orderBy,
    asWritten,
    pieces,
    ...(pageSize === undefined ? {} : { pageSize }),
  }
  const pages = orderedPages(ordered, from)
  if (!verifyCount) {
    yield* pages
    return
  }
  const count = async (): Promise<number> => {
    const { answer } = await fetchCells(
      requester,
      countQuery(query(), orderBy, { from, until: pieces?.to }),
      options,
    )
    return Number(Object(answer.results[0])[0])
  }
  const before = await count()
  let rows = 0
  for await (const page of pages) {
    rows += page.rows.length
    yield { ...page, progress: before === 0 ? 1 : Math.min(1, rows / before) }
  }
  const now = await count()
  if (rows < Math.min(before, now) || rows > Math.max(before, now)) throw miscounted(rows, before, now)
}

function miscounted(given: number, before: number, now: number): TruncatedResultError {
  return new TruncatedResultError({
    message: `The stream gave ${given} rows; PostHog counted ${before} before and ${now} after.`,
    fix: 'Read it again; order by columns that do not change, and bound the query to what is not written any more.',
    items: [],
    cursor: undefined,
  })
}
