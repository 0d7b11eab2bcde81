import { describe, expect, it } from 'vitest'
import { classify, type Failure } from '../../../../src/runtime/retry/decide.ts'

const response = (status: number, rest: Partial<Failure & { kind: 'response' }> = {}): Failure => ({
  kind: 'response',
  status,
  ...rest,
})
const json = { type: 'server_error', code: 'error', detail: 'x' }

/** The decisions as a table: the failure, and whether a read and a write are retried. */
const table: readonly (readonly [what: string, failure: Failure, read: boolean, write: boolean])[] = [
  ['408', response(408), true, false],
  ['429', response(429, { ...json, code: 'throttled' }), true, true],
  ['500', response(500, json), true, false],
  ['502', response(502), true, false],
  ['503', response(503, json), true, false],
  ["a proxy's 504", response(504), true, false],
  ["PostHog's own 504", response(504, json), false, false],
  ['504 with a detail only', response(504, { detail: 'x' }), false, false],
  ['512', response(512, json), false, false],
  ['513', response(513, { ...json, code: 'clickhouse_memory_limit_exceeded' }), false, false],
  [
    '513 of a busy cluster',
    response(513, { ...json, detail: 'The cluster is under heavy load.' }),
    true,
    false,
  ],
  ['a failed async query', response(500, { type: 'query_status', detail: 'x' }), false, false],
  ['400', response(400, json), false, false],
  ['400 of a cost guard', response(400, { ...json, code: 'query_timeout' }), false, false],
  ['401', response(401), false, false],
  ['402', response(402, { ...json, code: 'api_queries_quota_exceeded' }), false, false],
  ['403', response(403), false, false],
  ['404', response(404), false, false],
  ['409', response(409), false, false],
  ['501', response(501), false, false],
  ['a lost connection', { kind: 'connection', unsent: false, transient: true }, true, false],
  ['a refused connection', { kind: 'connection', unsent: true, transient: true }, true, true],
  ['a bad certificate', { kind: 'connection', unsent: false, transient: false }, false, false],
  ['a timeout', { kind: 'timeout' }, true, false],
]

describe('classify', () => {
  it.each(table)('%s', (_, failure, read, write) => {
    expect(classify('safe', failure).retry).toBe(read)
    expect(classify('unsafe', failure).retry).toBe(write)
  })

  it('always has a reason', () => {
    for (const [, failure] of table) expect(classify('unsafe', failure).reason).not.toBe('')
    expect(classify('unsafe', response(503)).reason).toBe('a write with an unknown outcome')
    expect(classify('unsafe', response(404)).reason).toBe('status 404 is final')
  })
})
