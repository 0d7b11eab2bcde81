import { alias, join, parseFields } from './field-table.ts'
import type { Table } from './table.ts'

/*
 * Events of AI observability, with their properties as columns. PostHog drops its rows after a retention time; the local
 * PostHog keeps them.
 *
 * Source: posthog/hogql/database/schema/ai_events.py, posthog/models/ai_events/sql.py and
 * nodejs/src/ingestion/ai/process-ai-event.ts of PostHog/posthog.
 */

const TEXTS = `session_id parent_id span_id span_type generation_id span_name trace_name prompt_name model provider
  framework error error_type error_normalized`
const COUNTS = `total_tokens input_tokens output_tokens text_input_tokens text_output_tokens image_input_tokens
  image_output_tokens audio_input_tokens audio_output_tokens video_input_tokens video_output_tokens reasoning_tokens
  cache_read_input_tokens cache_creation_input_tokens web_search_count`
const NUMBERS = `input_cost_usd output_cost_usd total_cost_usd request_cost_usd web_search_cost_usd audio_cost_usd
  image_cost_usd video_cost_usd latency time_to_first_token`
/** Long values, which the properties of the table leave out. */
const CONTENTS = 'input output output_choices input_state output_state tools'

const words = (text: string): readonly string[] => text.split(/\s+/)
const columns = (names: string, column: (name: string) => string): readonly string[] =>
  words(names).map((name) => `${column(name)} AS ${name}`)
const typed = (type: string) => (name: string) =>
  `JSONExtract(events.properties, '$ai_${name}', 'Nullable(${type})')`

const contentKeys = words(CONTENTS).map((name) => `'$ai_${name}'`)
const shortProperties = `concat('{', arrayStringConcat(arrayMap(x -> concat('"', x.1, '":', x.2), arrayFilter(x -> x.1 NOT IN (${contentKeys.join(', ')}), JSONExtractKeysAndValuesRaw(events.properties))), ','), '}')`

const lines = (names: string, type: string): string =>
  words(names)
    .map((name) => `${name} ${type}`)
    .join('\n')

/** The table `posthog.ai_events`. */
export const AI_EVENTS: Table = {
  name: 'posthog.ai_events',
  source: {
    kind: 'query',
    hogql: `SELECT ${[
      'uuid',
      'event',
      'timestamp',
      'team_id',
      'distinct_id',
      'person_id',
      `${shortProperties} AS properties`,
      '30 AS retention_days',
      `JSONExtractString(events.properties, '$ai_trace_id') AS trace_id`,
      ...columns(TEXTS, typed('String')),
      ...columns(COUNTS, typed('Int64')),
      ...columns(NUMBERS, typed('Float64')),
      `JSONExtractRaw(events.properties, '$ai_is_error') IN ('true', '"true"') AS is_error`,
      ...columns(CONTENTS, (name) => `nullIf(JSONExtractRaw(events.properties, '$ai_${name}'), '')`),
    ].join(', ')} FROM events WHERE startsWith(event, '$ai_')`,
  },
  fields: {
    ...parseFields(`
      uuid String
      event String
      timestamp DateTime
      team_id Integer
      distinct_id String
      person_id String
      properties Json
      retention_days Integer
      trace_id String
      ${lines(TEXTS, 'String?')}
      ${lines(COUNTS, 'Integer?')}
      ${lines(NUMBERS, 'Float?')}
      is_error Boolean
      ${lines(CONTENTS, 'Json?')}
    `),
    pdi: join('distinct_id', 'person_distinct_ids', 'distinct_id'),
    person: alias('pdi', 'person'),
  },
}
