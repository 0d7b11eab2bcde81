import { getEventListeners } from 'node:events'
import type { createClient as CreateClient, hogql as HogQLTag } from '../../../src/index.ts'
import { type SoakCallOptions, type SoakKind, soakKinds } from './calls.ts'
import { createFaultyServer } from './faulty-server.ts'
import { seededRandom } from './random.ts'
import { installVirtualTime } from './virtual-time.ts'

/** The package under test. */
export interface SoakPackage {
  readonly createClient: typeof CreateClient
  readonly hogql: typeof HogQLTag
}

/** How much is called. */
export interface SoakOptions {
  readonly calls: number
  /** Seconds of virtual time within which the calls start. */
  readonly seconds: number
  readonly seed: number
  /** Called when all calls so far have settled: after a tenth of them and after all. */
  readonly onQuiet?: (() => Promise<void>) | undefined
}

/** What a soak found. */
export interface SoakReport {
  readonly calls: number
  /** Number of calls by outcome: `ok`, `left early`, `aborted`, or the name of the error. */
  readonly outcomes: Readonly<Record<string, number>>
  /** Calls that rejected with something else than an error of Typehog or the caller's reason. */
  readonly surprises: readonly string[]
  /** Number of calls by kind. */
  readonly kinds: Readonly<Record<string, number>>
  /** Number of requests by what happened to them. */
  readonly requests: Readonly<Record<string, number>>
  /** Calls that waited for a rate limit. */
  readonly delayed: number
  readonly maxInFlight: number
  readonly virtualSeconds: number
  /** What is left at the end. All are 0. */
  readonly left: {
    readonly calls: number
    readonly requests: number
    readonly bodies: number
    readonly timers: number
    readonly listeners: number
    readonly rejections: number
  }
}

/** Milliseconds of virtual time between two groups of calls. */
const tick = 10
/** Names of errors that the faults of the server lead to. */
const expectedErrors: ReadonlySet<string> = new Set([
  'ServerError',
  'ConnectionError',
  'AttemptTimeoutError',
  'IdleTimeoutError',
  'TotalTimeoutError',
  'RateLimitError',
])

/**
 * Makes many calls with one client in virtual time, against a server that fails now and then. Some calls are aborted at
 * random moments, and some readers leave early. The same seed gives the same report.
 */
export async function runSoak(
  { createClient, hogql }: SoakPackage,
  { calls, seconds, seed, onQuiet }: SoakOptions,
): Promise<SoakReport> {
  const random = seededRandom(seed)
  const rejections: unknown[] = []
  const onRejection = (reason: unknown): void => void rejections.push(reason)
  process.on('unhandledRejection', onRejection)
  using time = installVirtualTime(random)
  const server = createFaultyServer(time, random)
  let delayed = 0
  const posthog = createClient({
    apiKey: `phx_${'s'.repeat(43)}`,
    projectId: 1,
    host: 'https://us.posthog.com',
    fetch: server.fetch,
    logLevel: 'off',
    timeout: 5_000,
    idleTimeout: 2_000,
    totalTimeout: 30_000,
    // Little more than the calls need, so that some of them wait.
    limits: {
      mode: 'count',
      rates: {
        default: [{ requests: 480, seconds: 1 }],
        query: [{ requests: 130, seconds: 1 }],
        clickhouse: [{ requests: 40, seconds: 1 }],
      },
      maxConcurrentQueries: 20,
    },
    onRateLimit: () => {
      delayed += 1
    },
  })
  const kinds = soakKinds(posthog, hogql, random)
  const lasting = new AbortController()
  const report = { outcomes: {}, kinds: {} } as {
    outcomes: Record<string, number>
    kinds: Record<string, number>
  }
  const surprises: string[] = []
  const running = new Set<Promise<void>>()
  let maxInFlight = 0

  const start = (): void => {
    const { name, call } = pick(kinds, random())
    report.kinds[name] = (report.kinds[name] ?? 0) + 1
    const controller = new AbortController()
    const reason = new Error('aborted by the soak')
    const how = random()
    // Some calls share a signal that never aborts: each of them has to remove its listener.
    const signal = how < 0.1 ? controller.signal : how < 0.4 ? lasting.signal : undefined
    const timer = how < 0.1 ? setTimeout(() => controller.abort(reason), random() * 300) : undefined
    const options: SoakCallOptions = { signal, priority: priorities[Math.floor(random() * 3)] ?? 'normal' }
    const settled = call(options)
      .catch((error: unknown) => {
        if (error === reason) return 'aborted'
        const { name: errorName, message } = Object(error)
        if (!expectedErrors.has(errorName)) surprises.push(`${name}: ${errorName}: ${message}`)
        return String(errorName)
      })
      .then((outcome) => {
        clearTimeout(timer)
        report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1
        running.delete(settled)
      })
    running.add(settled)
    maxInFlight = Math.max(maxInFlight, running.size)
  }
  /** Starts calls at an even pace, and waits until they have settled. */
  const startCalls = async (count: number): Promise<void> => {
    const begun = time.now()
    const perTick = (calls * tick) / (seconds * 1_000)
    for (let started = 0; started < count; ) {
      await time.sleep(tick)
      const due = Math.min(count, Math.ceil(((time.now() - begun) / tick) * perTick))
      for (; started < due; started++) start()
    }
    await Promise.all(running)
  }

  try {
    const first = Math.round(calls / 10)
    await time.until(startCalls(first))
    await onQuiet?.()
    await time.until(startCalls(calls - first))
    // The timers of requests that were aborted have ended by then.
    await time.until(time.sleep(1))
    await onQuiet?.()
  } finally {
    process.off('unhandledRejection', onRejection)
  }
  return {
    ...report,
    calls,
    surprises: surprises.slice(0, 20),
    requests: server.requests,
    delayed,
    maxInFlight,
    virtualSeconds: time.now() / 1_000,
    left: {
      calls: running.size,
      requests: server.unanswered,
      bodies: server.openBodies,
      timers: time.pending(),
      listeners: getEventListeners(lasting.signal, 'abort').length,
      rejections: rejections.length,
    },
  }
}

const priorities = ['high', 'normal', 'low'] as const

function pick(kinds: readonly SoakKind[], at: number): SoakKind {
  let left = at
  for (const kind of kinds) {
    left -= kind.share
    if (left < 0) return kind
  }
  const [first] = kinds
  if (first === undefined) throw new Error('There are no kinds of calls.')
  return first
}
