import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { onTestFinished } from 'vitest'
import type { RedisClient } from '../../../src/redis/redis-client.ts'

/** A private Redis on 127.0.0.1. */
export interface RedisServer {
  readonly url: string
  stop(): Promise<void>
}

/** Whether `redis-server` is installed. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0

export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'typehog-redis-'))
  const port = await freePort()
  const server = spawn(
    'redis-server',
    ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)))
    server.stdout.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve()
    })
  })
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const exited = new Promise((resolve) => server.once('exit', resolve))
      server.kill()
      await exited
      await rm(folder, { recursive: true })
    },
  }
}

/** Creates a client of each package by its name, and closes it after the test. */
export const redisClients: Readonly<Record<'redis' | 'ioredis', (port: number) => RedisClient>> = {
  redis(port) {
    const client = createClient({ url: `redis://127.0.0.1:${port}` })
    client.on('error', () => {})
    client.connect().catch(() => {})
    onTestFinished(() => client.destroy())
    return client
  },
  ioredis(port) {
    const client = new Redis(port, '127.0.0.1')
    client.on('error', () => {})
    onTestFinished(() => client.disconnect())
    return client
  },
}

/** Opens a port that accepts connections and never responds, and closes it after the test. */
export function openSilentPort(): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {})))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return listen(server)
}

/** Returns a port that refuses connections. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an AddressInfo.
  return (server.address() as AddressInfo).port
}
