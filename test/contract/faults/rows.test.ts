import { describe, expect, it } from 'vitest'
import { createClient, hogql, type TypehogClient } from '../../../src/index.ts'
import { failure } from '../../unit/runtime/harness.ts'

// Rows and events from a broken or hostile server.

/** A client whose requests all get this response. */
const clientFor = (body: string, contentType = 'application/json'): TypehogClient =>
  createClient({
    apiKey: 'phx_Secret0123456789abcdef',
    projectId: 1,
    retry: false,
    limits: false,
    fetch: async () => new Response(body, { headers: { 'content-type': contentType } }),
  })
const query = hogql<{ a: string; b: string }>`select a, b from t`
const table = (results: string, types = '["String","String"]'): string =>
  `{"columns":["a","b"],"types":${types},"results":${results},"hasMore":false}`
const inLinearTime = async <Value>(work: PromiseLike<Value>): Promise<Value> => {
  const started = performance.now()
  const value = await work
  // Linear time takes a fraction of a second, quadratic time takes minutes.
  expect(performance.now() - started).toBeLessThan(8_000)
  return value
}

describe('a row that does not match the columns', () => {
  const cases = [
    [
      'has an extra cell',
      '[["1","2"],["1","2","lost"]]',
      'Row 2 of the response has 3 cells; expected 2, one per column.',
    ],
    [
      'lacks a cell',
      '[["1","2"],["1","2"],["3"]]',
      'Row 3 of the response has 1 cells; expected 2, one per column.',
    ],
    [
      'is not an array',
      '[{"a":1}]',
      'Row 1 of the response is not an array of cells; expected 2, one per column.',
    ],
  ] as const

  it.each(cases)('is rejected by a query if it %s', async (_, results, message) => {
    const error = await failure(clientFor(table(results)).hogql(query).then())
    expect(error).toMatchObject({ name: 'DecodeError', message })
  })

  it.each(cases)('is rejected by a stream if it %s', async (_, results, message) => {
    const { hogql: run } = clientFor(table(results))
    const read = async (): Promise<void> => {
      for await (const _row of run(query).stream());
    }
    expect(await failure(read())).toMatchObject({ name: 'DecodeError', message })
    const pages = run(query)
      .stream({ orderBy: ['a'] })
      .pages()
    expect(await failure(pages.next())).toMatchObject({ name: 'DecodeError', message })
  })

  it.each(cases)('is rejected by an endpoint if it %s', async (_, results, message) => {
    const { endpoints } = clientFor(table(results).replace('{', '{"name":"e","endpoint_version":1,'))
    const endpoint = { name: 'e', version: 1, materialized: false, columns: [] }
    const error = await failure(endpoints.run(endpoint as never).then())
    expect(error).toMatchObject({ name: 'DecodeError', message })
  })
})

describe('a hostile response', () => {
  it('is read in linear time if a string looks like the marker of an integer', async () => {
    const note = `int64${':'.repeat(3_000_000)}`
    const { rows } = await inLinearTime(
      clientFor(table(`[["${note}",12345678901234567890]]`, '["String","UInt64"]'))
        .hogql(query, { int64: 'bigint' })
        .then(),
    )
    expect(rows).toEqual([{ a: note, b: 12345678901234567890n }])
  })

  it('is read in linear time if many columns have the same name', async () => {
    const count = 50_000
    const columns = JSON.stringify(Array<string>(count).fill('a'))
    const cells = JSON.stringify(Array<number>(count).fill(1))
    const { rows } = await inLinearTime(
      clientFor(`{"columns":${columns},"results":[${cells}],"hasMore":false}`).hogql(query).then(),
    )
    expect(Object.keys(rows[0] ?? {})).toHaveLength(count)
  })

  it.each([true, false])(
    'is read in linear time if a type has 100,000 levels, columns declared: %s',
    async (declared) => {
      const type = `${'Array('.repeat(100_000)}Int64${')'.repeat(100_000)}`
      const run = clientFor(table('[["1",[]]]', JSON.stringify(['String', type]))).hogql(query)
      const { rows } = await inLinearTime((declared ? run.as({ a: 'String' }) : run).then())
      expect(rows).toEqual([{ a: '1', b: [] }])
    },
  )

  it('is a DecodeError if a cell has 200,000 levels', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect(
      await failure(
        clientFor(table(`[["1",${deep}]]`))
          .hogql(query)
          .then(),
      ),
    ).toMatchObject({
      name: 'DecodeError',
      message: expect.stringContaining('nested'),
    })
  })
})

describe('a stream', () => {
  const alreadyRead = {
    name: 'ConfigurationError',
    message: expect.stringContaining('can be read only once, and was already read'),
  }
  const readAll = async (items: AsyncIterable<unknown>): Promise<unknown[]> => {
    const all: unknown[] = []
    for await (const item of items) all.push(item)
    return all
  }
  const stream = (): ReturnType<ReturnType<TypehogClient['hogql']>['stream']> =>
    clientFor(table('[["1","2"],["3","4"]]')).hogql(query).stream()

  it('yields its rows to one loop and rejects a second', async () => {
    const rows = stream()
    expect(await readAll(rows)).toHaveLength(2)
    expect(await failure(readAll(rows))).toMatchObject(alreadyRead)
    expect(() => rows.pages()).toThrow('already read')
  })

  it('rejects a second loop after a break', async () => {
    const rows = stream()
    for await (const _ of rows) break
    expect(await failure(readAll(rows))).toMatchObject(alreadyRead)
  })

  it('yields the remaining rows after calls of next', async () => {
    const rows = stream()
    expect((await rows.next()).value).toEqual({ a: '1', b: '2' })
    expect(await readAll(rows)).toEqual([{ a: '3', b: '4' }])
    expect(() => rows.pages()).toThrow('already read')
  })

  it('yields its pages to one loop and rejects a second loop over pages or rows', async () => {
    const rows = stream()
    const pages = rows.pages()
    expect((await readAll(pages)).length).toBeGreaterThan(0)
    expect(await failure(readAll(pages))).toMatchObject(alreadyRead)
    expect(await failure(readAll(rows))).toMatchObject(alreadyRead)
    expect(await failure(rows.next())).toMatchObject(alreadyRead)
    expect(() => rows.pages()).toThrow('already read')
  })

  it('has an iterator that can be looped over', async () => {
    expect(await readAll(stream()[Symbol.asyncIterator]())).toHaveLength(2)
  })

  it('of the pages of a list rejects a second loop', async () => {
    const pages = clientFor('{"results":[{"id":1}],"next":null}').featureFlags.list().pages()
    expect(await readAll(pages)).toHaveLength(1)
    expect(await failure(readAll(pages))).toMatchObject(alreadyRead)
  })

  it('of the tiles of a dashboard rejects a second loop', async () => {
    const { dashboards } = clientFor(
      'data: {"type":"tile"}\n\ndata: {"type":"complete"}\n\n',
      'text/event-stream',
    )
    const tiles = dashboards.streamTiles(7)
    expect(await readAll(tiles)).toHaveLength(1)
    expect(await failure(readAll(tiles))).toMatchObject(alreadyRead)
  })

  it('of tiles ends with an error if its last event is incomplete', async () => {
    const { dashboards } = clientFor(
      'data: {"type":"tile"}\n\ndata: {"type":"complete"}\n',
      'text/event-stream',
    )
    expect(await failure(readAll(dashboards.streamTiles(7)))).toMatchObject({ name: 'DecodeError' })
  })
})
