import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type ClientOptions, createClient, type TypehogClient } from '../../../src/index.ts'
import type { Fault } from '../../../src/local/faults/fault.ts'
import type { ServerProcess } from './server-process.ts'

type Call = (posthog: TypehogClient, signal: AbortSignal) => Promise<unknown>

/** Reads a list. */
export const read: Call = (posthog, signal) =>
  posthog.request('GET /api/projects/{project_id}/endpoints/', {}, { signal })

/** The request that `read` sends. */
export const readRequest = 'GET /api/projects/1/endpoints/'

let created = 0
/** Creates a variable, which must not happen twice. */
export const write: Call = (posthog, signal) =>
  posthog.request(
    'POST /api/projects/{project_id}/insight_variables/',
    { body: { name: `v${++created}`, type: 'String' } },
    { signal },
  )

/** The request that `write` sends. */
export const writeRequest = 'POST /api/projects/1/insight_variables/'

/** Returns the names in all pages of a list. */
export const listNames: Call = async (posthog, signal) => {
  const names: string[] = []
  for await (const { name } of posthog.endpoints.list({}, { signal })) names.push(name)
  return names
}

/** The value or the error of a call. */
export type Outcome = { readonly value: unknown } | { readonly error: Record<string, unknown> & Error }

export interface Scenario {
  readonly faults?: readonly Fault[]
  readonly options?: ClientOptions
  /** Aborts the call with `abortReason` after this number of requests, or when this promise settles. */
  readonly abortAfter?: number | Promise<unknown>
}

export const abortReason: Error = new Error('the caller aborted')

const silentLogger = { debug() {}, info() {}, warn() {}, error() {} }

/** Waits and timeouts short enough for a test, and long enough for a busy machine. */
const shortTimeouts = {
  logger: silentLogger,
  retry: { initialDelay: 5, maxDelay: 20 },
  timeout: 1_000,
  idleTimeout: 500,
  totalTimeout: 8_000,
} satisfies ClientOptions

/**
 * Runs a call against faulty servers and reports their requests. Also asserts what every call guarantees: it sends
 * nothing to another origin, meets every fault, and leaves no timer, connection or listener behind.
 */
export async function runScenario(
  servers: ServerProcess,
  { faults = [], options = {}, abortAfter }: Scenario,
  call: Call,
): Promise<{ outcome: Outcome; requests: string[]; statuses: (number | undefined)[] }> {
  await servers.setFaults(...faults)
  const timers = watchTimers()
  const controller = new AbortController()
  const posthog = createClient({
    apiKey: servers.key,
    projectId: 1,
    host: servers.url,
    ...shortTimeouts,
    ...options,
  })
  if (abortAfter === 0) controller.abort(abortReason)
  const running = call(posthog, controller.signal).then(
    (value): Outcome => ({ value }),
    // Tests read any field of an error.
    (error: unknown): Outcome => ({ error: error as Record<string, unknown> & Error }),
  )
  if (abortAfter !== undefined && abortAfter !== 0) {
    if (typeof abortAfter === 'number') while ((await servers.requestCount()) < abortAfter) await sleep(5)
    else await abortAfter
    // Gives the call time to start its next wait.
    await sleep(40)
    controller.abort(abortReason)
  }
  const outcome = await running
  timers.stop()
  expect(timers.running()).toEqual([])
  const report = await servers.setFaults()
  expect(report.unexpectedOrigins).toEqual([])
  expect(report.unusedFaults).toBe(0)
  expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  // Sockets close asynchronously.
  for (let left = 100; left > 0 && openConnections() > 0; left--) await sleep(10)
  expect(openConnections()).toBe(0)
  return {
    outcome,
    requests: report.requests.map(({ method, path }) => `${method} ${path}`),
    statuses: report.requests.map(({ status }) => status),
  }
}

/** Connections that keep this process alive. The idle ones that `fetch` pools do not. */
function openConnections(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
}

interface TimerWatch {
  /** The milliseconds of timers that have neither fired nor been cleared. */
  readonly running: () => number[]
  readonly stop: () => void
}

/** Watches the timers of the client from now on, and ignores others, such as those of idle connections. */
function watchTimers(): TimerWatch {
  const { setTimeout, clearTimeout } = globalThis
  const running = new Map<unknown, number>()
  const watchedSetTimeout = (callback: () => void, ms = 0): unknown => {
    const timer = setTimeout(() => {
      running.delete(timer)
      callback()
    }, ms)
    if (new Error().stack?.includes('/src/runtime/')) running.set(timer, ms)
    return timer
  }
  const watchedClearTimeout = (timer: Parameters<typeof clearTimeout>[0]): void => {
    running.delete(timer)
    clearTimeout(timer)
  }
  Object.assign(globalThis, { setTimeout: watchedSetTimeout, clearTimeout: watchedClearTimeout })
  return {
    running: () => [...running.values()],
    stop: () => void Object.assign(globalThis, { setTimeout, clearTimeout }),
  }
}
