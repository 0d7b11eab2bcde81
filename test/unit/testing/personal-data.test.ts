import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordFetch, replayFetch } from '../../../src/testing.ts'

const host = 'https://posthog.test'
const uuid = '0192f000-1111-7000-8000-abcdefabcdef'
const headers = {
  authorization: 'Bearer phx_Secret0123456789abcdef',
  cookie: 'session=cookie-secret-1',
  'x-api-key': 'plain-secret-77',
}

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-personal-'))
  file = join(folder, 'recording.ndjson')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A person of the recorded responses. */
interface RecordedPerson {
  readonly uuid: string
  readonly distinct_ids: readonly string[]
  readonly properties: { readonly email: string }
}

/** The parts of a line that the tests read. */
interface RecordedLine {
  readonly text: string
  readonly request: { readonly path: string; readonly body?: { readonly json?: unknown } }
  readonly body: { readonly results: readonly RecordedPerson[] }
}

/** Records one request and returns its line. */
async function record(
  body: unknown,
  path = '/api',
  init: RequestInit = {},
  personal: readonly string[] = [],
): Promise<RecordedLine> {
  const response = (): Response => (typeof body === 'string' ? new Response(body) : Response.json(body))
  const fetch = recordFetch(file, { fetch: async () => response(), personal })
  const received = await fetch(host + path, { headers, ...init })
  // The program gets the unchanged response.
  expect(await received.text()).toBe(await response().text())
  const text = (await readFile(file, 'utf8')).trim().split('\n').at(-1) ?? ''
  const { request, response: recorded } = JSON.parse(text)
  return { text, request, body: recorded.body?.json ?? recorded.body?.text }
}

const person = {
  id: 12,
  uuid,
  name: 'Ada Lovelace',
  distinct_ids: ['user-4711', 'ada@lovelace.org'],
  properties: {
    email: 'ada@lovelace.org',
    plan: 'Enterprise',
    age: 36,
    admin: true,
    signed_up: '2024-05-06T07:08:09Z',
    $initial_referrer: 'https://mail.example.net/inbox',
    tags: ['vip-list'],
  },
}

