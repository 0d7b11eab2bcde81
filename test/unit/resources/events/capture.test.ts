import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { EventToCapture } from '../../../../src/resources/events/captured-event.ts'
import { errorResponse, type FakeServer, fakeServer, projects } from '../../fake-server.ts'
import { runPending } from '../../runtime/harness.ts'

type Sent = { readonly uuid: string; readonly event: string; readonly timestamp: string } & Record<
  string,
  unknown
>
interface Unsent {
  readonly name: string
  readonly sent: number
  readonly unsent: readonly EventToCapture[]
  readonly cause: unknown
  readonly message: string
}

const token = 'phc_seven'
const ok = (): Response => Response.json({ status: 'Ok' })
const batchOf = (server: FakeServer, index: number): readonly Sent[] =>
  (server.requests[index]?.body['batch'] ?? []) as Sent[]
const namesOf = (server: FakeServer, index: number): string[] =>
  batchOf(server, index).map(({ event }) => event)
const events = (count: number, size = 0): EventToCapture[] =>
  Array.from({ length: count }, (_, index) => ({
    event: `e${index}`,
    distinctId: 'user-1',
    ...(size === 0 ? {} : { properties: { text: 'x'.repeat(size) } }),
  }))
const unsentOf = async (call: Promise<unknown>): Promise<Unsent> =>
  (await call.catch((error: unknown) => error)) as Unsent

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('events.capture and events.captureBatch', () => {
  it('send nothing for no events, not even a token request', async () => {
    const server = fakeServer(ok)
    expect(await server.client().events.captureBatch([])).toEqual({ sent: 0, requests: 0, uuids: [] })
    expect(server.requests).toEqual([])
  })

  it('fetch the token once, even for concurrent calls', async () => {
    const server = fakeServer(({ url }) => (url.includes('/api/') ? Response.json(projects) : ok()))
    const { events } = server.client({ apiKey: async () => 'phx_later0123456789' })
    const event = { event: 'signed up', distinctId: 'user-1' }
    await Promise.all([events.capture(event), events.capture(event), events.capture(event)])
    await events.capture(event)
    expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(1)
    expect(new Set(server.requests.slice(1).map(({ body }) => body['api_key']))).toEqual(new Set([token]))
  })

  it('compress large bodies and leave small ones uncompressed', async () => {
    const server = fakeServer(ok)
    const client = server.client()
    await client.events.captureBatch(events(1), { token })
    await client.events.captureBatch(events(50), { token })
    const [small, large] = server.requests
    expect([small?.headers.get('content-encoding'), large?.headers.get('content-encoding')]).toEqual([
      null,
      'gzip',
    ])
    const contentTypes = server.requests.map(({ headers }) => headers.get('content-type'))
    expect(contentTypes).toEqual(['application/json', 'application/json'])
    expect(namesOf(server, 1)).toEqual(events(50).map(({ event }) => event))
  })

  it('send the same body uncompressed without CompressionStream', async () => {
    const server = fakeServer(ok)
    const client = server.client()
    const batch = events(50).map((event, index) => {
      return { ...event, timestamp: '2026-01-01T00:00:00Z', uuid: uuidOf(index), properties: { big: 12n } }
    })
    await client.events.captureBatch(batch, { token })
    vi.stubGlobal('CompressionStream', undefined)
    await client.events.captureBatch(batch, { token })
    expect(server.requests[1]?.headers.get('content-encoding')).toBeNull()
    expect(batchOf(server, 1)).toEqual(batchOf(server, 0))
  })

  it('keep the headers of the call when compressing', async () => {
    const server = fakeServer(ok)
    const headers = new Headers({ 'x-team': 'growth' })
    await server.client().events.captureBatch(events(2, 2_000), { token: 'phc_x', headers })
    const [request] = server.requests
    expect(request?.headers.get('x-team')).toBe('growth')
    expect(request?.headers.get('content-encoding')).toBe('gzip')
  })

  it('split batches at 20 MB before compression, in order', async () => {
    const server = fakeServer(ok)
    const batch = events(5, 9_000_000)
    const { sent, requests, uuids } = await server.client().events.captureBatch(batch, { token })
    expect([sent, requests, new Set(uuids).size]).toEqual([5, 3, 5])
    expect([0, 1, 2].map((index) => namesOf(server, index))).toEqual([['e0', 'e1'], ['e2', 'e3'], ['e4']])
    for (const { text } of server.requests) expect(text.length).toBeLessThanOrEqual(20_000_000)
  })

  it('count bytes, not characters', async () => {
    const server = fakeServer(ok)
    const properties = { text: '€'.repeat(3_500_000) }
    const batch = [0, 1].map((index) => ({ event: `e${index}`, distinctId: 'u', properties }))
    await server.client().events.captureBatch(batch, { token })
    expect(server.requests).toHaveLength(2)
    for (const { text } of server.requests) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20_000_000)
  })

  it('reject an event that is too large before sending anything', async () => {
    const server = fakeServer(ok)
    const batch = [...events(1), ...events(1, 20_000_000)]
    await expect(server.client().events.captureBatch(batch, { token })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('Event 1'),
    })
    expect(server.requests).toEqual([])
  })
})

