import {
  anything,
  checkOptions,
  type OptionCheck,
  type OptionChecks,
  text,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { type HogQL, hogql, isHogQL } from '../../runtime/hogql/hogql.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import { type HogQLOptions, hogqlChecks, hogqlOptions } from '../query/query-options.ts'
import { streamPages } from '../query/stream/query-rows.ts'
import type {
  SourceOptions,
  StreamOptions,
  StreamPage,
  StreamWindow,
} from '../query/stream/stream-options.ts'
import type { Requester } from '../requester.ts'

/** The columns of an event, as they come without `dates: 'date'`. */
export interface EventFields {
  readonly uuid: string
  readonly event: string
  /** ISO 8601 with its zone. */
  readonly timestamp: string
  readonly created_at: string
  readonly distinct_id: string
  readonly person_id: string
  readonly elements_chain: string
  readonly $session_id: string | null
  /** Taken apart, from the JSON that PostHog keeps. */
  readonly properties: Readonly<Record<string, unknown>>
}

/** A column of an event, one of its properties, or one of its person's: everything behind the dot is one name. */
export type EventColumn = keyof EventFields | `properties.${string}` | `person.properties.${string}`

/** What a property may be. PostHog makes numbers, booleans and times of those that it knows to be such. */
export type PropertyCell = string | number | boolean | null

/** An event with the columns that were asked for. */
export type EventRow<Column extends EventColumn> = {
  [Name in Column]: Name extends keyof EventFields ? EventFields[Name] : PropertyCell
}

/** The columns that an event has unless told otherwise. */
export type DefaultEventColumn = 'uuid' | 'event' | 'timestamp' | 'distinct_id' | 'properties'

/** Which events, and what of them. */
export interface EventStreamOptions<Column extends EventColumn = EventColumn>
  extends Omit<HogQLOptions, 'dates' | 'int64'>,
    Pick<StreamOptions, 'pageSize' | 'after' | 'verifyCount'>,
    Pick<StreamWindow, 'from' | 'to' | 'size'> {
  /** Only events of this name, or of one of these. Default: all. */
  readonly event?: string | readonly string[] | undefined
  /** A condition, such as ``hogql`properties.$browser = ${browser}` ``. */
  readonly where?: HogQL<unknown> | undefined
  /** Default: uuid, event, timestamp, distinct_id and properties. */
  readonly columns?: readonly Column[] | undefined
}

const defaultColumns: readonly DefaultEventColumn[] = [
  'uuid',
  'event',
  'timestamp',
  'distinct_id',
  'properties',
]
/** What tells events apart, and orders them. */
const order = ['timestamp', 'uuid'] as const

const { dates: _, int64: __, ...queryChecks } = hogqlChecks
const name = text()
const names: OptionCheck = {
  accepts: (value) => Array.isArray(value) && Array.from(value).every(name.accepts),
  expected: 'a list of names',
}
const eventChecks: OptionChecks<EventStreamOptions> = {
  ...queryChecks,
  from: anything,
  to: anything,
  size: anything,
  pageSize: anything,
  after: anything,
  verifyCount: anything,
  event: {
    accepts: (value) => name.accepts(value) || names.accepts(value),
    expected: 'a name, or a list of names',
  },
  where: { accepts: isHogQL, expected: 'a condition that the tag `hogql` made' },
  columns: names,
}

/** The events of a span of time, page by page. */
export async function* streamEvents(
  requester: Requester,
  given: EventStreamOptions,
  how: SourceOptions,
): AsyncGenerator<StreamPage<Record<string, unknown>>, undefined> {
  if (given === undefined)
    throw unexpected('The argument of `events.stream`', given, 'an object with `from` and `to`')
  checkOptions('events.stream', given, eventChecks)
  const {
    from,
    to,
    size,
    event,
    where,
    columns = defaultColumns,
    pageSize,
    after,
    verifyCount,
    ...rest
  } = given
  const options = hogqlOptions('events.stream', [rest])
  const extra = columns.filter((name) => !order.some((key) => key === name))
  const names = new Map<string, string>([
    ...order.map((name) => [name, name] as const),
    // Names of our own, for PostHog has a say in what a column may be called.
    ...extra.map((name, index) => [name, `c${index}`] as const),
  ])
  const selected = [
    ...order.map((name) => hogql.ref(name)),
    ...extra.map((name) => hogql`${columnRef(name)} as ${hogql.ref(names.get(name) ?? name)}`),
  ]
  const conditions = [
    ...(event === undefined ? [] : [hogql`event in ${hogql.list([event].flat())}`]),
    ...(where === undefined ? [] : [hogql`(\n${where}\n)`]),
  ]
  // Close to the table, where PostHog finds the days to read.
  const query = (start: Date, end: Date): HogQL<Record<string, unknown>> => {
    const span = hogql`timestamp >= ${start} and timestamp < ${end}`
    return hogql`select ${hogql.join(selected)} from events where ${hogql.join([span, ...conditions], ' and ')}`
  }
  const stream = {
    orderBy: order,
    window: { column: 'timestamp', from, to, ...(size === undefined ? {} : { size }) },
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(after === undefined ? {} : { after }),
    ...(verifyCount === undefined ? {} : { verifyCount }),
  }
  const pages = streamPages(requester, query, options, stream, how)
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
