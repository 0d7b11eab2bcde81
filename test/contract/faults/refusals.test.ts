import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../../src/local/faults/fault.ts'
import { faults } from '../../../src/local/faults/faults.ts'
import { read, reading, write, writing } from './calls.ts'
import { play } from './scenario.ts'
import { type ServerProcess, startServers } from './server-process.ts'

let servers: ServerProcess
beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.stop())

const inTwoSeconds = (): string => new Date(Date.now() + 1_500).toUTCString()
const detail = (status: number, code: string, text: string): Fault => ({
  status,
  body: { type: status === 429 ? 'throttled_error' : 'server_error', code, detail: text, attr: null },
})

type Case = readonly [name: string, fault: Fault, expected: object]

describe('what passes is tried again, a write too where PostHog did nothing', () => {
  const passing: readonly (readonly [name: string, fault: () => Fault])[] = [
    ['429 with seconds', () => faults.throttled(1)],
    [
      '429 with a date',
      () => ({ ...detail(429, 'throttled', 'no'), headers: { 'retry-after': inTwoSeconds() } }),
    ],
    ['429 with a sentence', () => detail(429, 'throttled', 'Expected available in 1 second.')],
    ['429 without a word, for too many queries', () => faults.tooManyQueries()],
  ]
  it.each(passing)('%s', async (_, fault) => {
    for (const [run, request, status] of [
      [read, reading, 200],
      [write, writing, 201],
    ] as const) {
      const { outcome, requests, statuses } = await play(servers, { faults: [fault()] }, run)
      expect(outcome).toHaveProperty('value')
      expect(requests).toEqual([request, request])
      expect(statuses).toEqual([429, status])
    }
  })
})

describe('what may pass is tried again for a read, and not for a write', () => {
  const cases: readonly Case[] = [
    ['500', faults.serverError(), { name: 'ServerError', status: 500 }],
    ['502 with a page', faults.badGateway(), { name: 'ServerError', status: 502 }],
    ['503 without room for queries', faults.atCapacity(), { name: 'ServerError', status: 503 }],
    ['503 without its database', faults.databaseUnavailable(), { name: 'ServerError', status: 503 }],
    ['503 without a body', { status: 503 }, { name: 'ServerError', status: 503 }],
    ['504 of a proxy', faults.gatewayTimeout(), { name: 'ServerError', status: 504 }],
    ['408', { status: 408, body: '' }, { name: 'BadRequestError', status: 408 }],
    [
      '500 that hides ClickHouse',
      detail(500, 'error', 'ClickHouse error while executing query.'),
      { status: 500 },
    ],
    ['513 under load', detail(513, 'clickhouse_memory_limit_exceeded', 'under heavy load'), { status: 513 }],
  ]
  it.each(cases)('%s', async (_, fault, expected) => {
    const first = await play(servers, { faults: [fault] }, read)
    expect(first.outcome).toHaveProperty('value')
    expect(first.requests).toEqual([reading, reading])
    const second = await play(servers, { faults: [fault] }, write)
    expect(second.outcome).toMatchObject({
      error: { ...expected, stopReason: 'a write with an unknown outcome', attempts: [{ attempt: 1 }] },
    })
    expect(second.requests).toEqual([writing])
  })
})

describe('what cannot pass is not tried again', () => {
  const cases: readonly Case[] = [
    ['504 of a query that took too long', faults.queryTimeout(), { name: 'QueryTimeoutError' }],
    ['512', detail(512, 'error', 'too slow'), { status: 512 }],
    ['513 of its own', detail(513, 'clickhouse_memory_limit_exceeded', 'Memory'), { status: 513 }],
    ['402', faults.outOfQuota(), { name: 'QuotaExceededError' }],
    [
      '404 with a page',
      { status: 404, headers: { 'content-type': 'text/html' }, body: '<p>' },
      { status: 404 },
    ],
    ['400 without a body', { status: 400 }, { name: 'BadRequestError' }],
    ['403', detail(403, 'permission_denied', "requires scope 'endpoint:read'"), { name: 'PermissionError' }],
    ['409', detail(409, 'conflict', 'changed'), { name: 'ConflictError' }],
    [
      '429 that lasts longer than the call',
      faults.throttled(3_600),
      { name: 'RateLimitError', retryAfterMs: 3_600_000 },
    ],
    ['a login page', faults.loginPage(), { name: 'DecodeError' }],
    [
      'broken JSON',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"results": [{"na' },
      { name: 'DecodeError' },
    ],
    ['304 that nobody asked for', { status: 304 }, { name: 'APIError', status: 304 }],
  ]
  it.each(cases)('%s', async (_, fault, expected) => {
    for (const [run, request] of [
      [read, reading],
      [write, writing],
    ] as const) {
      const { outcome, requests } = await play(servers, { faults: [fault] }, run)
      expect(outcome).toMatchObject({ error: { ...expected, fix: expect.any(String) } })
      expect(requests).toEqual([request])
    }
  })

  it('a key that PostHog does not know, and one that it knows for less', async () => {
    const wrong = await play(servers, { options: { apiKey: 'phx_unknown00000000' } }, read)
    expect(wrong.outcome).toMatchObject({ error: { name: 'AuthenticationError' } })
    expect(wrong.requests).toHaveLength(1)
    const secret = await play(servers, { options: { apiKey: 'phs_local_typehog_secret' } }, read)
    expect(secret.outcome).toHaveProperty('error')
    expect(secret.requests).toHaveLength(1)
  })
})

describe('an answer that is unusual and right', () => {
  it.each([
    ['204', { status: 204 }, undefined],
    ['compressed', { gzip: true }, { count: 0, next: null, previous: null, results: [] }],
    ['in drips', { drip: { bytes: 5, everyMs: 5 } }, { count: 0, next: null, previous: null, results: [] }],
    ['late', { delayMs: 200 }, { count: 0, next: null, previous: null, results: [] }],
    [
      'compressed, in drips',
      { gzip: true, drip: { bytes: 9, everyMs: 2 } },
      { count: 0, next: null, previous: null, results: [] },
    ],
    [
      'with a byte order mark',
      { headers: { 'content-type': 'application/json' }, body: '\ufeff{"results":[]}' },
      { results: [] },
    ],
  ] as const)('%s', async (_, fault, value) => {
    const { outcome, requests } = await play(servers, { faults: [fault] }, read)
    expect(outcome).toEqual({ value })
    expect(requests).toEqual([reading])
  })

  it('204 after a write is not asked for twice', async () => {
    const { outcome, requests } = await play(servers, { faults: [{ status: 204 }] }, write)
    expect(outcome).toEqual({ value: undefined })
    expect(requests).toEqual([writing])
  })
})

describe('many failures', () => {
  it('end after the attempts that the client has, with all of them on the error', async () => {
    const { outcome, requests } = await play(servers, { faults: [faults.badGateway({ times: 3 })] }, read)
    expect(outcome).toMatchObject({
      error: {
        status: 502,
        stopReason: '3 attempts failed',
        attempts: [{ status: 502 }, { status: 502 }, { status: 502 }],
      },
    })
    expect(requests).toHaveLength(3)
  })

  it('of different kinds are overcome one after the other', async () => {
    const bad = [faults.badGateway(), { reset: 'mid-body' as const }]
    const { outcome, requests } = await play(servers, { faults: bad }, read)
    expect(outcome).toHaveProperty('value')
    expect(requests).toHaveLength(3)
  })

  it('do not wait when retries are disabled', async () => {
    const { requests } = await play(
      servers,
      { faults: [faults.throttled(1)], options: { retry: false } },
      read,
    )
    expect(requests).toHaveLength(1)
  })
})
