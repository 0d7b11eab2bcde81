import { isoTime } from '../../engine/sql-values.ts'
import type { ServerState } from '../../server-state.ts'
import type { JsonRecord } from '../../store/collection.ts'

const SHOWN = 'survey shown'
const DISMISSED = 'survey dismissed'
const SENT = 'survey sent'
const NOTHING = { total: 0, persons: 0, first: null, last: null }

interface Counts {
  readonly total: number
  readonly persons: number
  readonly first: unknown
  readonly last: unknown
}

/** The survey and the period to count. */
export interface StatsRange {
  /** Default: all surveys. */
  readonly survey?: string
  readonly from: string | null
  readonly to: string | null
}

/** Counts how often surveys were shown, dismissed and answered, from their events. */
export async function surveyStats(state: ServerState, range: StatsRange): Promise<JsonRecord> {
  const counts = await countsOf(state, range)
  const of = (event: string): Counts => counts.get(event) ?? NOTHING
  const rate = (part: number, total: number): number =>
    total === 0 ? 0 : Math.round((part / total) * 10_000) / 100
  const describe = ({ total, persons, first, last }: Counts): JsonRecord => ({
    total_count: total,
    unique_persons: persons,
    first_seen: first,
    last_seen: last,
  })
  const [shown, dismissed, sent] = [of(SHOWN), of(DISMISSED), of(SENT)]
  return {
    stats: { [SHOWN]: describe(shown), [DISMISSED]: describe(dismissed), [SENT]: describe(sent) },
    rates: {
      response_rate: rate(sent.total, shown.total),
      dismissal_rate: rate(dismissed.total, shown.total),
      unique_users_response_rate: rate(sent.persons, shown.persons),
      unique_users_dismissal_rate: rate(dismissed.persons, shown.persons),
    },
  }
}

async function countsOf(state: ServerState, { survey, from, to }: StatsRange): Promise<Map<string, Counts>> {
  const conditions = [`event IN ('${SHOWN}', '${DISMISSED}', '${SENT}')`]
  const parameters: Record<string, string> = {}
  const add = (condition: string, name: string, value: string | null | undefined): void => {
    if (value === null || value === undefined) return
    conditions.push(condition)
    parameters[name] = value
  }
  add("JSONExtractString(properties, '$survey_id') = {survey:String}", 'survey', survey)
  add('timestamp >= parseDateTime64BestEffort({from:String}, 6)', 'from', from)
  add('timestamp <= parseDateTime64BestEffort({to:String}, 6)', 'to', to)
  const sql = `SELECT event, count(), uniqExact(person_id), toString(min(timestamp)), toString(max(timestamp))
FROM ${state.engine.database}.events WHERE ${conditions.join(' AND ')} GROUP BY event`
  const { rows } = await state.engine.query(sql, parameters)
  return new Map(
    rows.map(([event, total, persons, first, last]) => [
      String(event),
      { total: Number(total), persons: Number(persons), first: isoTime(first), last: isoTime(last) },
    ]),
  )
}

/** Counts the responses of each survey. */
export async function responseCounts(state: ServerState): Promise<Map<string, number>> {
  const sql = `SELECT JSONExtractString(properties, '$survey_id') AS survey, count()
FROM ${state.engine.database}.events WHERE event = '${SENT}' GROUP BY survey`
  const { rows } = await state.engine.query(sql, {})
  return new Map(rows.map(([survey, count]) => [String(survey), Number(count)]))
}
