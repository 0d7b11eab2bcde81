import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClient, hogql, type TypehogClient } from '../../../src/index.ts'

// A server that writes the rows of a query one by one until the client disconnects.

const maxRows = 200_000
/** The number of the last written row. */
let written = 0
let openReplies = 0
/** Actions at a row, by its number. */
let actions = new Map<number, (reply: ServerResponse) => void>()

const server = createServer(async (request, reply) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const { query, values } = JSON.parse(body).query
  reply.setHeader('content-type', 'application/json')
  const types = '"types":[["n","UInt64"],["pad","String"]]'
  const limit = /limit \{(\w+)\}$/.exec(query)?.[1]
  // The query for the columns requests no rows.
  if (limit !== undefined && values[limit] === 0) {
    reply.end(`{"columns":["n","pad"],"results":[],${types}}`)
    return
  }
  openReplies += 1
  reply.on('close', () => {
    openReplies -= 1
  })
  reply.write('{"columns":["n","pad"],"results":[')
  const from = /n` >= \{(\w+)\}/.exec(query)?.[1]
  const first = from === undefined ? 0 : Number(values[from])
  for (let n = first; n < maxRows && !reply.destroyed; n++) {
    actions.get(n)?.(reply)
    written = n
    if (!reply.write(`${n === first ? '' : ','}[${n},"${'x'.repeat(1_000)}"]`)) await drained(reply)
  }
  reply.end(`],"limit":50000000,"hasMore":false,${types}}`)
})

/** Waits until a reply accepts more data or its connection closes. */
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
  actions = new Map()
})
afterAll(() => server.close())

const query = hogql<{ n: number; pad: string }>`select n, pad from t limit ${1_000_000}`
const endless = hogql<{ n: number; pad: string }>`select n, pad from t`

/** Waits until all connections close, and returns the number of the last written row. */
async function lastWrittenRow(): Promise<number> {
  while (openReplies > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  return written
}

describe('the transfer of a stream', () => {
  it('yields rows before the body ends, and stops with the loop', async () => {
    for await (const { n } of posthog.hogql(query).stream()) if (n === 10) break
    // Buffers contain far less than the full 200 MB.
    expect(await lastWrittenRow()).toBeLessThan(maxRows / 10)
  })

  it('stops at the end of an `await using` block', async () => {
    {
      await using rows = posthog.hogql(query).stream()
      expect(await rows.next()).toMatchObject({ value: { n: 0 } })
    }
    expect(await lastWrittenRow()).toBeLessThan(maxRows / 10)
  })

  it('stops at an abort, with its reason', async () => {
    const abort = new AbortController()
    const reason = new Error('enough')
    const stream = posthog.hogql(query, { signal: abort.signal }).stream()
    await expect(
      (async () => {
        for await (const { n } of stream) if (n === 1_000) abort.abort(reason)
      })(),
    ).rejects.toBe(reason)
    expect(await lastWrittenRow()).toBeLessThan(maxRows / 10)
  })

  it('waits for a slow reader', async () => {
    const stream = posthog.hogql(query).stream()
    await stream.next()
    const before = await new Promise<number>((resolve) => setTimeout(() => resolve(written), 100))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(written).toBe(before)
    await stream.return()
    await lastWrittenRow()
  })

  it('resumes from the last key after a lost connection, and yields each row once', async () => {
    for (const n of [5_000, 20_000, 20_001, 60_000]) {
      actions.set(n, (reply) => {
        actions.delete(n)
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
    await lastWrittenRow()
  })

  it('fails if the connection breaks at the same row each time', async () => {
    actions.set(3_000, (reply) => void reply.destroy())
    const rows: number[] = []
    const reading = (async () => {
      for await (const { n } of posthog.hogql(endless).stream({ orderBy: ['n'] })) rows.push(n)
    })()
    await expect(reading).rejects.toMatchObject({ name: 'ConnectionError' })
    expect(rows).toEqual(rows.map((_, n) => n))
  })

  it('fails if the connection breaks without `orderBy`', async () => {
    actions.set(100, (reply) => void reply.destroy())
    const reading = (async () => {
      for await (const _ of posthog.hogql(query).stream());
    })()
    await expect(reading).rejects.toMatchObject({ name: 'ConnectionError' })
  })
})

describe('concurrent calls of next', () => {
  it('return each row once and in order', async () => {
    const stream = posthog.hogql(query).stream()
    const rows = await Promise.all(Array.from({ length: 3_000 }, () => stream.next()))
    expect(rows.map(({ value }) => value?.n)).toEqual(rows.map((_, n) => n))
    await stream.return()
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    await lastWrittenRow()
  })
})
