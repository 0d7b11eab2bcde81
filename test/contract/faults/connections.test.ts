import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../../src/local/faults/fault.ts'
import { faults } from '../../../src/local/faults/faults.ts'
import { loop, read, reading, write, writing } from './calls.ts'
import { play, reason } from './scenario.ts'
import { type ServerProcess, startServers } from './server-process.ts'

let servers: ServerProcess
beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.stop())

describe('a connection that breaks', () => {
  const breaks: readonly (readonly [name: string, fault: Fault])[] = [
    ['before PostHog sees the request', { reset: 'unseen' }],
    ['before the headers', { reset: 'before-headers' }],
    ['after the headers', { reset: 'after-headers' }],
    ['within the body', { reset: 'mid-body' }],
    ['by an end that comes too early', { cutAfterBytes: 3 }],
    ['by an end before the body', { cutAfterBytes: 0 }],
    ['within a compressed body', { gzip: true, reset: 'mid-body' }],
    ['after a while', { delayMs: 50, reset: 'before-headers' }],
    ['within drips', { drip: { bytes: 4, everyMs: 5 }, reset: 'mid-body' }],
  ]
  it.each(breaks)('%s: retries a read, and never a write', async (_, fault) => {
    const first = await play(servers, { faults: [fault] }, read)
    expect(first.outcome).toHaveProperty('value')
    expect(first.requests).toEqual([reading, reading])
    const second = await play(servers, { faults: [fault] }, write)
    expect(second.outcome).toMatchObject({
      error: {
        name: 'ConnectionError',
        unsent: false,
        fix: expect.stringMatching(/^PostHog may have processed the request: /),
      },
    })
    expect(second.requests).toEqual([writing])
  })

  it('where nobody listens, is told at once and counts as not sent', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => closed.once('listening', resolve))
    // A server that listens on a port has an AddressInfo.
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const options = { host: `http://127.0.0.1:${port}` }
    for (const run of [read, write]) {
      const { outcome, requests } = await play(servers, { options }, run)
      expect(outcome).toMatchObject({
        error: { name: 'ConnectionError', code: 'ECONNREFUSED', unsent: true, attempts: [{}, {}, {}] },
      })
      expect(requests).toEqual([])
    }
  })
})

describe('a connection that falls silent', () => {
  it.each([
    ['before the headers', { stall: 'headers' }, {}, 'AttemptTimeoutError'],
    ['within the body', { stall: 'body' }, {}, 'IdleTimeoutError'],
    ['within a compressed body', { stall: 'body', gzip: true }, {}, 'IdleTimeoutError'],
    ['now and then', { drip: { bytes: 1, everyMs: 30 } }, {}, 'AttemptTimeoutError'],
    ['between two pieces', { drip: { bytes: 20, everyMs: 800 } }, {}, 'IdleTimeoutError'],
  ] as const)('%s: retries a read, and never a write', async (_, fault, options, name) => {
    const first = await play(servers, { faults: [fault], options }, read)
    expect(first.outcome).toHaveProperty('value')
    expect(first.requests).toEqual([reading, reading])
    const second = await play(servers, { faults: [fault], options }, write)
    expect(second.outcome).toMatchObject({ error: { name, kind: 'timeout' } })
    expect(second.requests).toEqual([writing])
  })

  it('for longer than the whole call ends with the call', async () => {
    const silent = { stall: 'headers', times: 2 } as const
    const { outcome, requests } = await play(
      servers,
      { faults: [silent], options: { timeout: 800, totalTimeout: 1_200 } },
      read,
    )
    expect(outcome).toMatchObject({ error: { name: 'TotalTimeoutError' } })
    expect(requests).toEqual([reading, reading])
  })
})

describe('a caller who gives up', () => {
  it.each([
    ['before it is sent', [], 0],
    ['while the headers are awaited', [{ stall: 'headers' }], 1],
    ['within the body', [{ stall: 'body' }], 1],
    ['within drips', [{ drip: { bytes: 1, everyMs: 20 } }], 1],
    ['while the next attempt is awaited', [faults.throttled(2)], 1],
    ['within the second attempt', [faults.badGateway(), { stall: 'headers' }], 2],
    ['while a redirect is followed', [faults.redirect('/api/users/@me/'), { stall: 'headers' }], 2],
  ] as const)('%s, gets the reason', async (_, script, count) => {
    const { outcome, requests } = await play(servers, { faults: script, abortAt: count }, read)
    expect(outcome).toEqual({ error: reason })
    expect(requests).toHaveLength(count)
  })

  it.each([
    ['before it is sent', [], 0],
    ['while the headers are awaited', [{ stall: 'headers' }], 1],
    ['within the body', [{ stall: 'body' }], 1],
  ] as const)('%s of a write, gets the reason, and sends nothing more', async (_, script, count) => {
    const { outcome, requests } = await play(servers, { faults: script, abortAt: count }, write)
    expect(outcome).toEqual({ error: reason })
    expect(requests).toHaveLength(count)
  })

  it('while a page is awaited, leaves the list', async () => {
    const { outcome, requests } = await play(servers, { faults: [{ stall: 'headers' }], abortAt: 1 }, loop)
    expect(outcome).toEqual({ error: reason })
    expect(requests).toHaveLength(1)
  })

  it('while the key is fetched, sends nothing', async () => {
    const { silence, asked } = listener<string>()
    const { outcome, requests } = await play(servers, { options: { apiKey: silence }, abortAt: asked }, read)
    expect(outcome).toEqual({ error: reason })
    expect(requests).toEqual([])
  })

  it('while a middleware thinks, sends nothing', async () => {
    const { silence, asked } = listener<Response>()
    const options = { middleware: [silence] }
    const { outcome, requests } = await play(servers, { options, abortAt: asked }, read)
    expect(outcome).toEqual({ error: reason })
    expect(requests).toEqual([])
  })

  it('while it queues for a rate limit, sends nothing more', async () => {
    const options = { limits: { mode: 'count', rates: { query: [{ requests: 1, seconds: 60 }] } } } as const
    const { outcome, requests } = await play(servers, { options, abortAt: 1 }, async (posthog, signal) => {
      await read(posthog, signal)
      await posthog.request(
        'GET /api/projects/{project_id}/endpoints/',
        {},
        { signal, totalTimeout: 120_000 },
      )
    })
    expect(outcome).toEqual({ error: reason })
    expect(requests).toEqual([reading])
  })

  it('of one call, leaves the others that share the signal to their own end', async () => {
    const { outcome, requests } = await play(
      servers,
      { faults: [{ stall: 'headers', times: 20 }], abortAt: 20 },
      (posthog, signal) => Promise.allSettled(Array.from({ length: 20 }, () => read(posthog, signal))),
    )
    expect(outcome).toEqual({ value: Array.from({ length: 20 }, () => ({ status: 'rejected', reason })) })
    expect(requests).toHaveLength(20)
  })
})

/** Somebody who is asked and never answers. */
function listener<Answer>(): { silence: () => Promise<Answer>; asked: Promise<void> } {
  let tell = (): void => {}
  const asked = new Promise<void>((resolve) => {
    tell = resolve
  })
  const silence = (): Promise<Answer> => {
    tell()
    return new Promise(() => {})
  }
  return { silence, asked }
}
