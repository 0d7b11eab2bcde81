import { isoTime } from '../../sample/clickhouse-time.ts'
import type { ServerState } from '../../server-state.ts'
import { readProperties } from '../persons/person-table.ts'

/** An event as the API shows it. */
export type EventView = Readonly<Record<string, unknown>> & { readonly timestamp: string }

const COLUMNS =
  'uuid, event, timestamp, distinct_id, properties, elements_chain, person_is_identified, person_properties'

/** Events that fit conditions on the columns of the events table. */
export async function readEvents(
  world: ServerState,
  {
    where,
    order,
    limit,
  }: { readonly where: readonly string[]; readonly order: string; readonly limit: number },
  parameters: Readonly<Record<string, string>>,
): Promise<EventView[]> {
  const { rows } = await world.engine.query(
    `SELECT ${COLUMNS} FROM ${world.engine.database}.events WHERE ${['1', ...where].join(' AND ')}
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
