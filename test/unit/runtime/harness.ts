import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import { resolveConfig } from '../../../src/runtime/config/resolve.ts'
import { createObserver } from '../../../src/runtime/observe/hooks.ts'
import type { Platform } from '../../../src/runtime/platform.ts'
import type { InternalCall } from '../../../src/runtime/transport/call.ts'
import { type CallResult, toResponse } from '../../../src/runtime/transport/http-response.ts'
import { createPipeline, createSharedState } from '../../../src/runtime/transport/pipeline.ts'
import { host, json, key } from '../fake-server.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

export interface Sent extends Partial<InternalCall> {
  readonly method?: string
  readonly path?: string
  readonly content?: string
  readonly headers?: Record<string, string>
}

/** Sends one request through a pipeline over the platform, for a response. */
export function sender(platform: Platform, options: ClientOptions = {}): (sent?: Sent) => Promise<Response> {
  const send = outcomes(platform, options)
  return async (sent) => toResponse(await send(sent))
}

/** Sends one request through a pipeline over the platform. */
export function outcomes(
  platform: Platform,
  options: ClientOptions = {},
): (sent?: Sent) => Promise<CallResult> {
  const config = resolveConfig({ apiKey: key, host, logger: silent, ...options }, {}, { version: '1.2.3' })
  const pipeline = createPipeline(
    config,
    platform,
    createSharedState(config, platform),
    createObserver(config),
  )
  return ({ method = 'GET', path = '/api/things/', content, headers = {}, ...call } = {}) =>
    pipeline(
      { method, url: path.startsWith('http') ? path : config.host + path, headers, body: content },
      {
        operation: `${method} /api/things/`,
        replay: method === 'GET' ? 'safe' : 'unsafe',
        body: 'buffer',
        ...call,
      },
    )
}

/** Runs everything that does not wait for a timer. */
export async function runPending(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Returns the error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<Record<string, unknown> & Error> {
  try {
    await promise
  } catch (error) {
    // Tests read any field of the error.
    if (error instanceof Error) return error as Record<string, unknown> & Error
    throw new Error(`Rejected with ${String(error)}, which is not an error`)
  }
  throw new Error('Nothing was thrown')
}

/** An error response in PostHog's standard format. */
export function envelope(
  status: number,
  code: string,
  detail: string,
  headers?: Record<string, string>,
): Response {
  const type = status === 429 ? 'throttled_error' : status >= 500 ? 'server_error' : 'validation_error'
  return json({ type, code, detail, attr: null }, status, headers)
}
