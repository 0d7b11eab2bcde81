import { isoTime } from '../../engine/sql-values.ts'
import { invalid } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import { readProperties } from '../persons/person-table.ts'

/** An event as the API returns it. */
export type EventView = Readonly<Record<string, unknown>> & { readonly timestamp: string }

const COLUMNS =
  'uuid, event, timestamp, distinct_id, properties, elements_chain, person_is_identified, person_properties'

/** Reads the events that match conditions on the columns of the events table. */
export async function readEvents(
  state: ServerState,
  {
    where,
    order,
    limit,
  }: { readonly where: readonly string[]; readonly order: string; readonly limit: number },
  parameters: Readonly<Record<string, string>>,
): Promise<EventView[]> {
  const { rows } = await state.engine.query(
    `SELECT ${COLUMNS} FROM ${state.engine.database}.events WHERE ${['1', ...where].join(' AND ')}
     ORDER BY timestamp ${order}, uuid ${order} LIMIT ${limit}`,
    parameters,
  )
  return rows.map(([uuid, event, time, distinctId, properties, chain, identified, person]) => ({
    id: uuid,
    distinct_id: distinctId,
    properties: readProperties(properties),
    event,
    timestamp: isoTime(time),
    person: {
      is_identified: identified,
      distinct_ids: [distinctId],
      properties: readProperties(person),
    },
    elements: [],
    elements_chain: chain,
  }))
}

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  m: 30 * 86_400_000,
}

/** Parses a time parameter: an ISO time, or an offset from now such as `-7d`. */
export function parseTimeParam(text: string, name: string, now: Date): Date {
  const relative = /^-(\d{1,6})([hdwm])$/.exec(text)
  const unit = UNIT_MS[relative?.[2] ?? '']
  if (unit !== undefined) return new Date(now.getTime() - Number(relative?.[1]) * unit)
  // A time without a zone is in the project's time zone, UTC.
  const zoned = /[zZ]$|[+-]\d\d:?\d\d$/.test(text) || !text.includes(':') ? text : `${text}Z`
  const time = new Date(zoned.replace(' ', 'T'))
  if (Number.isNaN(time.getTime())) throw invalid(name, 'Invalid datetime format.')
  return time
}
