import { bare, invalid } from '../../http/api-error.ts'
import { jsonResponse, member } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'

/** POST `last_execution_times`: when each named endpoint ran last; those that never ran are left out. */
export function lastExecutionTimes({ world, body }: Call): Response {
  const names = member(body, 'names') ?? []
  if (!Array.isArray(names)) throw invalid('names', 'Expected a list of items.')
  const wrong = names.find((name) => typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9_-]{0,127}$/.test(name))
  if (wrong !== undefined) throw invalid('names', `Invalid endpoint name: ${String(wrong)}`)
  const results = world.endpoints
    .all()
    .filter((endpoint) => names.includes(endpoint.name) && endpoint.lastExecutedAt !== null)
    .map((endpoint) => [endpoint.name, endpoint.lastExecutedAt?.toISOString()])
  const status = {
    id: '',
    team_id: world.projectId,
    complete: true,
    error: false,
    error_message: null,
    query_async: true,
  }
  return jsonResponse(200, { query_status: { ...status, results: names.length === 0 ? null : results } })
}

/** GET the execution log, newest first. */
export function executionLog({ world, params, url }: Call): Response {
  const endpoint = world.endpoints.get(params['name'] ?? '')
  const query = url.searchParams
  const limit = Number(query.get('limit') ?? 50)
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw bare(400, 'limit must be from 1 to 500')
  const levels = query.getAll('level').flatMap((value) => value.toUpperCase().split(','))
  const search = (query.get('search') ?? '').toLowerCase()
  const [after, before, instance] = [query.get('after'), query.get('before'), query.get('instance_id')]
  const lines = world.endpoints.log
    .filter((line) => line.log_source_id === endpoint.id)
    .filter((line) => levels.length === 0 || levels.includes(line.level))
    .filter((line) => line.message.toLowerCase().includes(search))
    .filter((line) => after === null || Date.parse(line.timestamp) > Date.parse(after))
    .filter((line) => before === null || Date.parse(line.timestamp) < Date.parse(before))
    .filter((line) => instance === null || line.instance_id === instance)
    .reverse()
  return jsonResponse(200, {
    count: lines.length,
    next: null,
    previous: null,
    results: lines.slice(0, limit),
  })
}
