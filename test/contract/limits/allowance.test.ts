import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type ServerLimits, serverLimits } from '../../unit/runtime/limits/server-limits.ts'
import type { Work } from './allowance-worker.ts'
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts'

/** Seconds that represent a minute of PostHog's limits. 60 runs the tests at the real pace. */
const minute = Number(process.env['TYPEHOG_MINUTE'] ?? 5)
/**
 * Seconds that represent PostHog's minute at the server. The client's window is 0.5 s longer than a real minute, but only
 * 2 % longer than a short one: less than a busy machine delays requests. So the server's window is shorter by the rest.
 */
const serverMinute = minute - Math.max(0, 0.5 - minute * 0.02)
const key = 'phx_allowance0000000000'

let server: Server
let redis: RedisServer | undefined
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await redis?.stop()
  redis = undefined
})

interface CountingServer {
  readonly seen: ServerLimits['seen']
  readonly url: string
  /** Seconds from the first request to the last accepted one. */
  readonly duration: () => number
}

async function serve(windows: Work['rates'], places: number): Promise<CountingServer> {
  let first: number | undefined
  let last = 0
  const limits = serverLimits({ now: () => performance.now(), windows, places, work: () => sleep(5) })
  server = createServer(async (message, reply) => {
    message.resume()
    const headers = { authorization: message.headers.authorization ?? '' }
    const response = await limits.respond(new Request('http://here/', { headers }))
    first ??= performance.now()
    if (response.ok) last = performance.now()
    reply.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo
  return { seen: limits.seen, url: `http://127.0.0.1:${port}`, duration: () => (last - (first ?? 0)) / 1_000 }
}

function run(work: Work): Promise<number | null> {
  const program = fileURLToPath(new URL('./allowance-worker.ts', import.meta.url))
  const args = ['--import', import.meta.resolve('tsx'), program, JSON.stringify(work)]
  return new Promise((resolve) => spawn(process.execPath, args, { stdio: 'inherit' }).once('exit', resolve))
}

/** The used share of the requests that the server could have accepted in this time. */
function usedShare(accepted: number, seconds: number, [short]: Work['rates']): number {
  return accepted / ((short?.requests ?? 0) * (Math.floor(seconds / minute) + 1))
}

describe.skipIf(!hasRedis)('two processes with four workers each that share limits through Redis', () => {
  it.each([
    ['requests', 'GET /api/projects/{project_id}/cohorts/', 480, 4_800, Number.POSITIVE_INFINITY],
    ['queries, three at a time', 'POST /api/projects/{project_id}/query/', 240, 2_400, 3],
  ] as const)(
    'use at least 95 % of the allowance for %s, and are never throttled',
    { timeout: 20_000 + minute * 4_000 },
    async (name, route, perMinute, perHour, places) => {
      const rates = [
        { requests: perMinute, seconds: minute },
        { requests: perHour, seconds: 60 * minute },
      ]
      const serverRates = rates.map((rate) =>
        rate.seconds === minute ? { ...rate, seconds: serverMinute } : rate,
      )
      const counting = await serve(serverRates, places)
      redis = await startRedis()
      const total = 3 * perMinute
      const work = {
        url: counting.url,
        redis: redis.url,
        key,
        rates,
        route,
        requests: total / 2,
        workers: 4,
      }
      expect(await Promise.all([run(work), run(work)])).toEqual([0, 0])
      const used = usedShare(total, counting.duration(), rates)
      const { accepted, throttled } = counting.seen
      console.log(
        `${name}: ${accepted} accepted, ${throttled} throttled, ${(100 * used).toFixed(1)} % of the allowance`,
      )
      expect(counting.seen).toMatchObject({ accepted: total, throttled: 0 })
      expect(used).toBeGreaterThanOrEqual(0.95)
    },
  )

  it('would mostly be throttled if they sent all requests at once', async () => {
    const rates = [{ requests: 480, seconds: minute }]
    const { seen, url } = await serve(rates, Number.POSITIVE_INFINITY)
    const request = (): Promise<Response> => fetch(url, { headers: { authorization: `Bearer ${key}` } })
    await Promise.all(Array.from({ length: 1_440 }, async () => (await request()).body?.cancel()))
    console.log(`a bare Promise.all: ${seen.accepted} accepted, ${seen.throttled} throttled`)
    expect(seen.throttled).toBeGreaterThan(480)
  })
})
