import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../../src/local/faults/fault.ts'
import { faults } from '../../../src/local/faults/faults.ts'
import { read, readRequest, runScenario, write, writeRequest } from './scenario.ts'
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

describe('a throttle is retried for reads and writes', () => {
  const throttles: readonly (readonly [name: string, fault: () => Fault])[] = [
    ['429 with Retry-After in seconds', () => faults.throttled(1)],
    [
      '429 with Retry-After as a date',
      () => ({ ...detail(429, 'throttled', 'no'), headers: { 'retry-after': inTwoSeconds() } }),
    ],
    ['429 with a wait in its detail', () => detail(429, 'throttled', 'Expected available in 1 second.')],
    ['429 without a wait, for too many concurrent queries', () => faults.tooManyQueries()],
  ]
  it.each(throttles)('%s', async (_, fault) => {
    for (const [run, request, status] of [
      [read, readRequest, 200],
      [write, writeRequest, 201],
    ] as const) {
      const { outcome, requests, statuses } = await runScenario(servers, { faults: [fault()] }, run)
      expect(outcome).toHaveProperty('value')
      expect(requests).toEqual([request, request])
      expect(statuses).toEqual([429, status])
    }
  })
})

describe('a temporary failure is retried for reads, but not for writes', () => {
  const cases: readonly Case[] = [
    ['500', faults.serverError(), { name: 'ServerError', status: 500 }],
    ['502 with an HTML page', faults.badGateway(), { name: 'ServerError', status: 502 }],
    ['503 at capacity', faults.atCapacity(), { name: 'ServerError', status: 503 }],
    ['503 without a database', faults.databaseUnavailable(), { name: 'ServerError', status: 503 }],
    ['503 without a body', { status: 503 }, { name: 'ServerError', status: 503 }],
    ['504 of a proxy', faults.gatewayTimeout(), { name: 'ServerError', status: 504 }],
    ['408', { status: 408, body: '' }, { name: 'BadRequestError', status: 408 }],
    [
      '500 with an error of ClickHouse',
      detail(500, 'error', 'ClickHouse error while executing query.'),
      { status: 500 },
    ],
    ['513 under load', detail(513, 'clickhouse_memory_limit_exceeded', 'under heavy load'), { status: 513 }],
  ]
  it.each(cases)('%s', async (_, fault, expected) => {
    const first = await runScenario(servers, { faults: [fault] }, read)
    expect(first.outcome).toHaveProperty('value')
    expect(first.requests).toEqual([readRequest, readRequest])
    const second = await runScenario(servers, { faults: [fault] }, write)
    expect(second.outcome).toMatchObject({
      error: { ...expected, stopReason: 'a write with an unknown outcome', attempts: [{ attempt: 1 }] },
    })
    expect(second.requests).toEqual([writeRequest])
  })
})

describe('a permanent failure is not retried', () => {
  const cases: readonly Case[] = [
    ['504 of a slow query', faults.queryTimeout(), { name: 'QueryTimeoutError' }],
    ['512', detail(512, 'error', 'too slow'), { status: 512 }],
    [
      '513 of a query that needs too much memory',
      detail(513, 'clickhouse_memory_limit_exceeded', 'Memory'),
      { status: 513 },
    ],
    ['402', faults.outOfQuota(), { name: 'QuotaExceededError' }],
    [
      '404 with an HTML page',
      { status: 404, headers: { 'content-type': 'text/html' }, body: '<p>' },
      { status: 404 },
    ],
    ['400 without a body', { status: 400 }, { name: 'BadRequestError' }],
    ['403', detail(403, 'permission_denied', "requires scope 'endpoint:read'"), { name: 'PermissionError' }],
    ['409', detail(409, 'conflict', 'changed'), { name: 'ConflictError' }],
    [
      '429 with a wait beyond the total timeout',
      faults.throttled(3_600),
      { name: 'RateLimitError', retryAfterMs: 3_600_000 },
    ],
    ['a login page', faults.loginPage(), { name: 'DecodeError' }],
    [
      'broken JSON',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"results": [{"na' },
      { name: 'DecodeError' },
    ],
    ['304 without a conditional request', { status: 304 }, { name: 'APIError', status: 304 }],
  ]
  it.each(cases)('%s', async (_, fault, expected) => {
    for (const [run, request] of [
      [read, readRequest],
      [write, writeRequest],
    ] as const) {
      const { outcome, requests } = await runScenario(servers, { faults: [fault] }, run)
      expect(outcome).toMatchObject({ error: { ...expected, fix: expect.any(String) } })
      expect(requests).toEqual([request])
    }
  })

  it('an unknown key, or a key without the permission', async () => {
    const wrong = await runScenario(servers, { options: { apiKey: 'phx_unknown00000000' } }, read)
    expect(wrong.outcome).toMatchObject({ error: { name: 'AuthenticationError' } })
    expect(wrong.requests).toHaveLength(1)
    const secret = await runScenario(servers, { options: { apiKey: 'phs_local_typehog_secret' } }, read)
    expect(secret.outcome).toHaveProperty('error')
    expect(secret.requests).toHaveLength(1)
  })
})

describe('an unusual but valid response is accepted', () => {
  it.each([
    ['204', { status: 204 }, undefined],
    ['compressed', { gzip: true }, { count: 0, next: null, previous: null, results: [] }],
    [
      'in small chunks',
      { drip: { bytes: 5, everyMs: 5 } },
      { count: 0, next: null, previous: null, results: [] },
    ],
    ['late', { delayMs: 200 }, { count: 0, next: null, previous: null, results: [] }],
    [
      'compressed, in small chunks',
      { gzip: true, drip: { bytes: 9, everyMs: 2 } },
      { count: 0, next: null, previous: null, results: [] },
    ],
    [
      'with a byte order mark',
      { headers: { 'content-type': 'application/json' }, body: '\ufeff{"results":[]}' },
      { results: [] },
    ],
  ] as const)('%s', async (_, fault, value) => {
    const { outcome, requests } = await runScenario(servers, { faults: [fault] }, read)
    expect(outcome).toEqual({ value })
    expect(requests).toEqual([readRequest])
  })

  it('204 after a write, without a second request', async () => {
    const { outcome, requests } = await runScenario(servers, { faults: [{ status: 204 }] }, write)
    expect(outcome).toEqual({ value: undefined })
    expect(requests).toEqual([writeRequest])
  })
})

describe('consecutive failures', () => {
  it('end after the maximum number of attempts, all listed by the error', async () => {
    const { outcome, requests } = await runScenario(
      servers,
      { faults: [faults.badGateway({ times: 3 })] },
      read,
    )
    expect(outcome).toMatchObject({
      error: {
        status: 502,
        stopReason: '3 attempts failed',
        attempts: [{ status: 502 }, { status: 502 }, { status: 502 }],
      },
    })
    expect(requests).toHaveLength(3)
  })

  it('of different kinds are each retried', async () => {
    const script = [faults.badGateway(), { reset: 'mid-body' as const }]
    const { outcome, requests } = await runScenario(servers, { faults: script }, read)
    expect(outcome).toHaveProperty('value')
    expect(requests).toHaveLength(3)
  })

  it('are not retried when retries are disabled', async () => {
    const { requests } = await runScenario(
      servers,
      { faults: [faults.throttled(1)], options: { retry: false } },
      read,
    )
    expect(requests).toHaveLength(1)
  })
})
