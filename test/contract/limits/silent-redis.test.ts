import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { createClient as createRedis } from 'redis'
import { afterEach, describe, expect, it } from 'vitest'
import { createClient, hogql } from '../../../src/index.ts'
import type { RedisClient } from '../../../src/redis/redis-client.ts'
import { redisLimits } from '../../../src/redis.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function listen(server: Server | HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => server.close())
  // A server that listens on a port has an AddressInfo.
  return (server.address() as AddressInfo).port
}

/** The port of a Redis that accepts connections and says nothing. */
async function silentRedis(): Promise<number> {
  const sockets = new Set<Socket>()
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
  })
  return listen(createServer((socket) => void sockets.add(socket.on('error', () => {}))))
}

/** The address of a PostHog that answers everything. */
async function posthog(): Promise<string> {
  const server = createHttpServer((message, reply) => {
    message.resume()
    const body = { results: [[1]], columns: ['n'], types: [['n', 'UInt8']], hasMore: false }
    reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  cleanups.push(() => server.closeAllConnections())
  return `http://127.0.0.1:${await listen(server)}`
}

const open: Record<string, (port: number) => RedisClient> = {
  redis(port) {
    const client = createRedis({ url: `redis://127.0.0.1:${port}` })
    client.on('error', () => {})
    client.connect().catch(() => {})
    cleanups.push(() => client.destroy())
    return client
  },
  ioredis(port) {
    const client = new Redis(port, '127.0.0.1')
    client.on('error', () => {})
    cleanups.push(() => client.disconnect())
    return client
  },
}

describe.each(Object.keys(open))('a Redis that says nothing, through the package %s', (name) => {
  const client = async (storeTimeout?: number) => {
    const redis = open[name]?.(await silentRedis())
    if (redis === undefined) throw new Error(`There is no package ${name}`)
    return createClient({
      apiKey: 'phx_SilentRedis0000000',
      projectId: 1,
      host: await posthog(),
      totalTimeout: 5_000,
      logLevel: 'off',
      limits: { mode: 'count', store: redisLimits(redis), storeTimeout },
    })
  }

  it('delays the first query by a second, and no later one', async () => {
    const posthog = await client()
    const started = performance.now()
    await posthog.hogql`select 1 as n`.one()
    const first = performance.now() - started
    for (let n = 0; n < 5; n++) await posthog.hogql`select 1 as n`.one()
    expect(first).toBeGreaterThan(900)
    expect(performance.now() - started).toBeLessThan(first + 3_000)
  })

  it('ends with the signal of the call', async () => {
    const posthog = await client(60_000)
    const started = performance.now()
    const call = posthog.hogql(hogql`select 1 as n`, { signal: AbortSignal.timeout(50) })
    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  it('leaves `limits()` an answer', async () => {
    const posthog = await client(50)
    await posthog.hogql`select 1 as n`.one()
    expect(await posthog.limits()).toMatchObject([{ bucket: 'query', queries: { running: 0, limit: 3 } }])
  })
})
