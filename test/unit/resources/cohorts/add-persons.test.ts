import { describe, expect, it } from 'vitest'
import { errorResponse, type FakeServer, fakeServer } from '../../fake-server.ts'

/** Persons by their addresses, as PostHog stores them. */
type Addresses = Readonly<Record<string, readonly string[]>>

/** Answers queries for addresses, looks everybody up and takes them in. */
function account(addresses: Addresses = {}): FakeServer {
  return fakeServer(({ path, body }) => {
    if (path === '/query/') {
      const { values = {} } = body['query'] as { values?: Readonly<Record<string, unknown>> }
      const wanted = Object.values(values).find(Array.isArray) ?? []
      const rows = Object.entries(addresses).flatMap(([email, persons]) => {
        return wanted.includes(email.toLowerCase()) ? persons.map((id) => [id, email.toLowerCase()]) : []
      })
      return Response.json({ results: rows, columns: ['id', 'email'], types: [], hasMore: false })
    }
    if (path === '/persons/batch_by_distinct_ids/') {
      const known = (body['distinct_ids'] as string[]).filter((id) => !id.startsWith('lost'))
      return Response.json({ results: Object.fromEntries(known.map((id) => [id, { uuid: `person-${id}` }])) })
    }
    return Response.json({ id: 7 })
  })
}

const added = (server: FakeServer): string[] =>
  server.requests.flatMap(({ body }) => (body['person_ids'] ?? []) as string[])

/** The first query that was asked. */
function queryOf({ requests: asked }: FakeServer): { readonly query: string; readonly values: object } {
  const first = asked.find(({ path }) => path === '/query/')
  if (first === undefined) throw new Error('No query was asked')
  return first.body['query'] as ReturnType<typeof queryOf>
}

describe('persons that are put into a cohort', () => {
  it('may be named by addresses in upper or lower case', async () => {
    const server = account({ 'Ada@Example.com': ['p1'], 'bob@example.com': ['p2'] })
    const emails = [' ADA@example.COM ', 'Bob@Example.Com', 'nobody@example.com']
    expect(await server.client().cohorts.addPersons(7, { emails })).toEqual({
      added: 2,
      missing: { distinctIds: [], emails: ['nobody@example.com'] },
    })
    expect(added(server)).toEqual(['p1', 'p2'])
  })

  it('are compared in a case that is the same for all letters', async () => {
    const server = account({ 'MÜLLER@example.com': ['p1'] })
    await server.client().cohorts.addPersons(7, { emails: ['müller@example.com'] })
    const { query } = queryOf(server)
    // lower() of ClickHouse knows the letters of ASCII alone.
    expect(query).toContain('lowerUTF8(')
    expect(query).not.toMatch(/\blower\(/)
    expect(added(server)).toEqual(['p1'])
  })

  it('are all those who have an address', async () => {
    const server = account({ 'info@example.com': ['p1', 'p2', 'p3'] })
    const { added: count } = await server.client().cohorts.addPersons(7, { emails: ['info@example.com'] })
    expect(count).toBe(3)
  })

  it('are asked for by addresses as values, never as a part of the query', async () => {
    const server = account()
    const emails = [
      `o'brien@example.com`,
      `') or 1=1 --@x`,
      '\\',
      '`',
      '"',
      '{values.hogql_val_0}',
      '%',
      '{x}',
    ]
    const { missing } = await server.client().cohorts.addPersons(7, { emails })
    expect(missing.emails).toEqual(emails)
    const { query, values } = queryOf(server)
    for (const email of emails.filter((one) => one.length > 2)) expect(query).not.toContain(email)
    expect(Object.values(values)).toContainEqual(emails.map((email) => email.toLowerCase()))
  })

  it('are nobody for an empty address', async () => {
    const server = account({ '': ['p1', 'p2'] })
    const result = await server.client().cohorts.addPersons(7, { emails: ['', '  '] })
    expect(result).toMatchObject({
      added: 0,
      missing: { distinctIds: [], emails: [expect.stringMatching(/^ *$/)] },
    })
    expect(server.requests).toEqual([])
  })

  it('are told of once when they are unknown, however often and wherever they were named', async () => {
    const server = account()
    const distinctIds = ['lost-1', ...Array.from({ length: 300 }, (_, index) => `u${index}`), 'lost-1']
    const emails = ['a@x', 'A@X', ...Array.from({ length: 1_100 }, (_, index) => `${index}@x`), 'a@x']
    const { missing } = await server.client().cohorts.addPersons(7, { distinctIds, emails })
    expect(missing.distinctIds).toEqual(['lost-1'])
    expect(missing.emails).toHaveLength(1_101)
    expect(new Set(missing.emails.map((email) => email.toLowerCase())).size).toBe(1_101)
  })

  it('are looked up and added in batches, each once', async () => {
    const server = account()
    async function* distinctIds(): AsyncGenerator<string> {
      for (let id = 0; id < 10_000; id += 1) yield `u${id}`
      yield 'lost'
    }
    const personIds = ['person-u0', 'person-u1', 'other']
    const result = await server.client().cohorts.addPersons(7, { distinctIds: distinctIds(), personIds })
    expect(result).toEqual({ added: 10_001, missing: { distinctIds: ['lost'], emails: [] } })
    const sizes = server.requests.map(({ body }) => {
      return ((body['distinct_ids'] ?? body['person_ids']) as unknown[]).length
    })
    expect(sizes).toEqual([...Array(50).fill(200), 1, ...Array(10).fill(1_000), 1])
    expect(new Set(added(server)).size).toBe(10_001)
  })

  it.each(['personIds', 'distinctIds', 'emails'])('are not a text in %s', async (name) => {
    const server = account()
    const call = server.client().cohorts.addPersons(7, { [name]: 'ada@example.com' })
    await expect(call).rejects.toMatchObject({ name: 'ConfigurationError' })
    expect(server.requests).toEqual([])
  })

  it('throw what PostHog says of a cohort that is not static', async () => {
    const server = fakeServer(() => errorResponse(400, { detail: 'Can only add users to static cohorts' }))
    const call = server.client().cohorts.addPersons(7, { personIds: ['p1'] })
    await expect(call).rejects.toMatchObject({ name: 'BadRequestError' })
  })

  it('are looked up before a cohort is made of them', async () => {
    const server = fakeServer(() => errorResponse(403))
    const call = server.client().cohorts.createStatic({ name: 'Churned', distinctIds: ['a'] })
    await expect(call).rejects.toMatchObject({ name: 'PermissionError' })
    expect(server.lines()).toEqual(['POST /persons/batch_by_distinct_ids/'])
  })

  it('are missed in a new cohort that is told of when they cannot be added', async () => {
    const server = fakeServer(({ method }) =>
      method === 'PATCH' ? errorResponse(403) : Response.json({ id: 7 }),
    )
    const told: string[] = []
    const silent = (): void => {}
    const logger = { debug: silent, info: silent, error: silent, warn: (text: string) => told.push(text) }
    const call = server.client({ logger }).cohorts.createStatic({ name: 'Churned', personIds: ['a'] })
    await expect(call).rejects.toMatchObject({ name: 'PermissionError' })
    expect(told).toEqual([
      'The cohort 7 was made, and not all of its persons are in it: see `cohorts.addPersons`.',
    ])
  })
})
