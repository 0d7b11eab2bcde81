import { jsonResponse, stableJson } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { clickHouseTime, isoTime } from '../../sample/clickhouse-time.ts'
import { startOf } from '../events/event-window.ts'
import { personInPath } from './person-lists.ts'
import { readProperties } from './person-table.ts'

interface Point {
  readonly timestamp: string
  readonly properties: Record<string, unknown>
  relevant_event_count: number
}

/** GET how a person's properties changed: one point for each run of events with the same ones. */
export async function propertiesTimeline(call: Call): Promise<Response> {
  const { world, url } = call
  const person = await personInPath(call)
  const now = world.now()
  const from = startOf(url.searchParams.get('date_from') ?? '-30d', 'date_from', now)
  const until = startOf(url.searchParams.get('date_to') ?? now.toISOString(), 'date_to', now)
  const { rows } = await world.engine.query(
    `SELECT timestamp, person_properties FROM ${world.engine.database}.events
     WHERE person_id = {person:UUID} AND timestamp >= {from:DateTime64(3, 'UTC')}
     AND timestamp <= {until:DateTime64(3, 'UTC')} ORDER BY timestamp`,
    { person: person.uuid, from: clickHouseTime(from), until: clickHouseTime(until) },
  )
  const points: Point[] = []
  for (const [time, cell] of rows) {
    const properties = readProperties(cell)
    const last = points.at(-1)
    if (last !== undefined && stableJson(last.properties) === stableJson(properties)) {
      last.relevant_event_count += 1
    } else {
      points.push({ timestamp: isoTime(time), properties, relevant_event_count: 1 })
    }
  }
  const names = new Set(points.flatMap((point) => Object.keys(point.properties)))
  return jsonResponse(200, {
    points,
    crucial_property_keys: [...names].filter(
      (name) => new Set(points.map((point) => stableJson(point.properties[name]))).size > 1,
    ),
    effective_date_from: from.toISOString(),
    effective_date_to: until.toISOString(),
  })
}
