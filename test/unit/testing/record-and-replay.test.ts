import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../../../src/index.ts'
import { type FetchFunction, recordFetch, replayFetch } from '../../../src/testing.ts'

const key = 'phx_Secret0123456789abcdef'
const host = 'https://posthog.test'
const headers = { authorization: `Bearer ${key}`, cookie: 'session=cookie-secret-1' }

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-recording-'))
  file = join(folder, 'nested', 'recording.ndjson')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A server that responds to each request with the next body. */
const serve =
  (...bodies: readonly (object | Response)[]): FetchFunction =>
  async () => {
    const body = bodies[count++ % bodies.length] ?? {}
    return body instanceof Response ? body : Response.json(body)
  }
let count = 0
beforeEach(() => {
  count = 0
})

const json = async (fetch: FetchFunction, path: string, init: RequestInit = {}): Promise<unknown> =>
  (await fetch(host + path, { headers, ...init })).json()
const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })

describe('a recording', () => {
  it('has one readable line per request', async () => {
    const fetch = recordFetch(file, { fetch: serve({ results: [{ id: 1, name: 'Paying' }] }) })
    await json(fetch, '/api/projects/1/cohorts/?limit=1')
    expect((await readFile(file, 'utf8')).split('\n')).toEqual([
      JSON.stringify({
        order: 1,
        request: { method: 'GET', path: '/api/projects/1/cohorts/?limit=1' },
        response: {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: { json: { results: [{ id: 1, name: 'Paying' }] } },
        },
      }),
      '',
    ])
  })

  it('replays what it recorded for a client', async () => {
    const page = { count: 1, next: null, previous: null, results: [{ id: 1, name: 'Paying' }] }
    const options = { apiKey: key, projectId: 1, host, logLevel: 'off' } as const
    const recorded = await createClient({
      ...options,
      fetch: recordFetch(file, { fetch: serve(page) }),
    }).cohorts.list()
    const replayed = await createClient({ ...options, fetch: replayFetch(file) }).cohorts.list()
    expect(replayed.items).toEqual(recorded.items)
    expect(replayed.items).toMatchObject([{ id: 1, name: 'Paying' }])
  })

  it('keeps integers of 64 bits', async () => {
    const text = '{"results":[[9007199254740993]],"columns":["n"],"types":[["n","UInt64"]]}'
    const fetch = recordFetch(file, { fetch: serve(new Response(text)) })
    await (await fetch(`${host}/api/projects/1/query/`, { method: 'POST' })).text()
    const replayed = await replayFetch(file)(`${host}/api/projects/1/query/`, { method: 'POST' })
    expect(await replayed.text()).toBe(text)
  })

  it('keeps bytes, statuses and empty bodies', async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 255])
    const responses = [
      new Response(png, { headers: { 'content-type': 'image/png' } }),
      new Response(null, { status: 204 }),
      new Response('slow down', { status: 429, headers: { 'retry-after': '3', 'set-cookie': 'session=1' } }),
    ]
    const record = recordFetch(file, { fetch: serve(...responses) })
    for (const path of ['/image', '/none', '/busy']) await (await record(host + path, {})).arrayBuffer()
    const replay = replayFetch(file)
    expect(new Uint8Array(await (await replay(`${host}/image`, {})).arrayBuffer())).toEqual(png)
    expect(await replay(`${host}/none`, {})).toMatchObject({ status: 204, body: null })
    const busy = await replay(`${host}/busy`, {})
    expect([busy.status, busy.headers.get('retry-after'), await busy.text()]).toEqual([429, '3', 'slow down'])
    expect(await readFile(file, 'utf8')).not.toContain('cookie')
  })

  it('keeps the form of an upload', async () => {
    const upload = (): RequestInit => {
      const body = new FormData()
      body.append('csv', new Blob(['id\n1\n']), 'ids.csv')
      return { method: 'POST', body }
    }
    await json(recordFetch(file, { fetch: serve({ id: 3 }) }), '/upload', upload())
    expect(await readFile(file, 'utf8')).toContain('"form":[["csv",{"text":"id\\n1\\n"}]]')
    expect(await json(replayFetch(file), '/upload', upload())).toEqual({ id: 3 })
  })

  it('is continued by a later recorder, and replaces values as before', async () => {
    const person = { email: 'ada@lovelace.org' }
    await json(recordFetch(file, { fetch: serve(person) }), '/one')
    await json(recordFetch(file, { fetch: serve(person) }), '/two')
    const lines = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ order }) => order)).toEqual([1, 2])
    expect(lines[0].response.body).toEqual(lines[1].response.body)
  })

  it('survives a last line that breaks off', async () => {
    await json(recordFetch(file, { fetch: serve({ id: 1 }) }), '/one')
    await appendFile(file, '{"order":2,"request":{"meth')
    const replay = replayFetch(file)
    expect(await json(replay, '/one')).toEqual({ id: 1 })
    await expect(json(replay, '/two')).rejects.toThrow(/The last line of .* breaks off and was left out/)
    await json(recordFetch(file, { fetch: serve({ id: 2 }) }), '/two')
    expect(await json(replayFetch(file), '/two')).toEqual({ id: 2 })
  })

  it('rejects a file that is something else', async () => {
    const other = join(folder, 'notes.txt')
    await appendFile(other, 'my notes\nof today\n')
    expect(() => recordFetch(other)).toThrow(/Expected line 1 of .*notes.txt to be a recorded exchange/)
    expect(() => replayFetch(other)).toThrow(/Repair or delete the line/)
    expect(() => replayFetch(join(folder, 'missing'))).toThrow(/Expected a recording at/)
  })

  it('holds a stream of events up to where its reader stopped', async () => {
    const events = new Response('data: {"n":1}\n\ndata: {"n":2', {
      headers: { 'content-type': 'text/event-stream' },
    })
    const response = await recordFetch(file, { fetch: serve(events) })(`${host}/stream`, {})
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    const replayed = (await replayFetch(file)(`${host}/stream`, {})).body?.getReader()
    const chunk = await replayed?.read()
    expect(new TextDecoder().decode(chunk?.value)).toBe('data: {"n":1}\n\n')
    await expect(replayed?.read()).rejects.toThrow(/body of GET \/stream ends here/)
  })

  it('reads JSON to its end when the reader stops early', async () => {
    const response = await recordFetch(file, { fetch: serve({ results: [1, 2, 3] }) })(`${host}/rows`, {})
    await response.body?.cancel()
    expect(await json(replayFetch(file), '/rows')).toEqual({ results: [1, 2, 3] })
  })
})

