import { EngineError } from '../engine/engine-error.ts'
import { HogqlError } from '../hogql/hogql-error.ts'
import { queryFailure } from '../resources/query/query-failure.ts'
import type { ServerState } from '../server-state.ts'
import { ApiError, envelope, invalid, methodNotAllowed, notFound, parseError } from './api-error.ts'
import { authenticate } from './auth/authenticate.ts'
import { authorize } from './auth/authorize.ts'
import { jsonResponse } from './json.ts'
import { findOpenRoute, type OpenRoute } from './open-route.ts'
import { type Call, matchRoute, type Route } from './route.ts'

/** Largest body that PostHog reads: 20 MiB. */
export const MAX_BODY_BYTES: number = 20 * 1024 * 1024

// What PostHog sends with answers under the old prefix; the day is its default setting.
const SUNSET = 'Fri, 31 Jul 2026 00:00:00 GMT'

// Anything outside /api is the web application, which answers every path with its page.
const APP_PAGE =
  '<!doctype html><html lang="en"><head><title>PostHog (local)</title></head>' +
  '<body><p>This is the local PostHog of Typehog. Its API is under /api/.</p></body></html>'

/** Makes the function that answers requests: routing, keys, throttles, then the route's own work. */
export function createHandler(
  world: ServerState,
  routes: readonly Route[],
  openRoutes: readonly OpenRoute[],
): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url)
    if (!/^\/api(?:\/|$)/.test(url.pathname)) {
      const open = findOpenRoute(openRoutes, request.method, url.pathname)
      if (open !== undefined) return open.handle({ world, request, url }).catch(errorResponse)
      return new Response(APP_PAGE, { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' } })
    }
    const alias = url.pathname.startsWith('/api/environments/')
    if (alias) url.pathname = url.pathname.replace('/api/environments/', '/api/projects/')
    const response = await answer(world, routes, request, url)
    if (alias && response.headers.get('x-typehog-no-route') === null) {
      response.headers.set('Deprecation', 'true')
      response.headers.set('Sunset', SUNSET)
      response.headers.set('Link', `<${url.pathname}>; rel="successor-version"`)
    }
    response.headers.delete('x-typehog-no-route')
    return response
  }
}

async function answer(
  world: ServerState,
  routes: readonly Route[],
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
    const read = await readBody(request)
    const credentials = read.ok ? read.body : undefined
    const action = route.methods[request.method]
    const key = route.public
      ? { value: '', kind: 'personal' as const, scopes: [] }
      : authenticate(request, url, credentials, world.keys, route.knowsSecretKeys === true)
    const project = route.public
      ? world.projectId
      : authorize(key, action ?? {}, params['project'], world.projects, route.exemptFromProjects === true)
    const call: Call = { world, request, url, params, body: credentials, key, project }
    if (!route.public) {
      const kind = typeof route.throttle === 'function' ? route.throttle(call) : route.throttle
      world.throttles.take(kind, key, project)
    }
    if (action === undefined) throw methodNotAllowed(request.method, Object.keys(route.methods))
    if (!read.ok) throw read.error
    return await action.handle(call)
  } catch (error) {
    return errorResponse(error)
  }
}

type ReadBody =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly error: ApiError }

async function readBody(request: Request): Promise<ReadBody> {
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
  if (error instanceof HogqlError) return errorResponse(invalid(null, error.message))
  if (error instanceof EngineError) return errorResponse(queryFailure(error))
  // A fault of the local PostHog itself: PostHog would hide the text, here it helps.
  const detail = `A server error occurred. ${error instanceof Error ? error.message : String(error)}`
  return errorResponse(envelope(500, 'server_error', 'error', detail))
}
