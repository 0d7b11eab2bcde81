import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClient, hogql, type TypehogClient } from '../../../src/index.ts'

// A server that answers a query row by row, for as long as somebody listens.

const maxRows = 200_000
let written = 0
let open = 0
/** What happens at a row, by its number. */
let at = new Map<number, (reply: ServerResponse) => void>()

const server = createServer(async (request, reply) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const { query, values } = JSON.parse(body).query
  reply.setHeader('content-type', 'application/json')
  const types = '"types":[["n","UInt64"],["pad","String"]]'
  const limit = /limit \{(\w+)\}$/.exec(query)?.[1]
  // The query for the columns asks for no rows.
  if (limit !== undefined && values[limit] === 0) {
    reply.end(`{"columns":["n","pad"],"results":[],${types}}`)
    return
  }
  open += 1
  reply.on('close', () => {
    open -= 1
  })
  reply.write('{"columns":["n","pad"],"results":[')
  const from = /n` >= \{(\w+)\}/.exec(query)?.[1]
  const first = from === undefined ? 0 : Number(values[from])
  for (let n = first; n < maxRows && !reply.destroyed; n++) {
    at.get(n)?.(reply)
    written = n
    if (!reply.write(`${n === first ? '' : ','}[${n},"${'x'.repeat(1_000)}"]`)) await drained(reply)
  }
  reply.end(`],"limit":50000000,"hasMore":false,${types}}`)
})

/** Waits until a reply takes more, or nobody reads it any more. */
function drained(reply: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      reply.off('drain', done).off('close', done)
      resolve()
    }
    reply.on('drain', done).on('close', done)
  })
}

let posthog: TypehogClient
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  posthog = createClient({
    apiKey: 'phx_test',
    projectId: 1,
    host: `http://127.0.0.1:${port}`,
    logLevel: 'off',
    retry: { initialDelay: 1, maxDelay: 2 },
    limits: false,
  })
})
beforeEach(() => {
  written = 0
  at = new Map()
})
afterAll(() => server.close())

const query = hogql<{ n: number; pad: string }>`select n, pad from t limit ${1_000_000}`
const endless = hogql<{ n: number; pad: string }>`select n, pad from t`

async function closed(): Promise<number> {
  while (open > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  return written
}

describe('the transfer of a stream', () => {
  it('gives rows before the body is over, and ends with the loop', async () => {
    for await (const { n } of posthog.hogql(query).stream()) if (n === 10) break
    // What is on its way in buffers is not the whole of 200 MB.
    expect(await closed()).toBeLessThan(maxRows / 10)
  })

  it('ends with the block of an `await using`', async () => {
    {
      await using rows = posthog.hogql(query).stream()
      expect(await rows.next()).toMatchObject({ value: { n: 0 } })
    }
    expect(await closed()).toBeLessThan(maxRows / 10)
  })

  it('ends with the signal, whose reason is thrown', async () => {
    const abort = new AbortController()
    const reason = new Error('enough')
    const stream = posthog.hogql(query, { signal: abort.signal }).stream()
    await expect(
      (async () => {
        for await (const { n } of stream) if (n === 1_000) abort.abort(reason)
      })(),
    ).rejects.toBe(reason)
    expect(await closed()).toBeLessThan(maxRows / 10)
  })

  it('waits for a slow reader', async () => {
    const stream = posthog.hogql(query).stream()
    await stream.next()
    const before = await new Promise<number>((resolve) => setTimeout(() => resolve(written), 100))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(written).toBe(before)
    await stream.return()
    await closed()
  })

  it('goes on from its last key when the connection breaks, and gives each row once', async () => {
    for (const n of [5_000, 20_000, 20_001, 60_000]) {
      at.set(n, (reply) => {
        at.delete(n)
        reply.destroy()
      })
    }
    let next = 0
    for await (const { n } of posthog.hogql(endless).stream({ orderBy: ['n'] })) {
      expect(n).toBe(next)
      next += 1
      if (n === 70_000) break
    }
    expect(next).toBe(70_001)
    await closed()
  })

  it('gives up on a server that breaks at the same row each time', async () => {
    at.set(3_000, (reply) => void reply.destroy())
    const rows: number[] = []
    const reading = (async () => {
      for await (const { n } of posthog.hogql(endless).stream({ orderBy: ['n'] })) rows.push(n)
    })()
    await expect(reading).rejects.toMatchObject({ name: 'ConnectionError' })
    expect(rows).toEqual(rows.map((_, n) => n))
  })

  it('says so when the one answer breaks off', async () => {
    at.set(100, (reply) => void reply.destroy())
    const reading = (async () => {
      for await (const _ of posthog.hogql(query).stream());
    })()
    await expect(reading).rejects.toMatchObject({ name: 'ConnectionError' })
  })
})

describe('rows that are asked for at once', () => {
  it('come in order, each once', async () => {
    const stream = posthog.hogql(query).stream()
    const rows = await Promise.all(Array.from({ length: 3_000 }, () => stream.next()))
    expect(rows.map(({ value }) => value?.n)).toEqual(rows.map((_, n) => n))
    await stream.return()
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    await closed()
  })
})
