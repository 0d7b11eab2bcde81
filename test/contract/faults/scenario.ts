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
  /** When the caller gives up, with `reason`: so many requests have come, or this happens. */
  readonly abortAt?: number | Promise<unknown>
}

export const reason: Error = new Error('the caller gave up')

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** Waits and timeouts short enough for a test, and long enough for a busy machine. */
const short = {
  logger: silent,
  retry: { initialDelay: 5, maxDelay: 20 },
  timeout: 1_000,
  idleTimeout: 500,
  totalTimeout: 8_000,
} satisfies ClientOptions

/**
 * Plays a scenario and reports what the servers saw. Checks what has to hold after every one of them: no request went
 * to another origin, every fault was met, and nothing is left open that keeps the process alive, nor a listener.
 */
export async function play(
  servers: ServerProcess,
  { faults = [], options = {}, abortAt }: Scenario,
  run: (posthog: TypehogClient, signal: AbortSignal) => Promise<unknown>,
): Promise<{ outcome: Outcome; requests: string[]; statuses: (number | undefined)[] }> {
  await servers.play(...faults)
  const timers = watchTimers()
  const controller = new AbortController()
  const posthog = createClient({ apiKey: servers.key, projectId: 1, host: servers.url, ...short, ...options })
  if (abortAt === 0) controller.abort(reason)
  const running = run(posthog, controller.signal).then(
    (value): Outcome => ({ value }),
    // Tests look at whatever fields an error has.
    (error: unknown): Outcome => ({ error: error as Record<string, unknown> & Error }),
  )
  if (abortAt !== undefined && abortAt !== 0) {
    if (typeof abortAt === 'number') while ((await servers.count()) < abortAt) await sleep(5)
    else await abortAt
    // Some way into whatever it waits for then.
    await sleep(40)
    controller.abort(reason)
  }
  const outcome = await running
  timers.stop()
  expect(timers.running()).toEqual([])
  const report = await servers.play()
  expect(report.unexpectedOrigins).toEqual([])
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
