import { describe, expect, it } from 'vitest'
import { createClient, hogql, type TypehogClient } from '../../../src/index.ts'
import { failure } from '../../unit/runtime/harness.ts'

// Rows and events as a broken or hostile server sends them.

/** A client whose every request is answered by this text. */
const answered = (body: string, contentType = 'application/json'): TypehogClient =>
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
const inTime = async <Value>(work: PromiseLike<Value>): Promise<Value> => {
  const started = performance.now()
  const value = await work
  // A fraction of a second; what is quadratic takes minutes.
  expect(performance.now() - started).toBeLessThan(8_000)
  return value
}

describe('a row whose cells are not those of the columns', () => {
  const cases = [
    [
      'one more',
      '[["1","2"],["1","2","lost"]]',
      'Row 2 of the response has 3 cells; expected 2, one per column.',
    ],
    [
      'one fewer',
      '[["1","2"],["1","2"],["3"]]',
      'Row 3 of the response has 1 cells; expected 2, one per column.',
    ],
    ['no list', '[{"a":1}]', 'Row 1 of the response is not an array of cells; expected 2, one per column.'],
  ] as const

  it.each(cases)('is refused by a query when there is %s', async (_, results, message) => {
    const error = await failure(answered(table(results)).hogql(query).then())
    expect(error).toMatchObject({ name: 'DecodeError', message })
  })

  it.each(cases)('is refused by a stream when there is %s', async (_, results, message) => {
    const { hogql: run } = answered(table(results))
    const read = async (): Promise<void> => {
      for await (const _row of run(query).stream());
    }
    expect(await failure(read())).toMatchObject({ name: 'DecodeError', message })
    const pages = run(query)
      .stream({ orderBy: ['a'] })
      .pages()
    expect(await failure(pages.next())).toMatchObject({ name: 'DecodeError', message })
  })

  it.each(cases)('is refused by an endpoint when there is %s', async (_, results, message) => {
    const { endpoints } = answered(table(results).replace('{', '{"name":"e","endpoint_version":1,'))
    const endpoint = { name: 'e', version: 1, materialized: false, columns: [] }
    const error = await failure(endpoints.run(endpoint as never).then())
    expect(error).toMatchObject({ name: 'DecodeError', message })
  })
})

describe('an answer that nobody would write', () => {
  it('is read in time with a text that looks like the mark of an integer', async () => {
    const note = `int64${':'.repeat(3_000_000)}`
    const { rows } = await inTime(
      answered(table(`[["${note}",12345678901234567890]]`, '["String","UInt64"]'))
        .hogql(query, { int64: 'bigint' })
        .then(),
    )
    expect(rows).toEqual([{ a: note, b: 12345678901234567890n }])
  })

  it('is read in time with many columns of one name', async () => {
    const count = 50_000
    const columns = JSON.stringify(Array<string>(count).fill('a'))
    const cells = JSON.stringify(Array<number>(count).fill(1))
    const { rows } = await inTime(
      answered(`{"columns":${columns},"results":[${cells}],"hasMore":false}`).hogql(query).then(),
    )
    expect(Object.keys(rows[0] ?? {})).toHaveLength(count)
  })

  it.each([true, false])('is read with a type of 100,000 levels, columns declared: %s', async (declared) => {
    const type = `${'Array('.repeat(100_000)}Int64${')'.repeat(100_000)}`
    const run = answered(table('[["1",[]]]', JSON.stringify(['String', type]))).hogql(query)
    const { rows } = await inTime((declared ? run.as({ a: 'String' }) : run).then())
    expect(rows).toEqual([{ a: '1', b: [] }])
  })

  it('is a DecodeError with cells of 200,000 levels', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect(
      await failure(
        answered(table(`[["1",${deep}]]`))
          .hogql(query)
          .then(),
      ),
    ).toMatchObject({
      name: 'DecodeError',
      message: expect.stringContaining('nested'),
    })
  })
})

describe('a stream that is read once', () => {
  const once = {
    name: 'ConfigurationError',
    message: expect.stringContaining('can be read only once, and was already read'),
  }
  const read = async (items: AsyncIterable<unknown>): Promise<unknown[]> => {
    const found: unknown[] = []
    for await (const item of items) found.push(item)
    return found
  }
  const stream = (): ReturnType<ReturnType<TypehogClient['hogql']>['stream']> =>
    answered(table('[["1","2"],["3","4"]]')).hogql(query).stream()

  it('gives its rows to one loop and refuses another', async () => {
    const rows = stream()
    expect(await read(rows)).toHaveLength(2)
    expect(await failure(read(rows))).toMatchObject(once)
    expect(() => rows.pages()).toThrow('already read')
  })

  it('refuses another loop after a break', async () => {
    const rows = stream()
    for await (const _ of rows) break
    expect(await failure(read(rows))).toMatchObject(once)
  })

  it('gives the rest of its rows after some were taken by next', async () => {
    const rows = stream()
    expect((await rows.next()).value).toEqual({ a: '1', b: '2' })
    expect(await read(rows)).toEqual([{ a: '3', b: '4' }])
    expect(() => rows.pages()).toThrow('already read')
  })

  it('gives its pages to one loop and refuses another, also one over rows', async () => {
    const rows = stream()
    const pages = rows.pages()
    expect((await read(pages)).length).toBeGreaterThan(0)
    expect(await failure(read(pages))).toMatchObject(once)
    expect(await failure(read(rows))).toMatchObject(once)
    expect(await failure(rows.next())).toMatchObject(once)
    expect(() => rows.pages()).toThrow('already read')
  })

  it('can be looped over through an iterator of its own', async () => {
    expect(await read(stream()[Symbol.asyncIterator]())).toHaveLength(2)
  })

  it('refuses another loop over the pages of a list', async () => {
    const pages = answered('{"results":[{"id":1}],"next":null}').featureFlags.list().pages()
    expect(await read(pages)).toHaveLength(1)
    expect(await failure(read(pages))).toMatchObject(once)
  })

  it('refuses another loop over the tiles of a dashboard', async () => {
    const { dashboards } = answered(
      'data: {"type":"tile"}\n\ndata: {"type":"complete"}\n\n',
      'text/event-stream',
    )
    const tiles = dashboards.streamTiles(7)
    expect(await read(tiles)).toHaveLength(1)
    expect(await failure(read(tiles))).toMatchObject(once)
  })

  it('is an error when its last event is not finished', async () => {
    const { dashboards } = answered(
      'data: {"type":"tile"}\n\ndata: {"type":"complete"}\n',
      'text/event-stream',
    )
    expect(await failure(read(dashboards.streamTiles(7)))).toMatchObject({ name: 'DecodeError' })
  })
})
