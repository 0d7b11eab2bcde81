import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type ClientOptions, createClient, type TypehogClient } from '../../../src/index.ts'
import type { Fault } from '../../../src/local/faults/fault.ts'
import type { ServerProcess } from './server-process.ts'
import { watchTimers } from './timers.ts'

/** What a call came to: its value, or its error. */
export type Outcome = { readonly value: unknown } | { readonly error: Record<string, unknown> & Error }

export interface Scenario {
  readonly faults?: readonly Fault[]
  readonly options?: ClientOptions
  /** Milliseconds after which the caller gives up, with `reason`. */
  readonly abortAfter?: number
}

export const reason: Error = new Error('the caller gave up')

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** Waits and timeouts short enough for a test, and long enough for a busy machine. */
const short = {
  logger: silent,
  retry: { initialDelay: 5, maxDelay: 20 },
  timeout: 400,
  idleTimeout: 200,
  totalTimeout: 5_000,
} satisfies ClientOptions

/**
 * Plays a scenario and reports what the servers saw. Checks what has to hold after every one of them: no request went
 * to another origin, every fault was met, and nothing is left open that keeps the process alive, nor a listener.
 */
export async function play(
  servers: ServerProcess,
  { faults = [], options = {}, abortAfter }: Scenario,
  run: (posthog: TypehogClient, signal: AbortSignal) => Promise<unknown>,
): Promise<{ outcome: Outcome; requests: string[]; statuses: (number | undefined)[] }> {
  await servers.play(...faults)
  const timers = watchTimers()
  const controller = new AbortController()
  const posthog = createClient({ apiKey: servers.key, projectId: 1, host: servers.url, ...short, ...options })
  const timer = abortAfter === undefined ? undefined : setTimeout(() => controller.abort(reason), abortAfter)
  if (abortAfter === 0) controller.abort(reason)
  const outcome = await run(posthog, controller.signal).then(
    (value): Outcome => ({ value }),
    // Tests look at whatever fields an error has.
    (error: unknown): Outcome => ({ error: error as Record<string, unknown> & Error }),
  )
  clearTimeout(timer)
  timers.stop()
  expect(timers.running()).toEqual([])
  const report = await servers.play()
  expect(report.strangers).toEqual([])
  expect(report.pending).toBe(0)
  expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  // Sockets close in their own time.
  for (let left = 100; left > 0 && connections() > 0; left--) await sleep(10)
  expect(connections()).toBe(0)
  return {
    outcome,
    requests: report.requests.map(({ method, path }) => `${method} ${path}`),
    statuses: report.requests.map(({ status }) => status),
  }
}

/** Connections that keep this process alive. Idle ones, which `fetch` keeps for later, do not. */
function connections(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
}