describe('a captured event', () => {
  const sent = async (event: object): Promise<Sent | undefined> => {
    const server = fakeServer(ok)
    await server.client().events.capture(event as EventToCapture, { token })
    return batchOf(server, 0)[0]
  }

  it('gets a UUID and a timestamp by default', async () => {
    const before = Date.now()
    const event = await sent({ event: 'a', distinctId: 'u' })
    expect(event?.uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/)
    expect(Date.parse(event?.timestamp ?? '')).toBeGreaterThanOrEqual(before)
    expect(event).toMatchObject({ event: 'a', distinct_id: 'u' })
  })

  it('has its properties as JSON', async () => {
    const when = new Date('2026-01-02T03:04:05.678Z')
    const properties = { when, nothing: undefined, none: null, not: Number.NaN, big: 2n ** 60n, nested: [1n] }
    expect((await sent({ event: 'a', distinctId: 'u', properties }))?.['properties']).toEqual({
      when: when.toISOString(),
      none: null,
      not: null,
      big: String(2n ** 60n),
      nested: ['1'],
    })
  })

  const cycle: Record<string, unknown> = { name: 'cycle' }
  cycle['self'] = cycle
  const throwing = {
    toJSON() {
      throw new Error('no')
    },
  }

  it.each([
    ['without a name', { distinctId: 'u' }, '`event`'],
    ['with an empty name', { event: ' ', distinctId: 'u' }, '`event`'],
    ['without a distinct id', { event: 'a' }, '`distinctId`'],
    ['with a number as distinct id', { event: 'a', distinctId: 7 }, '`distinctId`'],
    ['with an unparsable timestamp', { event: 'a', distinctId: 'u', timestamp: 'soon' }, '`timestamp`'],
    ['with null as timestamp', { event: 'a', distinctId: 'u', timestamp: null }, '`timestamp`'],
    ['with an invalid Date', { event: 'a', distinctId: 'u', timestamp: new Date(Number.NaN) }, '`timestamp`'],
    ['with an invalid UUID', { event: 'a', distinctId: 'u', uuid: 'order-7' }, '`uuid`'],
    ['with an empty UUID', { event: 'a', distinctId: 'u', uuid: '' }, '`uuid`'],
    ['with a cycle', { event: 'a', distinctId: 'u', properties: cycle }, 'properties'],
    ['with properties that throw', { event: 'a', distinctId: 'u', properties: { throwing } }, 'properties'],
  ])('%s is rejected by its index before anything is sent', async (_, event, what) => {
    const server = fakeServer(ok)
    const batch = [...events(2), event as EventToCapture]
    const error = await unsentOf(server.client().events.captureBatch(batch, { token }))
    expect(error).toMatchObject({ name: 'ConfigurationError' })
    expect(error.message).toMatch(/event 2/i)
    expect(error.message).toContain(what)
    expect(server.requests).toEqual([])
  })
})

