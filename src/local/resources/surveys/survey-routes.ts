import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { list } from '../../store/fields.ts'
import { readField } from '../../store/read-fields.ts'
import { changeRecord, findRecord, recordsOf } from '../../store/records.ts'
import {
  actionRoute,
  listActivityRoute,
  recordActivityRoute,
  recordResponse,
  resourceRoutes,
} from '../../store/resource-routes.ts'
import { checkProject } from '../organizations/projects.ts'
import { listResponses } from './survey-responses.ts'
import { responseCounts, surveyStats } from './survey-stats.ts'
import { archivedResponses, createInternalFlag, surveys } from './surveys.ts'

const SURVEY = `${surveys.path}/:id`
const RESPONSE = `${SURVEY}/responses/:response`

/** Surveys, their statistics and their responses. */
export const surveyRoutes: readonly Route[] = [
  listActivityRoute(surveys),
  actionRoute('GET', `${surveys.path}/responses_count`, 'survey:read', countResponses),
  actionRoute('GET', `${surveys.path}/stats`, 'survey:read', async ({ state, url }) =>
    jsonResponse(200, await surveyStats(state, rangeOf(url))),
  ),
  ...resourceRoutes(surveys),
  recordActivityRoute(surveys),
  actionRoute('POST', `${SURVEY}/launch`, 'survey:write', launch),
  actionRoute('POST', `${SURVEY}/stop`, 'survey:write', stop),
  actionRoute('GET', `${SURVEY}/responses`, 'survey:read query:read', listResponses),
  actionRoute('GET', `${SURVEY}/stats`, 'survey:read', stats),
  actionRoute('GET', `${SURVEY}/archived-response-uuids`, 'survey:read', (call) =>
    jsonResponse(200, archivedResponses(findRecord(surveys, call))),
  ),
  actionRoute('POST', `${SURVEY}/duplicate_to_projects`, 'survey:write', duplicate),
  actionRoute('POST', `${RESPONSE}/archive`, 'survey:write', (call) => archive(call, true)),
  actionRoute('POST', `${RESPONSE}/unarchive`, 'survey:write', (call) => archive(call, false)),
]

// Source of both: PostHog/posthog products/surveys/backend/api/survey.py.
async function launch(call: Call): Promise<Response> {
  const survey = findRecord(surveys, call)
  const { archived, start_date, end_date } = survey
  if (archived === true) throw invalid(null, 'Cannot launch an archived survey. Unarchive it first.')
  if (typeof end_date === 'string' && Date.parse(end_date) <= call.state.now().getTime()) {
    throw invalid(null, 'Cannot launch a survey with end_date in the past. Extend the end_date first.')
  }
  return changeOnce(call, survey, start_date, 'start_date', 'launched')
}

async function stop(call: Call): Promise<Response> {
  const survey = findRecord(surveys, call)
  if (survey['archived'] === true) {
    throw invalid(null, 'Cannot stop an archived survey. Unarchive it first if needed.')
  }
  return changeOnce(call, survey, survey['end_date'], 'end_date', 'stopped')
}

/** Sets a date of a survey to now, unless it has one. */
async function changeOnce(
  call: Call,
  survey: StoredRecord,
  known: unknown,
  name: string,
  activity: string,
): Promise<Response> {
  if (typeof known === 'string') return recordResponse(surveys, call, survey)
  const change: JsonRecord = { [name]: call.state.now().toISOString() }
  return recordResponse(surveys, call, await changeRecord(surveys, call, survey, change, activity))
}

async function countResponses(call: Call): Promise<Response> {
  const counts = await responseCounts(call.state)
  const withoutArchived = call.url.searchParams.get('exclude_archived') === 'true'
  const bySurvey = recordsOf(surveys, call)
    .all()
    .map((survey) => {
      const archived = withoutArchived ? archivedResponses(survey).length : 0
      return [survey.id, Math.max(0, (counts.get(String(survey.id)) ?? 0) - archived)] as const
    })
  return jsonResponse(200, Object.fromEntries(bySurvey.filter(([, count]) => count > 0)))
}

function rangeOf(url: URL): { from: string | null; to: string | null } {
  return { from: url.searchParams.get('date_from'), to: url.searchParams.get('date_to') }
}

async function stats(call: Call): Promise<Response> {
  const { id, start_date, end_date } = findRecord(surveys, call)
  const counted = await surveyStats(call.state, { survey: String(id), ...rangeOf(call.url) })
  return jsonResponse(200, { survey_id: id, start_date, end_date, ...counted })
}

async function duplicate(call: Call): Promise<Response> {
  const survey = findRecord(surveys, call)
  const targets = (readField('target_team_ids', list(), call.body) as unknown[]).map((id) =>
    checkProject(call.state, id, 'target_team_ids'),
  )
  const created: StoredRecord[] = []
  for (const team of targets) created.push(await copyTo(call, survey, team))
  await call.state.persist()
  const created_surveys = created.map(({ id, name, team_id }) => ({ id, name, team_id }))
  return jsonResponse(200, { created_surveys, count: created.length })
}

// A copy is a draft, without the flags of the original.
async function copyTo(call: Call, { id, ...survey }: StoredRecord, team: number): Promise<StoredRecord> {
  const now = call.state.now().toISOString()
  const fresh = { start_date: null, end_date: null, archived: false, archived_responses: [] }
  const flags = { linked_flag_id: null, targeting_flag_id: null, linked_insight_id: null }
  const internal =
    team === call.state.projectId ? await createInternalFlag(call, { ...survey, ...fresh }) : null
  const created = { team_id: team, created_at: now, updated_at: now, internal_targeting_flag: internal }
  const copy = { ...survey, ...fresh, ...flags, ...created }
  return collectionOf(call.state, surveys.kind, team).add(copy)
}

async function archive(call: Call, isArchived: boolean): Promise<Response> {
  const survey = findRecord(surveys, call)
  const response = call.params['response'] ?? ''
  const others = archivedResponses(survey).filter((uuid) => uuid !== response)
  recordsOf(surveys, call).change(survey.id, {
    archived_responses: isArchived ? [...others, response] : others,
  })
  await call.state.persist()
  return jsonResponse(200, { success: true })
}
