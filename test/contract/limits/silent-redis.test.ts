import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient, hogql } from '../../../src/index.ts'
import { redisLimits } from '../../../src/redis.ts'
import { openSilentPort, redisClients } from './redis-server.ts'

/** Starts a server that returns one row for each query, and returns its URL. */
async function startPostHog(): Promise<string> {
  const server = createServer((message, reply) => {
    message.resume()
    const body = { results: [[1]], columns: ['n'], types: [['n', 'UInt8']], hasMore: false }
    reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // A server that listens on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe.each(Object.entries(redisClients))(
  'a Redis that does not respond, with the package %s',
  (_, connect) => {
    const client = async (storeTimeout?: number) => {
      const redis = connect(await openSilentPort())
      return createClient({
        apiKey: 'phx_SilentRedis0000000',
        projectId: 1,
        host: await startPostHog(),
        totalTimeout: 5_000,
        logLevel: 'off',
        limits: { mode: 'count', store: redisLimits(redis), storeTimeout },
      })
    }

    it('delays only the first query, by one second', async () => {
      const posthog = await client()
      const started = performance.now()
      await posthog.hogql`select 1 as n`.one()
      const first = performance.now() - started
      for (let n = 0; n < 5; n++) await posthog.hogql`select 1 as n`.one()
      expect(first).toBeGreaterThan(900)
      expect(performance.now() - started).toBeLessThan(first + 3_000)
    })

    it('does not delay an abort', async () => {
      const posthog = await client(60_000)
      const started = performance.now()
      const call = posthog.hogql(hogql`select 1 as n`, { signal: AbortSignal.timeout(50) })
      await expect(call).rejects.toMatchObject({ name: 'TimeoutError' })
      expect(performance.now() - started).toBeLessThan(3_000)
    })

    it('does not block `limits()`', async () => {
      const posthog = await client(50)
      await posthog.hogql`select 1 as n`.one()
      expect(await posthog.limits()).toMatchObject([{ bucket: 'query', queries: { running: 0, limit: 3 } }])
    })
  },
)
