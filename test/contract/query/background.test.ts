import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hogql, type QueryProgress, type TypehogClient } from '../../../src/index.ts'
import { type Fault, faults, type LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 200 }, { retry: { initialDelay: 1, maxDelay: 2 } }))
})
afterAll(() => local.close())
afterEach(() => local.faults.clear())

const count = hogql<{ n: number }>`select count() as n from events where ${1} = 1`
const id = 'query-1'
/** A response that reports a running query. */
const running = (progress?: object): Fault => ({
  method: 'GET',
  status: 202,
  body: { query_status: { id, complete: false, error: false, query_progress: progress ?? null } },
})
const requestsSince = (start: number): string[] =>
  local.requests.slice(start).map(({ method, path }) => `${method} ${path.split('?')[0]}`)

describe('a query in the background', () => {
  it('is polled until it finishes, and returns the same result as a blocking query', async () => {
    const start = local.requests.length
    local.faults.add(running(), running())
    const result = await posthog.hogql(count, { async: true, clientQueryId: id })
    expect(result).toMatchObject({ rows: [{ n: 200 }], complete: true, columns: ['n'], types: ['UInt64'] })
    const poll = `GET /api/projects/1/query/${id}/`
    expect(requestsSince(start)).toEqual(['POST /api/projects/1/query/', poll, poll, poll])
    expect(local.requests[start]?.body).toMatchObject({ refresh: 'async', client_query_id: id })
  })

  it('has a new ID each time', async () => {
    const start = local.requests.length
    await Promise.all([posthog.hogql(count, { async: true }), posthog.hogql(count, { async: true })])
    const ids = local.requests
      .slice(start)
      .flatMap(({ method, body }) => (method === 'POST' ? [Object(body)['client_query_id']] : []))
    expect(new Set(ids).size).toBe(2)
  })

  it.each([
    ['async', {}, 'async'],
    ['lazy_async', {}, 'lazy_async'],
    ['force_async', {}, 'force_async'],
    ['async_except_on_cache_miss', {}, 'async_except_on_cache_miss'],
    ['force_blocking', { async: true }, 'force_async'],
    ['blocking', { async: true }, 'async'],
  ] as const)('is created by refresh %s and %j, sent as %s', async (refresh, options, sent) => {
    const start = local.requests.length
    expect(await posthog.hogql(count, { ...options, refresh }).one()).toEqual({ n: 200 })
    expect(local.requests[start]?.body).toMatchObject({ refresh: sent })
  })

  it('returns a cached result of PostHog without polling', async () => {
    const body = { results: [[7]], columns: ['n'], types: [['n', 'UInt64']], query_status: null }
    local.faults.add({ status: 200, body })
    expect(await posthog.hogql(count, { refresh: 'lazy_async' }).one()).toEqual({ n: 7 })
  })

  it('can be of any kind', async () => {
    const start = local.requests.length
    const query = { kind: 'HogQLQuery', query: 'select 5 as n' } as const
    const { results, columns } = await posthog.query.run(query, { async: true })
    expect([results, columns]).toEqual([[[5]], ['n']])
    expect(requestsSince(start)).toEqual([
      'POST /api/projects/1/query/',
      expect.stringMatching(/^GET .*\/query\//),
    ])
  })

  it('decodes large integers exactly', async () => {
    const query = hogql<{ big: bigint }>`select 18446744073709551615 as big`
    expect(await posthog.hogql(query, { async: true, int64: 'bigint' }).one()).toEqual({
      big: 2n ** 64n - 1n,
    })
  })

  it('reports its progress', async () => {
    const seen: QueryProgress[] = []
    local.faults.add(running({ rows_read: 5, bytes_read: 60, estimated_rows_total: 10 }))
    await posthog.hogql(count, { async: true, onProgress: (progress) => seen.push(progress) })
    expect(seen).toEqual([
      { rowsRead: undefined, bytesRead: undefined, estimatedRows: undefined },
      { rowsRead: 5, bytesRead: 60, estimatedRows: 10 },
    ])
    expect(local.requests.at(-1)?.path).toContain('show_progress=true')
  })

  it('rejects with the error of the query, without canceling it', async () => {
    const start = local.requests.length
    const failing = posthog.hogql(hogql`select nothing from events`, { async: true, clientQueryId: 'bad' })
    await expect(failing).rejects.toMatchObject({
      name: 'QueryError',
      operation: 'GET /api/projects/{project_id}/query/{id}/',
      detail: expect.stringContaining('nothing'),
    })
    expect(requestsSince(start).filter((request) => request.startsWith('DELETE'))).toEqual([])
  })

  it('retries failed polls', async () => {
    local.faults.add(faults.badGateway({ method: 'GET' }), { method: 'GET', reset: 'mid-body' })
    expect(await posthog.hogql(count, { async: true }).one()).toEqual({ n: 200 })
  })

  it('is canceled by an abort, which rejects with its reason', async () => {
    const start = local.requests.length
    local.faults.add({ ...running(), times: Number.POSITIVE_INFINITY })
    const reason = new Error('enough')
    const controller = new AbortController()
    const options = {
      async: true,
      clientQueryId: 'aborted',
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    }
    await expect(posthog.hogql(count, options)).rejects.toBe(reason)
    await expect.poll(() => requestsSince(start).at(-1)).toBe('DELETE /api/projects/1/query/aborted/')
    expect(local.requests.at(-1)?.status).toBe(200)
  })

  it('is canceled after totalTimeout, and the error has its ID', async () => {
    local.faults.add({ ...running(), times: Number.POSITIVE_INFINITY })
    const late = posthog.hogql(count, { async: true, clientQueryId: 'late', totalTimeout: 900 })
    await expect(late).rejects.toMatchObject({
      name: 'QueryTimeoutError',
      queryId: 'late',
      message: expect.stringContaining('900 ms'),
      fix: expect.stringContaining('totalTimeout'),
    })
    await expect.poll(() => local.requests.at(-1)).toMatchObject({ method: 'DELETE', status: 200 })
  })

  it('is canceled after totalTimeout while a poll hangs', async () => {
    local.faults.add({ method: 'GET', stall: 'headers', times: Number.POSITIVE_INFINITY })
    const late = posthog.hogql(count, { async: true, clientQueryId: 'silent', totalTimeout: 700 })
    await expect(late).rejects.toMatchObject({ name: 'QueryTimeoutError', queryId: 'silent' })
    await expect.poll(() => local.requests.at(-1)).toMatchObject({ method: 'DELETE', status: 200 })
  })
})

describe('the query route of the local PostHog', () => {
  const call = async (method: string, path: string, body?: object): Promise<[number, unknown]> => {
    const response = await local.handle(
      new Request(`http://local.test/api/projects/1/query/${path}`, {
        method,
        headers: { authorization: `Bearer ${local.personalApiKey}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    return [response.status, await response.json()]
  }
  const query = { kind: 'HogQLQuery', query: 'select 1 as one' }

  it.each(['async', 'lazy_async', 'force_async'])(
    'responds 202 to %s, then reports the status',
    async (refresh) => {
      const [status, body] = await call('POST', '', { query, refresh, client_query_id: refresh })
      expect([status, body]).toEqual([
        202,
        { query_status: expect.objectContaining({ id: refresh, complete: false, results: null }) },
      ])
      await expect.poll(async () => (await call('GET', `${refresh}/`))[0]).toBe(200)
      expect((await call('GET', `${refresh}/`))[1]).toMatchObject({
        query_status: { complete: true, error: false, results: { results: [[1]], columns: ['one'] } },
      })
      // PostHog returns the stored result for a known ID, even for another query.
      const [, again] = await call('POST', '', {
        query: { ...query, query: 'select 2' },
        refresh,
        client_query_id: refresh,
      })
      expect(again).toMatchObject({ query_status: { results: { results: [[1]] } } })
    },
  )

  it('reports failures, and deletes canceled queries', async () => {
    await call('POST', '', { query: { ...query, query: 'select x' }, async: true, client_query_id: 'f' })
    await expect.poll(async () => (await call('GET', 'f/'))[0]).toBe(400)
    expect((await call('GET', 'f/'))[1]).toMatchObject({
      query_status: { error: true, error_message: expect.any(String) },
    })
    expect(await call('DELETE', 'f/')).toEqual([200, { message: 'Query already complete' }])
    expect(await call('GET', 'f/')).toEqual([
      404,
      expect.objectContaining({ detail: 'Query f not found for team 1' }),
    ])
    expect((await call('DELETE', 'f/'))[0]).toBe(404)
  })
})
