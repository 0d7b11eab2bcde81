import { readHeaders } from '../../runtime/config/headers.ts'
import { APIError, QuotaExceededError } from '../../runtime/errors/api-errors.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { UnsentEventsError } from '../../runtime/errors/result-errors.ts'
import { publicToken } from '../project-facts.ts'
import type { CallOptions, Requester, ResponseOf } from '../requester.ts'
import { type EventToCapture, type WrittenEvent, writeEvent } from './captured-event.ts'

const route = 'POST /batch/'
/** Maximum bytes of a batch before compression (PostHog/posthog rust/capture/src/router.rs). */
const maxBatchBytes = 20_000_000
/** Bytes reserved for the JSON around the events. */
const envelopeBytes = 1_000
/** Minimum bytes of a body to compress. */
const minCompressedBytes = 1_024

/** Options of `capture` and `captureBatch`. */
export interface CaptureOptions extends CallOptions {
  /** Public token of the project. Default: Typehog reads it from PostHog and caches it. */
  readonly token?: string | undefined
  /** Marks the events as a historical migration, which PostHog does not process live. Default: `false`. */
  readonly historical?: boolean | undefined
}

/** The result of a capture. */
export interface CaptureResult {
  /** Number of events captured. */
  readonly sent: number
  /** Number of requests sent. */
  readonly requests: number
  /** UUIDs of the events, in order. */
  readonly uuids: readonly string[]
}

/**
 * Captures events in as few requests as possible. Typehog retries failed requests: PostHog deduplicates events by
 * UUID.
 */
export async function captureBatch(
  api: Requester,
  events: readonly EventToCapture[],
  { token, historical = false, ...options }: CaptureOptions = {},
): Promise<CaptureResult> {
  const all = events.map(writeEvent)
  const batches = splitIntoBatches(all)
  const api_key = all.length === 0 ? '' : await publicToken(api, token, options)
  let sent = 0
  let requests = 0
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    options.signal?.throwIfAborted()
    try {
      requests += 1
      const sent_at = new Date().toISOString()
      const head = JSON.stringify({ api_key, sent_at, ...(historical ? { historical_migration: true } : {}) })
      const json = batch.map(({ text }) => text).join(',')
      const { quota_limited: limited = [] } = await send(
        api,
        `${head.slice(0, -1)},"batch":[${json}]}`,
        options,
      )
      if (limited.length > 0) throw overQuota(limited)
      sent += batch.length
    } catch (cause) {
      options.signal?.throwIfAborted()
      // A proxy may have a lower limit than PostHog.
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
            : 'Fix the cause, then capture the events in `unsent` again. PostHog deduplicates them by UUID.',
        cause,
        sent,
        unsent,
      })
    }
  }
  return { sent, requests, uuids: all.map(({ source }) => source.uuid) }
}

/** Splits events into batches within the size limit. */
function splitIntoBatches(events: readonly WrittenEvent[]): WrittenEvent[][] {
  const batches: WrittenEvent[][] = []
  let size = 0
  events.forEach((event, index) => {
    const bytes = new TextEncoder().encode(event.text).length + 1
    if (bytes > maxBatchBytes - envelopeBytes) {
      throw new ConfigurationError({
        message: `Event ${index} has ${bytes} bytes; PostHog accepts up to ${maxBatchBytes - envelopeBytes}.`,
        fix: 'Remove large properties. Nothing was sent.',
      })
    }
    const last = batches.at(-1)
    if (last === undefined || size + bytes > maxBatchBytes - envelopeBytes) {
      batches.push([event])
      size = bytes
    } else {
      last.push(event)
      size += bytes
    }
  })
  return batches
}

/** PostHog returns 200 over quota and drops events (PostHog/posthog rust/capture/src/v0_endpoint.rs). */
function overQuota(resources: readonly string[]): QuotaExceededError {
  return new QuotaExceededError({
    operation: route,
    status: 200,
    code: 'quota_limited',
    message: `${route}: PostHog dropped events over the billing limit of ${resources.join(', ')}.`,
    fix: 'Raise the billing limit of this product, then capture the events in `unsent` again. PostHog deduplicates them by UUID.',
  })
}

async function send(api: Requester, text: string, options: CallOptions): Promise<ResponseOf<typeof route>> {
  const plain = new Blob([text], { type: 'application/json' })
  if (text.length < minCompressedBytes || typeof CompressionStream === 'undefined') {
    return api.request(route, { body: plain as never }, options)
  }
  const compressed = new Response(plain.stream().pipeThrough(new CompressionStream('gzip')))
  const bytes = new Blob([await compressed.arrayBuffer()], { type: 'application/json' })
  const headers = { ...readHeaders(options.headers, 'call'), 'content-encoding': 'gzip' }
  return api.request(route, { body: bytes as never }, { ...options, headers })
}
