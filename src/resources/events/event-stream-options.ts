import type { HogQL } from '../../runtime/hogql/hogql.ts'
import type { HogQLOptions } from '../query/query-options.ts'
import type { StreamOptions } from '../query/stream/stream-options.ts'
import type { StreamWindow } from '../query/stream/window.ts'
import type { EventColumn } from './event-row.ts'

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
