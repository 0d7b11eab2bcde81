import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../../src/local/faults/fault.ts'
import { faults } from '../../../src/local/faults/faults.ts'
import { abortReason, listNames, read, readRequest, runScenario, write, writeRequest } from './scenario.ts'
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
    ['in the body', { reset: 'mid-body' }],
    ['after part of the body, without an error', { cutAfterBytes: 3 }],
    ['before the body, without an error', { cutAfterBytes: 0 }],
    ['in a compressed body', { gzip: true, reset: 'mid-body' }],
    ['after a delay', { delayMs: 50, reset: 'before-headers' }],
    ['in a slow body', { drip: { bytes: 4, everyMs: 5 }, reset: 'mid-body' }],
  ]
  it.each(breaks)('%s: retries a read, and never a write', async (_, fault) => {
    const first = await runScenario(servers, { faults: [fault] }, read)
    expect(first.outcome).toHaveProperty('value')
    expect(first.requests).toEqual([readRequest, readRequest])
    const second = await runScenario(servers, { faults: [fault] }, write)
    expect(second.outcome).toMatchObject({
      error: {
        name: 'ConnectionError',
        unsent: false,
        fix: expect.stringMatching(/^PostHog may have processed the request: /),
      },
    })
    expect(second.requests).toEqual([writeRequest])
  })

  it('because nothing listens is reported as not sent', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => closed.once('listening', resolve))
    // A server that listens on a port has an AddressInfo.
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const options = { host: `http://127.0.0.1:${port}` }
    for (const run of [read, write]) {
      const { outcome, requests } = await runScenario(servers, { options }, run)
      expect(outcome).toMatchObject({
        error: { name: 'ConnectionError', code: 'ECONNREFUSED', unsent: true, attempts: [{}, {}, {}] },
      })
      expect(requests).toEqual([])
    }
  })
})

describe('a connection that stalls', () => {
  it.each([
    ['before the headers', { stall: 'headers' }, {}, 'AttemptTimeoutError'],
    ['in the body', { stall: 'body' }, {}, 'IdleTimeoutError'],
    ['in a compressed body', { stall: 'body', gzip: true }, {}, 'IdleTimeoutError'],
    ['while it sends single bytes', { drip: { bytes: 1, everyMs: 30 } }, {}, 'AttemptTimeoutError'],
    ['between two chunks', { drip: { bytes: 20, everyMs: 800 } }, {}, 'IdleTimeoutError'],
  ] as const)('%s: retries a read, and never a write', async (_, fault, options, name) => {
    const first = await runScenario(servers, { faults: [fault], options }, read)
    expect(first.outcome).toHaveProperty('value')
    expect(first.requests).toEqual([readRequest, readRequest])
    const second = await runScenario(servers, { faults: [fault], options }, write)
    expect(second.outcome).toMatchObject({ error: { name, kind: 'timeout' } })
    expect(second.requests).toEqual([writeRequest])
  })

  it('longer than the total timeout ends the call', async () => {
    const stall = { stall: 'headers', times: 2 } as const
    const { outcome, requests } = await runScenario(
      servers,
      { faults: [stall], options: { timeout: 800, totalTimeout: 1_200 } },
      read,
    )
    expect(outcome).toMatchObject({ error: { name: 'TotalTimeoutError' } })
    expect(requests).toEqual([readRequest, readRequest])
  })
})

describe('an abort', () => {
  it.each([
    ['before the request', [], 0],
    ['while waiting for headers', [{ stall: 'headers' }], 1],
    ['in the body', [{ stall: 'body' }], 1],
    ['in a slow body', [{ drip: { bytes: 1, everyMs: 20 } }], 1],
    ['while waiting for the next attempt', [faults.throttled(2)], 1],
    ['in the second attempt', [faults.badGateway(), { stall: 'headers' }], 2],
    ['while following a redirect', [faults.redirect('/api/users/@me/'), { stall: 'headers' }], 2],
  ] as const)('%s rejects with its reason', async (_, script, count) => {
    const { outcome, requests } = await runScenario(servers, { faults: script, abortAfter: count }, read)
    expect(outcome).toEqual({ error: abortReason })
    expect(requests).toHaveLength(count)
  })

  it.each([
    ['before the request', [], 0],
    ['while waiting for headers', [{ stall: 'headers' }], 1],
    ['in the body', [{ stall: 'body' }], 1],
  ] as const)('%s of a write rejects with its reason and sends nothing more', async (_, script, count) => {
    const { outcome, requests } = await runScenario(servers, { faults: script, abortAfter: count }, write)
    expect(outcome).toEqual({ error: abortReason })
    expect(requests).toHaveLength(count)
  })

  it('while waiting for a page ends the list', async () => {
    const { outcome, requests } = await runScenario(
      servers,
      { faults: [{ stall: 'headers' }], abortAfter: 1 },
      listNames,
    )
    expect(outcome).toEqual({ error: abortReason })
    expect(requests).toHaveLength(1)
  })

  it('while waiting for the key sends nothing', async () => {
    const { hang, called } = hangingFunction<string>()
    const { outcome, requests } = await runScenario(
      servers,
      { options: { apiKey: hang }, abortAfter: called },
      read,
    )
    expect(outcome).toEqual({ error: abortReason })
    expect(requests).toEqual([])
  })

  it('while waiting for a middleware sends nothing', async () => {
    const { hang, called } = hangingFunction<Response>()
    const options = { middleware: [hang] }
    const { outcome, requests } = await runScenario(servers, { options, abortAfter: called }, read)
    expect(outcome).toEqual({ error: abortReason })
    expect(requests).toEqual([])
  })

  it('while queued for a rate limit sends nothing more', async () => {
    const options = { limits: { mode: 'count', rates: { query: [{ requests: 1, seconds: 60 }] } } } as const
    const { outcome, requests } = await runScenario(
      servers,
      { options, abortAfter: 1 },
      async (posthog, signal) => {
        await read(posthog, signal)
        await posthog.request(
          'GET /api/projects/{project_id}/endpoints/',
          {},
          { signal, totalTimeout: 120_000 },
        )
      },
    )
    expect(outcome).toEqual({ error: abortReason })
    expect(requests).toEqual([readRequest])
  })

  it('of a shared signal rejects each of 20 calls', async () => {
    const { outcome, requests } = await runScenario(
      servers,
      { faults: [{ stall: 'headers', times: 20 }], abortAfter: 20 },
      (posthog, signal) => Promise.allSettled(Array.from({ length: 20 }, () => read(posthog, signal))),
    )
    expect(outcome).toEqual({
      value: Array.from({ length: 20 }, () => ({ status: 'rejected', reason: abortReason })),
    })
    expect(requests).toHaveLength(20)
  })
})

/** A function whose promise never settles, and a promise that resolves when it is called. */
function hangingFunction<Result>(): { hang: () => Promise<Result>; called: Promise<void> } {
  let onCall = (): void => {}
  const called = new Promise<void>((resolve) => {
    onCall = resolve
  })
  const hang = (): Promise<Result> => {
    onCall()
    return new Promise(() => {})
  }
  return { hang, called }
}