describe('a replay', () => {
  it('ignores the order of keys and query parameters', async () => {
    await json(
      recordFetch(file, { fetch: serve({ id: 1 }) }),
      '/api?a=1&b=2',
      post({ a: { b: 1, c: [2] }, d: 3 }),
    )
    const replay = replayFetch(file)
    expect(await json(replay, '/api?b=2&a=1', post({ d: 3, a: { c: [2], b: 1 } }))).toEqual({ id: 1 })
  })

  it('repeats the responses of equal requests in order, also of parallel ones', async () => {
    const record = recordFetch(file, { fetch: serve({ n: 1 }, { n: 2 }, { n: 3 }) })
    await Promise.all([json(record, '/poll'), json(record, '/poll'), json(record, '/poll')])
    const replay = replayFetch(file)
    expect(await Promise.all([json(replay, '/poll'), json(replay, '/poll'), json(replay, '/poll')])).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 3 },
    ])
    await expect(json(replay, '/poll')).rejects.toThrow(
      /GET \/poll was recorded 3 times .* requested once more/,
    )
  })

  it('repeats the last response with `repeatLast`', async () => {
    const record = recordFetch(file, { fetch: serve({ n: 1 }, { n: 2 }) })
    await json(record, '/poll')
    await json(record, '/poll')
    const replay = replayFetch(file, { repeatLast: true })
    const got = []
    for (let call = 0; call < 4; call++) got.push(await json(replay, '/poll'))
    expect(got).toEqual([{ n: 1 }, { n: 2 }, { n: 2 }, { n: 2 }])
  })

  it('names the request and the closest recorded ones when nothing fits', async () => {
    const record = recordFetch(file, { fetch: serve({}) })
    await json(record, '/api/projects/1/cohorts/?limit=5')
    await json(record, '/api/projects/1/actions/', post({ name: 'a' }))
    await json(record, '/api/users/@me/')
    const replay = replayFetch(file)
    await expect(json(replay, '/api/projects/1/cohorts/?limit=6')).rejects.toMatchObject({
      code: 'ERR_NO_RECORDING',
      message: expect.stringMatching(
        /no response to GET \/api\/projects\/1\/cohorts\/\?limit=6\. Closest recorded requests:\n {2}GET \/api\/projects\/1\/cohorts\/\?limit=5 \(other query\)\n/,
      ),
    })
    await expect(json(replay, '/api/projects/1/actions/', post({ name: 'b' }))).rejects.toThrow(
      /POST \/api\/projects\/1\/actions\/ \(other body\)/,
    )
  })

  it('fails a call of the client at once, with the reason as its cause', async () => {
    await json(recordFetch(file, { fetch: serve({}) }), '/api/users/@me/')
    let calls = 0
    const replay = replayFetch(file)
    const posthog = createClient({
      apiKey: key,
      projectId: 1,
      host,
      logLevel: 'off',
      fetch: (url, init) => {
        calls += 1
        return replay(url, init)
      },
    })
    await expect(posthog.cohorts.list()).rejects.toMatchObject({
      kind: 'connection',
      cause: { message: expect.stringContaining('has no response to GET /api/projects/1/cohorts/') },
    })
    expect(calls).toBe(1)
  })

  it('leaves out what `ignore` names', async () => {
    await json(recordFetch(file, { fetch: serve({ id: 1 }) }), '/api?at=1', post({ made: 'Monday', a: 1 }))
    const replay = replayFetch(file, { ignore: ['at', 'made'] })
    expect(await json(replay, '/api?at=2', post({ made: 'Friday', a: 1 }))).toEqual({ id: 1 })
  })

  it('rejects with the reason of an aborted signal', async () => {
    await json(recordFetch(file, { fetch: serve({}) }), '/one')
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(replayFetch(file)(`${host}/one`, { signal })).rejects.toThrow('enough')
  })
})
