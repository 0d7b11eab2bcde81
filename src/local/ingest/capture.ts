import { isObject, jsonResponse } from '../http/json.ts'
import type { OpenCall } from '../http/open-route.ts'
import { projectOfToken } from '../resources/organizations/projects.ts'
import { readCaptured, type SendTimes } from './captured-event.ts'
import { PlainError, plainResponse } from './plain-error.ts'
import { readOpenBody } from './read-open-body.ts'
import { storeEvents } from './store-events.ts'

const MIB = 1024 * 1024

/** Largest body of one event, and of a batch. */
export const SINGLE_BYTES: number = 2 * MIB
export const BATCH_BYTES: number = 20 * MIB

/** Takes events: all of a request, or none. An unknown token is taken too, and its events are dropped. */
export async function capture({ world, request, url }: OpenCall, most: number): Promise<Response> {
  try {
    const body = await readOpenBody(request, url, most)
    const raw = eventsIn(body)
    const project = projectOfToken(world, tokenOf(body, raw))
    const now = world.now()
    const times: SendTimes = { now, sentAt: sentAtOf(body) }
    const events = raw.map((event) => readCaptured(event, times))
    if (project !== undefined) {
      if (!world.engine.available) {
        throw new PlainError(503, 'The local PostHog keeps events with the package chdb: npm i -D chdb')
      }
      await storeEvents(world, project, events)
    }
  } catch (error) {
    if (error instanceof PlainError) return plainResponse(error.status, error.message)
    throw error
  }
  if (url.searchParams.get('beacon') === '1') return new Response(null, { status: 204 })
  return jsonResponse(200, { status: 'Ok' })
}

function eventsIn(body: unknown): readonly unknown[] {
  const list = Array.isArray(body) ? body : isObject(body) && 'batch' in body ? body['batch'] : [body]
  if (!Array.isArray(list)) throw new PlainError(400, 'The batch is not a list')
  if (list.length === 0) throw new PlainError(400, 'The batch is empty')
  return list
}

function tokenOf(body: unknown, events: readonly unknown[]): string {
  const tokens = new Set(
    [body, ...events].flatMap((holder) => {
      if (!isObject(holder)) return []
      const properties = isObject(holder['properties']) ? holder['properties'] : {}
      return [holder['api_key'] ?? holder['token'] ?? properties['token'] ?? []].flat()
    }),
  )
  const [token, ...others] = tokens
  if (typeof token !== 'string' || token === '') throw new PlainError(401, 'The request has no API token')
  if (others.length > 0) throw new PlainError(401, 'The events have different API tokens')
  if (token.length > 64 || /^phx_|\s|[^\x20-\x7e]/.test(token)) {
    throw new PlainError(401, 'The API token is not a project token')
  }
  return token
}

function sentAtOf(body: unknown): Date | undefined {
  const text = isObject(body) ? body['sent_at'] : undefined
  const time = new Date(typeof text === 'string' ? text : Number.NaN)
  return Number.isNaN(time.getTime()) ? undefined : time
}
