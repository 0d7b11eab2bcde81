import { describe, expect, it } from 'vitest'
import { errorResponse, type FakeServer, fakeServer } from '../../fake-server.ts'

/** Persons by their stored email addresses. */
type Addresses = Readonly<Record<string, readonly string[]>>

/** A server that responds to queries for email addresses, looks up persons and adds them. */
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

/** The first query of the requests. */
function queryOf({ requests }: FakeServer): { readonly query: string; readonly values: object } {
  const first = requests.find(({ path }) => path === '/query/')
  if (first === undefined) throw new Error('No query was sent')
  return first.body['query'] as ReturnType<typeof queryOf>
}

describe('adding persons to a cohort', () => {
  it('matches email addresses in upper and lower case', async () => {
    const server = account({ 'Ada@Example.com': ['p1'], 'bob@example.com': ['p2'] })
    const emails = [' ADA@example.COM ', 'Bob@Example.Com', 'nobody@example.com']
    expect(await server.client().cohorts.addPersons(7, { emails })).toEqual({
      added: 2,
      missing: { distinctIds: [], emails: ['nobody@example.com'] },
    })
    expect(added(server)).toEqual(['p1', 'p2'])
  })

  it('compares email addresses case-insensitively for all letters', async () => {
    const server = account({ 'MÜLLER@example.com': ['p1'] })
    await server.client().cohorts.addPersons(7, { emails: ['müller@example.com'] })
    const { query } = queryOf(server)
    // lower() of ClickHouse knows the letters of ASCII alone.
    expect(query).toContain('lowerUTF8(')
    expect(query).not.toMatch(/\blower\(/)
    expect(added(server)).toEqual(['p1'])
  })

  it('includes every person with an address', async () => {
    const server = account({ 'info@example.com': ['p1', 'p2', 'p3'] })
    const { added: count } = await server.client().cohorts.addPersons(7, { emails: ['info@example.com'] })
    expect(count).toBe(3)
  })

  it('binds email addresses as values, never as query text', async () => {
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

  it('matches nobody for an empty address', async () => {
    const server = account({ '': ['p1', 'p2'] })
    const result = await server.client().cohorts.addPersons(7, { emails: ['', '  '] })
    expect(result).toMatchObject({
      added: 0,
      missing: { distinctIds: [], emails: [expect.stringMatching(/^ *$/)] },
    })
    expect(server.requests).toEqual([])
  })

  it('reports each unknown identifier once', async () => {
    const server = account()
    const distinctIds = ['lost-1', ...Array.from({ length: 300 }, (_, index) => `u${index}`), 'lost-1']
    const emails = ['a@x', 'A@X', ...Array.from({ length: 1_100 }, (_, index) => `${index}@x`), 'a@x']
    const { missing } = await server.client().cohorts.addPersons(7, { distinctIds, emails })
    expect(missing.distinctIds).toEqual(['lost-1'])
    expect(missing.emails).toHaveLength(1_101)
    expect(new Set(missing.emails.map((email) => email.toLowerCase())).size).toBe(1_101)
  })

  it('looks up and adds persons in batches without duplicates', async () => {
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

  it.each(['personIds', 'distinctIds', 'emails'])('rejects a string in %s', async (name) => {
    const server = account()
    const call = server.client().cohorts.addPersons(7, { [name]: 'ada@example.com' })
    await expect(call).rejects.toMatchObject({ name: 'ConfigurationError' })
    expect(server.requests).toEqual([])
  })

  it("throws PostHog's error for a cohort that is not static", async () => {
    const server = fakeServer(() => errorResponse(400, { detail: 'Can only add users to static cohorts' }))
    const call = server.client().cohorts.addPersons(7, { personIds: ['p1'] })
    await expect(call).rejects.toMatchObject({ name: 'BadRequestError' })
  })

  it('looks up persons before creating a cohort', async () => {
    const server = fakeServer(() => errorResponse(403))
    const call = server.client().cohorts.createStatic({ name: 'Churned', distinctIds: ['a'] })
    await expect(call).rejects.toMatchObject({ name: 'PermissionError' })
    expect(server.lines()).toEqual(['POST /persons/batch_by_distinct_ids/'])
  })

  it('warns if a new cohort lacks persons because adding them failed', async () => {
    const server = fakeServer(({ method }) =>
      method === 'PATCH' ? errorResponse(403) : Response.json({ id: 7 }),
    )
    const warnings: string[] = []
    const silent = (): void => {}
    const logger = { debug: silent, info: silent, error: silent, warn: (text: string) => warnings.push(text) }
    const call = server.client({ logger }).cohorts.createStatic({ name: 'Churned', personIds: ['a'] })
    await expect(call).rejects.toMatchObject({ name: 'PermissionError' })
    expect(warnings).toEqual([
      'Created cohort 7, but not all persons were added. Add them again with `cohorts.addPersons`.',
    ])
  })
})