describe('what is written', () => {
  it('has no secret of the request, also where the server repeats it', async () => {
    const { text } = await record({
      echo: 'key phx_Secret0123456789abcdef, cookie-secret-1, plain-secret-77',
      other: 'phs_0123456789',
      client_secret: 'oauth-secret-9',
      text: 'Bearer abcdefghijklmnop',
      live_events_token: 'live-token-5',
      jwt: ['eyJhbGciOiJI.eyJzdWIiOiI.c2lnbmF0dXJl'],
      next: 'https://s3.example.net/part?X-Amz-Signature=0a1b2c3d&page=2',
    })
    expect(text).not.toMatch(
      /Secret0123|cookie-secret|plain-secret|phs_0123|oauth-secret|abcdefghijklmnop|live-token|eyJ|0a1b2c3d/,
    )
    expect(text).not.toMatch(/authorization/i)
  })

  it('replaces everything about a person, in the same form', async () => {
    const { text, body } = await record({ results: [person] })
    expect(text).not.toMatch(/Ada|Lovelace|lovelace|4711|Enterprise|0192f000|2024-05-06|inbox|vip/)
    expect(body).toMatchObject({
      results: [
        {
          id: expect.any(Number),
          uuid: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/),
          name: expect.stringMatching(/^anon-[\da-f]{16}$/),
          distinct_ids: [
            expect.stringMatching(/^anon-[\da-f]{16}$/),
            expect.stringMatching(/^anon-[\da-f]{16}@example\.com$/),
          ],
          properties: {
            age: expect.any(Number),
            admin: true,
            signed_up: expect.stringMatching(/^197\d-\d\d-\d\dT07:08:09Z$/),
            $initial_referrer: expect.stringMatching(/^https:\/\/example\.com\/anon-/),
          },
        },
      ],
    })
  })

  it('replaces equal values equally, so that joins hold', async () => {
    const first = await record({ results: [person] })
    const second = await record(
      {
        results: [[uuid, 'user-4711', '{"email":"ada@lovelace.org"}', 3]],
        columns: ['person_id', 'distinct_id', 'properties', 'n'],
      },
      `/api/projects/1/persons/${uuid}/?email=ada%40lovelace.org&distinct_id=user-4711`,
    )
    const [one] = first.body.results
    if (one === undefined) throw new Error('The recording has a person.')
    const { email } = one.properties
    expect(second.body.results).toEqual([[one.uuid, one.distinct_ids[0], JSON.stringify({ email }), 3]])
    expect(one.distinct_ids[1]).toBe(email)
    expect(second.request.path).toBe(
      `/api/projects/1/persons/${one.uuid}/?email=${encodeURIComponent(email)}&distinct_id=${one.distinct_ids[0]}`,
    )
  })

  it('keeps names and settings that describe no person', async () => {
    const flag = {
      id: 5,
      key: 'checkout',
      name: 'New checkout',
      filters: { groups: [{ rollout_percentage: 5, properties: [{ key: 'id', value: 3, type: 'cohort' }] }] },
      created_at: '2026-01-02T03:04:05Z',
      active: true,
    }
    expect((await record(flag)).body).toEqual(flag)
    const document = {
      openapi: '3.0.3',
      components: { schemas: { A: { type: 'object', properties: { email: { type: 'string' } } } } },
    }
    expect((await record(document)).body).toEqual(document)
  })

  it('replaces values of filters and values bound to queries', async () => {
    const query = {
      kind: 'HogQLQuery',
      query: 'select count() from events where distinct_id = {a} and event = {b} limit {c}',
      values: { a: 'user-4711', b: '$pageview', c: 10 },
    }
    const { request } = await record({}, '/api', { method: 'POST', body: JSON.stringify({ query }) })
    expect(request.body?.json).toEqual({
      query: { ...query, values: { a: expect.stringMatching(/^anon-/), b: '$pageview', c: 10 } },
    })
    const filter = { properties: [{ key: 'plan', value: ['Enterprise'], operator: 'exact', type: 'person' }] }
    const { text } = await record({}, '/api', { method: 'POST', body: JSON.stringify(filter) })
    expect(text).not.toContain('Enterprise')
  })

  it('replaces addresses in text, event streams and compressed requests', async () => {
    const { text } = await record(
      'data: {"distinct_id":"user-4711"}\n\nfrom 203.0.113.9 and 2001:db9:0:0:0:0:0:1 at 12:30:45',
      '/api',
      {
        method: 'POST',
        body: gzipSync('{"distinct_id":"user-4711"}'),
        headers: { ...headers, 'content-encoding': 'gzip' },
      },
    )
    expect(text).not.toMatch(/4711|203\.0\.113|2001:db9/)
    expect(text).toContain('12:30:45')
  })

  it('replaces what `personal` names, such as an alias in SQL', async () => {
    const rows = { results: [['Ada', 3]], columns: ['who', 'n'] }
    expect((await record(rows)).body).toEqual(rows)
    expect((await record(rows, '/api', {}, ['who'])).body).toMatchObject({
      results: [[expect.stringMatching(/^anon-/), 3]],
    })
  })
})

describe('a replay of replaced values', () => {
  it('matches the values that the program sends, and keeps them apart', async () => {
    for (const [id, n] of [
      ['user-1', 1],
      ['user-2', 2],
    ] as const) {
      await record({ n }, `/api/projects/1/persons/?distinct_id=${id}`)
    }
    const replay = replayFetch(file)
    const get = async (id: string): Promise<unknown> =>
      (await replay(`${host}/api/projects/1/persons/?distinct_id=${id}`, {})).json()
    expect(await get('user-1')).toEqual({ n: 1 })
    await expect(get('user-1')).rejects.toThrow('was recorded once')
    expect(await get('user-2')).toEqual({ n: 2 })
  })

  it('matches the replacements themselves exactly', async () => {
    await record({ n: 1 }, '/api/projects/1/persons/?distinct_id=user-1')
    const { request } = await record({ n: 2 }, '/api/projects/1/persons/?distinct_id=user-2')
    const response = await replayFetch(file)(host + request.path, {})
    expect(await response.json()).toEqual({ n: 2 })
  })

  it('matches a UUID in a path that differs from run to run', async () => {
    await record({ n: 1 }, `/api/projects/1/query/${uuid}/`)
    const other = '11111111-2222-7000-8000-abcdefabcdef'
    const response = await replayFetch(file)(`${host}/api/projects/1/query/${other}/`, {})
    expect(await response.json()).toEqual({ n: 1 })
  })
})
