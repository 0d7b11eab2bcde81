import { HogqlError } from '../../hogql/hogql-error.ts'
import { EngineError } from '../engine/sql-engine.ts'
import type { ProjectStates } from '../project-states.ts'
import { projectIds } from '../resources/organizations/projects.ts'
import {
  ApiError,
  envelope,
  hogqlError,
  invalid,
  methodNotAllowed,
  notFound,
  parseError,
  queryError,
} from './api-error.ts'
import { authenticate, authorize } from './auth.ts'
import { jsonResponse } from './json.ts'
import {
  type Call,
  findIngestRoute,
  type IngestRoute,
  MAX_BODY_BYTES,
  matchRoute,
  type Route,
} from './route.ts'
import type { ScopeLog } from './scope-log.ts'

// The Sunset header of responses under the old prefix; the date is PostHog's default setting.
const SUNSET = 'Fri, 31 Jul 2026 00:00:00 GMT'

// Outside /api, PostHog serves the page of its web application on every path.
const APP_PAGE =
  '<!doctype html><html lang="en"><head><title>PostHog (local)</title></head>' +
  '<body><p>This is the local PostHog of Typehog. Its API is under /api/.</p></body></html>'

/** Creates the handler of the API: matches a route, checks the key and the rate limit, calls the action. */
export function createApiHandler(
  states: ProjectStates,
  routes: readonly Route[],
  ingestRoutes: readonly IngestRoute[],
  scopes: ScopeLog,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url)
    if (!/^\/api(?:\/|$)/.test(url.pathname)) {
      const route = findIngestRoute(ingestRoutes, request.method, url.pathname)
      if (route !== undefined) {
        return route.handle({ state: states.current, stateOf: states.of, request, url }).catch(errorResponse)
      }
      return new Response(APP_PAGE, { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' } })
    }
    const isOldPrefix = url.pathname.startsWith('/api/environments/')
    if (isOldPrefix) url.pathname = url.pathname.replace('/api/environments/', '/api/projects/')
    const response = await handleApiRequest(states, routes, scopes, request, url)
    if (isOldPrefix && response.headers.get('x-typehog-no-route') === null) {
      response.headers.set('Deprecation', 'true')
      response.headers.set('Sunset', SUNSET)
      response.headers.set('Link', `<${url.pathname}>; rel="successor-version"`)
    }
    response.headers.delete('x-typehog-no-route')
    return response
  }
}

async function handleApiRequest(
  states: ProjectStates,
  routes: readonly Route[],
  scopes: ScopeLog,
  request: Request,
  url: URL,
): Promise<Response> {
  const match = matchRoute(routes, url.pathname.slice('/api/'.length))
  if (match === undefined || (match.route.public && !url.pathname.endsWith('/'))) {
    const error = notFound('Endpoint not found.')
    return jsonResponse(error.status, error.body, { 'x-typehog-no-route': '1' })
  }
  try {
    const { route, params } = match
    const parsed = await readJsonBody(request)
    const body = parsed.ok ? parsed.body : undefined
    const action = route.methods[request.method]
    const { current } = states
    const key = route.public
      ? { value: '', kind: 'personal' as const, scopes: [] }
      : authenticate(request, url, body, current.keys, route.acceptsSecretKeys === true)
    if (!route.public && action?.scope !== undefined) scopes.add(action.scope)
    const project = route.public
      ? current.projectId
      : authorize(key, action ?? {}, params['project'], projectIds(current), route.allowsScopedKeys === true)
    const state = await states.of(project)
    const call: Call = { state, request, url, params, body, key, project }
    if (!route.public) {
      const kind = typeof route.throttle === 'function' ? route.throttle(call) : route.throttle
      state.throttles.take(kind, key, project)
    }
    if (action === undefined) throw methodNotAllowed(request.method, Object.keys(route.methods))
    if (!parsed.ok) throw parsed.error
    return await action.handle(call)
  } catch (error) {
    return errorResponse(error)
  }
}

type ParsedBody =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly error: ApiError }

/** Reads the body without throwing: PostHog reports key errors before body errors. */
async function readJsonBody(request: Request): Promise<ParsedBody> {
  if (request.body === null) return { ok: true, body: undefined }
  const text = await request.text()
  if (text.length > MAX_BODY_BYTES) {
    return { ok: false, error: invalid(null, 'Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.') }
  }
  if (text.trim() === '') return { ok: true, body: undefined }
  try {
    return { ok: true, body: JSON.parse(text) as unknown }
  } catch (error) {
    return { ok: false, error: parseError(error instanceof Error ? error.message : String(error)) }
  }
}

function errorResponse(error: unknown): Response {
  if (error instanceof ApiError) return jsonResponse(error.status, error.body, error.headers)
  if (error instanceof HogqlError) return errorResponse(hogqlError(error))
  if (error instanceof EngineError) return errorResponse(queryError(error))
  // A bug in the local PostHog. PostHog hides the message; here it helps.
  const detail = `A server error occurred. ${error instanceof Error ? error.message : String(error)}`
  return errorResponse(envelope(500, 'server_error', 'error', detail))
}
