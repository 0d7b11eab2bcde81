import { isObject } from '../../shared/is-object.ts'
import { jsonResponse } from '../http/json.ts'
import type { IngestCall, IngestRoute } from '../http/route.ts'
import { projectOfToken } from '../resources/organizations/projects.ts'
import { parseCapturedEvent, type SendTimes } from './captured-event.ts'
import { evaluateFlags } from './evaluate-flags.ts'
import { addDistinctIdsOf } from './person-updates.ts'
import {
  MAX_BATCH_BYTES,
  MAX_EVENT_BYTES,
  PlainTextError,
  plainTextResponse,
  readIngestBody,
} from './request-body.ts'
import { storeEvents } from './store-events.ts'

/** The ingestion routes. A token identifies the project. */
export const ingestRoutes: readonly IngestRoute[] = [
  ...['/i/v0/e/', '/e/', '/capture/', '/track/', '/engage/'].map(
    (path): IngestRoute => ({ method: 'POST', path, handle: (call) => capture(call, MAX_EVENT_BYTES) }),
  ),
  { method: 'POST', path: '/batch/', handle: (call) => capture(call, MAX_BATCH_BYTES) },
  { method: 'POST', path: '/flags/', handle: evaluateFlags },
  { method: 'POST', path: '/decide/', handle: evaluateFlags },
]

/** Stores all events of a request, or none. Like PostHog, accepts an unknown token and drops its events. */
async function capture({ state, stateOf, request, url }: IngestCall, maxBytes: number): Promise<Response> {
  try {
    const body = await readIngestBody(request, url, maxBytes)
    const raw = eventsIn(body)
    const project = projectOfToken(state, tokenOf(body, raw))
    const now = state.now()
    const times: SendTimes = { now, sentAt: sentAtOf(body) }
    const events = raw.map((event) => parseCapturedEvent(event, times))
    if (project !== undefined) {
      const target = await stateOf(project)
      if (!target.engine.available) {
        throw new PlainTextError(
          503,
          'The local PostHog stores events with the optional package chdb, which is not installed. ' +
            'Install it: npm i -D chdb',
        )
      }
      const distinctIds = new Set<string>()
      for (const event of events) addDistinctIdsOf(event, distinctIds)
      await storeEvents(target, events, { distinctIds, uuids: events.map(({ uuid }) => uuid) })
    }
  } catch (error) {
    if (error instanceof PlainTextError) return plainTextResponse(error.status, error.message)
    throw error
  }
  if (url.searchParams.get('beacon') === '1') return new Response(null, { status: 204 })
  return jsonResponse(200, { status: 'Ok' })
}

function eventsIn(body: unknown): readonly unknown[] {
  const list = Array.isArray(body) ? body : isObject(body) && 'batch' in body ? body['batch'] : [body]
  if (!Array.isArray(list)) throw new PlainTextError(400, 'The batch is not a list')
  if (list.length === 0) throw new PlainTextError(400, 'The batch is empty')
  return list
}

function tokenOf(body: unknown, events: readonly unknown[]): string {
  const tokens = new Set(
    [body, ...events].flatMap((source) => {
      if (!isObject(source)) return []
      const properties = isObject(source['properties']) ? source['properties'] : {}
      return [source['api_key'] ?? source['token'] ?? properties['token'] ?? []].flat()
    }),
  )
  const [token, ...others] = tokens
  if (typeof token !== 'string' || token === '') {
    throw new PlainTextError(401, 'The request has no API token')
  }
  if (others.length > 0) throw new PlainTextError(401, 'The events have different API tokens')
  if (token.length > 64 || /^phx_|\s|[^\x20-\x7e]/.test(token)) {
    throw new PlainTextError(401, 'The API token is not a project token')
  }
  return token
}

function sentAtOf(body: unknown): Date | undefined {
  const text = isObject(body) ? body['sent_at'] : undefined
  const time = new Date(typeof text === 'string' ? text : Number.NaN)
  return Number.isNaN(time.getTime()) ? undefined : time
}
