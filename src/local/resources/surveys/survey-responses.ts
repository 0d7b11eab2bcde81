import { isObject } from '../../../shared/is-object.ts'
import { createQueryParameters, isoTime } from '../../engine/sql-values.ts'
import { invalid } from '../../http/api-error.ts'
import { jsonResponse, writeJson } from '../../http/json.ts'
import { positiveInteger } from '../../http/page.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { findRecord } from '../../store/records.ts'
import { parseTimeParam } from '../events/event-table.ts'
import { readProperties } from '../persons/person-table.ts'
import { archivedResponses, surveys } from './surveys.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 500

/** Members of `extra` and their event properties. */
const EXTRA = {
  device_type: '$device_type',
  browser: '$browser',
  os: '$os',
  geoip_country_code: '$geoip_country_code',
  geoip_country_name: '$geoip_country_name',
  geoip_city_name: '$geoip_city_name',
  current_url: '$current_url',
  iteration: '$survey_iteration',
} as const

/** A question and its position. */
interface Question {
  readonly id: string
  readonly index: number
  readonly text: string
  readonly type: string
}

/** A `survey sent` event. */
interface SentEvent {
  readonly uuid: string
  readonly distinctId: string
  readonly timestamp: string
  readonly properties: JsonRecord
}

/**
 * Lists the responses to a survey: the events of a submission form one response, with the latest answer to each
 * question. Source: PostHog/posthog products/surveys/backend/responses/fetch_rows.py.
 */
export async function listResponses(call: Call): Promise<Response> {
  const { state, url } = call
  const survey = findRecord(surveys, call)
  const question = url.searchParams.get('question_id') ?? undefined
  const inScores = scoreRange(url, question)
  const limit = limitOf(url)
  const offset = positiveInteger(url.searchParams.get('offset')) ?? 0
  const asked = questionsOf(survey).filter(({ id }) => question === undefined || id === question)
  const archived =
    url.searchParams.get('exclude_archived')?.toLowerCase() === 'true' ? archivedResponses(survey) : []
  const events = asked.length === 0 && question !== undefined ? [] : await sentEvents(state, survey, url)
  const rows = submissionsOf(events)
    .map((submission) => responseRow(submission, asked))
    .filter(({ answers }) => question === undefined || answers.some(({ answer }) => answer.trim() !== ''))
    .filter(({ answers }) => inScores(answers[0]?.answer))
    .filter(({ uuid }) => !archived.includes(uuid))
  const results = rows.slice(offset, offset + limit)
  return jsonResponse(200, { results, has_more: offset + limit < rows.length, limit, offset })
}

function limitOf({ searchParams }: URL): number {
  const given = searchParams.get('limit')
  if (given === null) return DEFAULT_LIMIT
  const limit = Number(given)
  if (!Number.isInteger(limit)) throw invalid('limit', 'A valid integer is required.')
  if (limit < 1) throw invalid('limit', 'Ensure this value is greater than or equal to 1.', 'min_value')
  if (limit <= MAX_LIMIT) return limit
  throw invalid('limit', `Ensure this value is less than or equal to ${MAX_LIMIT}.`, 'max_value')
}

function scoreRange(
  { searchParams }: URL,
  question: string | undefined,
): (answer: string | undefined) => boolean {
  const [min, max] = [searchParams.get('score_gte'), searchParams.get('score_lte')]
  if (min === null && max === null) return () => true
  if (question === undefined) {
    throw invalid(null, 'score_lte and score_gte require question_id to be specified')
  }
  return (answer) => {
    const score = Number(answer)
    return (min === null || score >= Number(min)) && (max === null || score <= Number(max))
  }
}

function questionsOf({ questions }: StoredRecord): Question[] {
  return (Array.isArray(questions) ? questions : []).flatMap((question: unknown, index): Question[] => {
    if (!isObject(question)) return []
    const { id, question: text, type } = question
    return [{ id: String(id ?? ''), index, text: String(text ?? ''), type: String(type ?? 'open') }]
  })
}

/** Reads the events of a survey in the requested period, newest first. Default: from its start to its end. */
async function sentEvents(
  state: ServerState,
  survey: StoredRecord,
  { searchParams }: URL,
): Promise<SentEvent[]> {
  const { start_date, created_at, end_date } = survey
  const now = state.now()
  const time = (name: string, otherwise: unknown): string =>
    parseTimeParam(searchParams.get(name) ?? String(otherwise), name, now).toISOString()
  const parameters = createQueryParameters()
  const at = (iso: string): string => `parseDateTime64BestEffort(${parameters.add(iso)}, 6)`
  const { rows } = await state.engine.query(
    `SELECT toString(uuid), distinct_id, toString(timestamp), properties FROM ${state.engine.database}.events
     WHERE event = 'survey sent' AND JSONExtractString(properties, '$survey_id') = ${parameters.add(String(survey.id))}
     AND timestamp >= ${at(time('since', start_date ?? created_at))}
     AND timestamp <= ${at(time('until', end_date ?? now.toISOString()))} ORDER BY timestamp DESC, uuid DESC`,
    parameters.values,
  )
  return rows.map(([uuid, distinctId, timestamp, properties]) => ({
    uuid: String(uuid),
    distinctId: String(distinctId),
    timestamp: isoTime(timestamp),
    properties: readProperties(properties),
  }))
}

/** Events by submission. An event without a submission id is one of its own. */
function submissionsOf(events: readonly SentEvent[]): SentEvent[][] {
  const submissions = new Map<string, SentEvent[]>()
  for (const event of events) {
    const key = textOf(event.properties['$survey_submission_id']) ?? event.uuid
    const submission = submissions.get(key)
    if (submission === undefined) submissions.set(key, [event])
    else submission.push(event)
  }
  return [...submissions.values()]
}

interface ResponseRow extends JsonRecord {
  readonly uuid: string
  readonly answers: readonly { readonly answer: string }[]
}

function responseRow(submission: readonly SentEvent[], questions: readonly Question[]): ResponseRow {
  const [latest] = submission
  if (latest === undefined) throw new Error('A submission has no event.')
  const { uuid, distinctId, timestamp, properties } = latest
  const answers = questions.flatMap(({ id, index, text, type }) => {
    const answer = submission
      .map((event) => answerIn(event.properties, id, index))
      .find((found) => found !== undefined)
    const asked = { question_id: id, question_index: index, question_text: text, question_type: type }
    return answer === undefined ? [] : [{ ...asked, answer }]
  })
  const extra = Object.entries(EXTRA).map(([name, property]) => [name, textOf(properties[property]) ?? null])
  return {
    uuid,
    distinct_id: distinctId,
    session_id: textOf(properties['$session_id']) ?? null,
    submitted_at: timestamp,
    answers,
    extra: Object.fromEntries(extra),
  }
}

function answerIn(properties: JsonRecord, id: string, index: number): string | undefined {
  const byIndex = index === 0 ? '$survey_response' : `$survey_response_${index}`
  return textOf(properties[`$survey_response_${id}`]) ?? textOf(properties[byIndex])
}

// A query reads other values than text as JSON.
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : writeJson(value)
}
