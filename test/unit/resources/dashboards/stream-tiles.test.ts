import { describe, expect, it } from 'vitest'
import { errorResponse, type FakeServer, fakeServer } from '../../fake-server.ts'

const tile = (order: number): object => ({ type: 'tile', order, tile: { id: order } })
const line = (piece: unknown): string => `data: ${JSON.stringify(piece)}\n\n`

interface Streamed extends FakeServer {
  readonly cancelled: () => boolean
}

/** Streams texts; without an end it stays open. */
function streaming(texts: readonly string[], { open = false }: { open?: boolean } = {}): Streamed {
  let cancelled = false
  const server = fakeServer(() => {
    let next = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const text = texts[next++]
        if (text !== undefined) controller.enqueue(new TextEncoder().encode(text))
        else if (!open) controller.close()
        else return new Promise<void>(() => {})
        return undefined
      },
      cancel() {
        cancelled = true
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  })
  return { ...server, cancelled: () => cancelled }
}

async function eventsOf(server: FakeServer): Promise<unknown[]> {
  const events: unknown[] = []
  for await (const event of server.client().dashboards.streamTiles(7)) events.push(event)
  return events
}

describe('dashboards.streamTiles', () => {
  it('yields events in order, without internal ones', async () => {
    const events = [{ type: 'metadata', dashboard: {} }, tile(1), { type: 'keepalive' }, null, 5, tile(2)]
    const server = streaming([...events.map(line), line({ type: 'complete' })])
    expect(await eventsOf(server)).toEqual([events[0], events[1], events[5]])
    expect(server.lines()).toEqual(['GET /dashboards/7/stream_tiles/'])
  })

  it('ends at the complete event although the connection stays open', async () => {
    const server = streaming([line(tile(1)), line({ type: 'complete' })], { open: true })
    expect(await eventsOf(server)).toEqual([tile(1)])
    expect(server.cancelled()).toBe(true)
  })

  it('cancels the response when the loop is left', async () => {
    const server = streaming([line(tile(1)), line(tile(2))], { open: true })
    const events: unknown[] = []
    for await (const event of server.client().dashboards.streamTiles(7)) {
      events.push(event)
      break
    }
    expect(events).toEqual([tile(1)])
    expect(server.cancelled()).toBe(true)
  })

  it.each([
    ['before the complete event', [line(tile(1))], /ended before/],
    ['without any event', [], /ended before/],
    ["with a proxy's HTML page", ['<html></html>'], /ended before/],
    ['with an event that is not JSON', [line(tile(1)), 'data: <html>\n\n'], /not valid JSON/],
  ])('throws if it ends %s', async (_, texts, message) => {
    await expect(eventsOf(streaming(texts))).rejects.toMatchObject({
      name: 'DecodeError',
      message: expect.stringMatching(message),
    })
  })

  it('throws the reason of a signal while it waits for the next event', async () => {
    const controller = new AbortController()
    const reason = { enough: true }
    const server = streaming([line(tile(1))], { open: true })
    const loop = async (): Promise<void> => {
      const { signal } = controller
      for await (const _ of server.client().dashboards.streamTiles(7, { signal })) {
        setImmediate(() => controller.abort(reason))
      }
    }
    expect(await loop().catch((error: unknown) => error)).toBe(reason)
    expect(server.cancelled()).toBe(true)
  })

  it("throws PostHog's error", async () => {
    await expect(eventsOf(fakeServer(() => errorResponse(403)))).rejects.toMatchObject({
      name: 'PermissionError',
    })
  })
})
