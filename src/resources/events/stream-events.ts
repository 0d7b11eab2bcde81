import {
  anything,
  checkOptions,
  nonEmptyString,
  type OptionCheck,
  type OptionChecks,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { type HogQL, hogql, isHogQL } from '../../runtime/hogql/hogql.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import { type HogQLOptions, hogqlChecks, mergeHogQLOptions } from '../query/query-options.ts'
import { streamPages } from '../query/stream/query-rows.ts'
import type {
  SourceOptions,
  StreamOptions,
  StreamPage,
  StreamWindow,
} from '../query/stream/stream-options.ts'
import type { Requester } from '../requester.ts'

/** Columns of an event and their types. */
export interface EventFields {
  readonly uuid: string
  readonly event: string
  /** ISO 8601 with a time zone. */
  readonly timestamp: string
  readonly created_at: string
  readonly distinct_id: string
  readonly person_id: string
  readonly elements_chain: string
  readonly $session_id: string | null
  /** Parsed from JSON. */
  readonly properties: Readonly<Record<string, unknown>>
}

/** A column, event property or person property. Everything after `properties.` is one property name. */
export type EventColumn = keyof EventFields | `properties.${string}` | `person.properties.${string}`

/** A property value. PostHog converts values by their property type to numbers, booleans or times. */
export type PropertyCell = string | number | boolean | null

/** An event with the requested columns. */
export type EventRow<Column extends EventColumn> = {
  [Name in Column]: Name extends keyof EventFields ? EventFields[Name] : PropertyCell
}

/** The default columns of an event. */
export type DefaultEventColumn = 'uuid' | 'event' | 'timestamp' | 'distinct_id' | 'properties'

/** Options of `events.stream`. */
export interface EventStreamOptions<Column extends EventColumn = EventColumn, Name extends string = string>
  extends Omit<HogQLOptions, 'dates' | 'int64'>,
    Pick<StreamOptions, 'pageSize' | 'after' | 'concurrency' | 'verifyCount'>,
    Pick<StreamWindow, 'from' | 'to' | 'size'> {
  /** Event name or names to include. Default: all. */
  readonly event?: Name | readonly Name[] | undefined
  /** HogQL condition, such as ``hogql`properties.$browser = ${browser}` ``. */
  readonly where?: HogQL<unknown> | undefined
  /** Columns to read. Default: uuid, event, timestamp, distinct_id and properties. */
  readonly columns?: readonly Column[] | undefined
}

const defaultColumns: readonly DefaultEventColumn[] = [
  'uuid',
  'event',
  'timestamp',
  'distinct_id',
  'properties',
]
/** The columns that order events uniquely. */
const orderColumns = ['timestamp', 'uuid'] as const

const { dates: _, int64: __, ...queryChecks } = hogqlChecks
const name = nonEmptyString()
const names: OptionCheck = {
  accepts: (value) => Array.isArray(value) && Array.from(value).every(name.accepts),
  expected: 'an array of names',
}
const eventChecks: OptionChecks<EventStreamOptions> = {
  ...queryChecks,
  from: anything,
  to: anything,
  size: anything,
  pageSize: anything,
  after: anything,
  concurrency: anything,
  verifyCount: anything,
  event: {
    accepts: (value) => name.accepts(value) || names.accepts(value),
    expected: 'a name or an array of names',
  },
  where: { accepts: isHogQL, expected: 'a condition built with the `hogql` tag' },
  columns: names,
}

/** Streams the events of a time range in pages. */
export async function* streamEvents(
  requester: Requester,
  eventOptions: EventStreamOptions,
  sourceOptions: SourceOptions,
): AsyncGenerator<StreamPage<Record<string, unknown>>, undefined> {
  if (eventOptions === undefined)
    throw unexpected('The argument of `events.stream`', eventOptions, 'an object with `from` and `to`')
  checkOptions('events.stream', eventOptions, eventChecks)
  const {
    from,
    to,
    size,
    event,
    where,
    columns = defaultColumns,
    pageSize,
    after,
    concurrency,
    verifyCount,
    ...rest
  } = eventOptions
  const options = mergeHogQLOptions('events.stream', [rest])
  const extra = columns.filter((name) => !orderColumns.some((key) => key === name))
  const names = new Map<string, string>([
    ...orderColumns.map((name) => [name, name] as const),
    // Use our own aliases: PostHog restricts column names.
    ...extra.map((name, index) => [name, `c${index}`] as const),
  ])
  const selected = [
    ...orderColumns.map((name) => hogql.ref(name)),
    ...extra.map((name) => hogql`${columnRef(name)} as ${hogql.ref(names.get(name) ?? name)}`),
  ]
  const conditions = [
    ...(event === undefined ? [] : [hogql`event in ${hogql.list([event].flat())}`]),
    ...(where === undefined ? [] : [hogql`(\n${where}\n)`]),
  ]
  // Keep the time range next to the table, where PostHog uses it to select partitions.
  const query = (start: Date, end: Date): HogQL<Record<string, unknown>> => {
    const range = hogql`timestamp >= ${start} and timestamp < ${end}`
    return hogql`select ${hogql.join(selected)} from events where ${hogql.join([range, ...conditions], ' and ')}`
  }
  const stream = {
    orderBy: orderColumns,
    window: { column: 'timestamp', from, to, ...(size === undefined ? {} : { size }) },
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(after === undefined ? {} : { after }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(verifyCount === undefined ? {} : { verifyCount }),
  }
  const pages = streamPages(requester, query, options, stream, sourceOptions)
  for await (const page of pages) {
    yield {
      ...page,
      columns,
      types: columns.map((name) => page.types[page.columns.indexOf(names.get(name) ?? name)]),
      rows: page.rows.map((row) => {
        const event: Record<string, unknown> = {}
        for (const name of columns) event[name] = cellOf(name, row[names.get(name) ?? name])
        return event
      }),
    }
  }
}

function columnRef(name: EventColumn): HogQL<never> {
  const [, table, property] = /^((?:person\.)?properties)\.([\s\S]+)$/.exec(name) ?? []
  if (table === undefined || property === undefined) return hogql.ref(name)
  return table === 'properties'
    ? hogql.ref('properties', property)
    : hogql.ref('person', 'properties', property)
}

function cellOf(name: EventColumn, cell: unknown): unknown {
  if (name !== 'properties' || typeof cell !== 'string') return cell
  try {
    return parseLosslessJson(cell)
  } catch {
    return cell
  }
}