describe('events that PostHog rejects', () => {
  it('are sent in halved batches after 413', async () => {
    const server = fakeServer(({ body }) => {
      return (body['batch'] as unknown[]).length > 1 ? errorResponse(413) : ok()
    })
    const { sent, requests } = await server.client().events.captureBatch(events(4), { token })
    expect([sent, requests]).toEqual([4, 7])
    const taken = server.requests.flatMap((_, index) => {
      return batchOf(server, index).length === 1 ? namesOf(server, index) : []
    })
    expect(taken).toEqual(['e0', 'e1', 'e2', 'e3'])
  })

  it('are returned from the first one that is too large on', async () => {
    const server = fakeServer(({ text }) => (text.includes('"e2"') ? errorResponse(413) : ok()))
    const batch = events(4)
    const error = await unsentOf(server.client().events.captureBatch(batch, { token }))
    expect(error).toMatchObject({ name: 'UnsentEventsError', sent: 2, cause: { status: 413 } })
    expect(error.unsent.map(({ event }) => event)).toEqual(['e2', 'e3'])
    expect(error.message).toContain('2 of 4 events')
  })

  it('are returned with their UUIDs and timestamps, so that PostHog deduplicates them', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    let fail = true
    const server = fakeServer(({ text }) => (fail && text.includes('"e1"') ? errorResponse(400) : ok()))
    const { events: api } = server.client()
    const batch = events(3)
    const error = await unsentOf(api.captureBatch(batch, { token }))
    expect(error).toMatchObject({ name: 'UnsentEventsError', sent: 0, cause: { status: 400 } })
    const first = batchOf(server, 0)
    fail = false
    vi.setSystemTime(Date.now() + 5_000)
    await api.captureBatch(error.unsent, { token })
    expect(batchOf(server, 1)).toEqual(first)
    expect(JSON.stringify(error)).not.toContain('"e1"')
  })

  it('are reported with the number of sent events', async () => {
    const server = fakeServer((_, call) => (call === 2 ? errorResponse(400) : ok()))
    const error = await unsentOf(server.client().events.captureBatch(events(5, 9_000_000), { token }))
    expect(error.sent).toBe(2)
    expect(error.unsent.map(({ event }) => event)).toEqual(['e2', 'e3', 'e4'])
    expect(server.requests).toHaveLength(2)
  })

  it.each([
    ['500', () => errorResponse(500)],
    ['503', () => errorResponse(503)],
    ['429', () => Response.json({}, { status: 429, headers: { 'retry-after': '0' } })],
    ['a lost connection', () => Promise.reject(new TypeError('fetch failed'))],
  ])('for %s are retried unchanged', async (_, failure) => {
    const server = fakeServer((_, call) => (call < 3 ? failure() : ok()))
    const { uuids } = await server.client().events.captureBatch(events(30), { token })
    expect(server.requests).toHaveLength(3)
    for (const index of [0, 1, 2]) expect(batchOf(server, index).map(({ uuid }) => uuid)).toEqual(uuids)
    expect(new Set(server.requests.map(({ text }) => text)).size).toBe(1)
  })

  it.each([[['events']], [['exceptions', 'llm_events']]])(
    'are returned if PostHog accepts and drops them over the quota of %s',
    async (quota_limited) => {
      const server = fakeServer(() => Response.json({ status: 'Ok', quota_limited }))
      const error = await unsentOf(server.client().events.captureBatch(events(3), { token }))
      expect(error).toMatchObject({
        name: 'UnsentEventsError',
        sent: 0,
        cause: { name: 'QuotaExceededError' },
      })
      expect(error.message).toContain(quota_limited[0])
      expect(error.unsent.map(({ event }) => event)).toEqual(['e0', 'e1', 'e2'])
      expect(server.requests).toHaveLength(1)
    },
  )

  it('are sent if no quota is named', async () => {
    const server = fakeServer(() => Response.json({ status: 'Ok', quota_limited: [] }))
    expect(await server.client().events.captureBatch(events(3), { token })).toMatchObject({ sent: 3 })
  })

  it('are returned if the server never responds', async () => {
    const server = fakeServer(() => Promise.reject(new TypeError('fetch failed')))
    const error = await unsentOf(server.client().events.capture({ event: 'a', distinctId: 'u' }, { token }))
    expect(error).toMatchObject({ name: 'UnsentEventsError', sent: 0, cause: { name: 'ConnectionError' } })
    expect(error.unsent).toHaveLength(1)
  })

  it('are returned if the token cannot be fetched', async () => {
    const server = fakeServer(({ url }) => (url.includes('/api/') ? errorResponse(403) : ok()))
    const error = await unsentOf(server.client().events.captureBatch(events(2)))
    expect(error).toMatchObject({ name: 'PermissionError' })
    expect(server.requests).toHaveLength(1)
  })
})

describe('the signal of a capture', () => {
  it('stops before the next request, with its reason unchanged', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const server = fakeServer((_, call) => {
      if (call === 1) controller.abort(reason)
      return ok()
    })
    const { signal } = controller
    const call = server.client().events.captureBatch(events(5, 9_000_000), { token, signal })
    expect(await call.catch((error: unknown) => error)).toBe(reason)
    expect(server.requests).toHaveLength(1)
  })

  it('does not fail another caller that waits for the same token', async () => {
    const controller = new AbortController()
    let respond = (_: Response): void => {}
    const server = fakeServer(({ url }) => {
      if (!url.includes('/api/')) return ok()
      return new Promise<Response>((resolve) => {
        respond = resolve
      })
    })
    const { events: api } = server.client()
    const event = { event: 'a', distinctId: 'u' }
    const first = api.capture(event, { signal: controller.signal }).catch((error: unknown) => error)
    const second = api.capture(event)
    await runPending()
    controller.abort('mine')
    expect(await first).toBe('mine')
    respond(Response.json(projects))
    expect(await second).toMatchObject({ sent: 1 })
  })
})

function uuidOf(index: number): string {
  return `018d2a6e-0000-7000-8000-${String(index).padStart(12, '0')}`
}
