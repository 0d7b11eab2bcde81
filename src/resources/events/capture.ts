import { readHeaders } from '../../runtime/config/headers.ts'
import { APIError, QuotaExceededError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { UnsentEventsError } from '../../runtime/errors/result-errors.ts'
import { publicToken } from '../project-facts.ts'
import type { CallOptions, Requester, ResponseOf } from '../requester.ts'
import { type EventToCapture, type WrittenEvent, writeEvent } from './captured-event.ts'

const route = 'POST /batch/'
/** Bytes of a batch that PostHog takes, before compression (PostHog/posthog rust/capture/src/router.rs). */
const mostBytes = 20_000_000
/** Bytes for what surrounds the events. */
const envelope = 1_000
/** Bytes of a request from which compressing pays. */
const worthCompressing = 1_024

/** Options of capturing. */
export interface CaptureOptions extends CallOptions {
  /** The project's public token. Default: the client's project is asked for it, once. */
  readonly token?: string | undefined
  /** Data of the past, which is not processed live. Default: `false`. */
  readonly historical?: boolean | undefined
}

/** What was captured. */
export interface Captured {
  readonly sent: number
  /** Requests that it took. */
  readonly requests: number
  /** In the order of the events. */
  readonly uuids: readonly string[]
}

/**
 * Captures events, in as few requests as PostHog takes. Sent again after failures like any read: their uuids keep them
 * from counting twice.
 */
export async function captureBatch(
  api: Requester,
  events: readonly EventToCapture[],
  { token, historical = false, ...options }: CaptureOptions = {},
): Promise<Captured> {
  const all = events.map(writeEvent)
  const batches = inBatches(all)
  const api_key = all.length === 0 ? '' : await publicToken(api, token, options)
  let sent = 0
  let requests = 0
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    options.signal?.throwIfAborted()
    try {
      requests += 1
      const sent_at = new Date().toISOString()
      const head = JSON.stringify({ api_key, sent_at, ...(historical ? { historical_migration: true } : {}) })
      const list = batch.map(({ text }) => text).join(',')
      const { quota_limited: limited = [] } = await send(
        api,
        `${head.slice(0, -1)},"batch":[${list}]}`,
        options,
      )
      if (limited.length > 0) throw overQuota(limited)
      sent += batch.length
    } catch (cause) {
      options.signal?.throwIfAborted()
      // Something before PostHog takes less than PostHog.
      if (cause instanceof APIError && cause.status === 413 && batch.length > 1) {
        const half = Math.ceil(batch.length / 2)
        batches.unshift(batch.slice(0, half), batch.slice(half))
        continue
      }
      const unsent = [...batch, ...batches.flat()].map(({ source }) => source)
      throw new UnsentEventsError({
        message: `${unsent.length} of ${all.length} events were not captured: ${cause instanceof Error ? cause.message : String(cause)}`,
        fix:
          cause instanceof QuotaExceededError && cause.fix !== undefined
            ? cause.fix
            : 'Capture those in `unsent` again when what failed is mended; their uuids keep them from counting twice.',
        cause,
        sent,
        unsent,
      })
    }
  }
  return { sent, requests, uuids: all.map(({ source }) => source.uuid) }
}

/** Lists of events that are within the limit each. */
function inBatches(events: readonly WrittenEvent[]): WrittenEvent[][] {
  const batches: WrittenEvent[][] = []
  let size = 0
  events.forEach((event, index) => {
    const bytes = new TextEncoder().encode(event.text).length + 1
    if (bytes > mostBytes - envelope) {
      throw new ConfigurationError({
        message: `Event ${index} has ${bytes} bytes, which is more than PostHog takes.`,
        fix: 'Leave large properties out. Nothing was sent.',
      })
    }
    const last = batches.at(-1)
    if (last === undefined || size + bytes > mostBytes - envelope) {
      batches.push([event])
      size = bytes
    } else {
      last.push(event)
      size += bytes
    }
  })
  return batches
}

/** PostHog answers 200 over quota and drops events (PostHog/posthog rust/capture/src/v0_endpoint.rs). */
function overQuota(resources: readonly string[]): QuotaExceededError {
  return new QuotaExceededError({
    operation: route,
    status: 200,
    code: 'quota_limited',
    message: `${route}: PostHog dropped events over the billing limit of ${resources.join(', ')}.`,
    fix: 'Raise the billing limit of this product, then capture those in `unsent` again; their uuids keep them from counting twice.',
  })
}

async function send(api: Requester, text: string, options: CallOptions): Promise<ResponseOf<typeof route>> {
  const plain = new Blob([text], { type: 'application/json' })
  if (text.length < worthCompressing || typeof CompressionStream === 'undefined') {
    return api.request(route, { body: plain as never }, options)
  }
  const compressed = new Response(plain.stream().pipeThrough(new CompressionStream('gzip')))
  const bytes = new Blob([await compressed.arrayBuffer()], { type: 'application/json' })
  const headers = { ...readHeaders(options.headers), 'content-encoding': 'gzip' }
  return api.request(route, { body: bytes as never }, { ...options, headers })
}
