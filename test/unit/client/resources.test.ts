import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Resources } from '../../../src/resources/resources.ts'
import { clientOf, fakeServer, projects, scriptedServer } from '../fake-server.ts'
import { runPending } from '../runtime/harness.ts'

/** Every name of the interface: one that is missing, or one too many, does not compile. */
const nested = {
  errorTracking: {
    assignmentRules: true,
    bypassRules: true,
    fingerprints: true,
    groupingRules: true,
    issues: true,
    severityRules: true,
    suppressionRules: true,
    symbolLinks: true,
  },
  warehouse: { externalDataSources: true, savedQueries: true, tables: true },
} as const satisfies { [Name in 'errorTracking' | 'warehouse']: Record<keyof Resources[Name], true> }
const flat: Record<Exclude<keyof Resources, keyof typeof nested>, true> = {
  actions: true,
  alerts: true,
  annotations: true,
  apiKeys: true,
  batchExports: true,
  cohorts: true,
  comments: true,
  dashboards: true,
  dashboardTemplates: true,
  earlyAccessFeatures: true,
  endpoints: true,
  eventDefinitions: true,
  events: true,
  experiments: true,
  featureFlags: true,
  fileDownloads: true,
  groups: true,
  hogFunctions: true,
  insights: true,
  insightVariables: true,
  integrations: true,
  invites: true,
  members: true,
  notebooks: true,
  organizations: true,
  persons: true,
  projects: true,
  propertyDefinitions: true,
  query: true,
  roles: true,
  scheduledChanges: true,
  sessionRecordings: true,
  subscriptions: true,
  surveys: true,
  users: true,
}
const names = [
  ...Object.keys(flat),
  ...Object.entries(nested).flatMap(([first, second]) => {
    return Object.keys(second).map((name) => `${first}.${name}`)
  }),
]

function resourceOf(client: object, name: string): Record<string, unknown> {
  return name.split('.').reduce((object, part) => Reflect.get(object, part), client) as never
}

describe('the resources of a client', () => {
  it.each(names)('%s is on the client with its methods', (name) => {
    const methods = Object.values(resourceOf(clientOf(scriptedServer()), name))
    expect(methods.length).toBeGreaterThan(0)
    for (const method of methods) expect(method).toBeTypeOf('function')
  })

  it('has no names on the client beyond the interface', () => {
    const own = new Set([
      ...['config', 'hogql', 'export', 'api', 'request', 'list', 'explain', 'whoami'],
      ...['limits', 'use', 'with', 'project', 'organization', 'across'],
      ...['get', 'post', 'put', 'patch', 'delete'],
    ])
    const client = clientOf(scriptedServer())
    const found = Object.keys(client).filter((name) => !own.has(name))
    expect(found.sort()).toEqual([...Object.keys(flat), ...Object.keys(nested)].sort())
    for (const [first, second] of Object.entries(nested)) {
      expect(Object.keys(Reflect.get(client, first)).sort()).toEqual(Object.keys(second).sort())
    }
  })

  it('send nothing when they are inspected', async () => {
    const server = scriptedServer()
    const client = clientOf(server)
    expect(await client.featureFlags).toBe(client.featureFlags)
    expect(await Promise.resolve(client.errorTracking.issues)).toBe(client.errorTracking.issues)
    const shown = [
      inspect(client, { depth: 9, showHidden: true, showProxy: false }),
      inspect(client, { depth: 9, showHidden: true, showProxy: true }),
      JSON.stringify(client),
      JSON.stringify(client.featureFlags),
      String(client.featureFlags),
      `${client.featureFlags}`,
      Object.prototype.toString.call(client.featureFlags),
      Object.keys(client.featureFlags).join(),
      String(Symbol.asyncIterator in client.featureFlags),
      { ...client.featureFlags },
      client.featureFlags.constructor,
    ]
    await runPending()
    expect(shown).toHaveLength(11)
    expect(server.requests).toEqual([])
  })

  it('work with detached methods', async () => {
    const server = scriptedServer(() => Response.json({ count: 0, results: [] }))
    const { list, deleteMany } = clientOf(server).cohorts
    expect((await list()).items).toEqual([])
    expect(await deleteMany([])).toMatchObject({ deleted: [] })
    expect(server.requests).toHaveLength(1)
  })

  it('have separate state for two clients', async () => {
    const server = fakeServer(({ url, headers }) => {
      if (!url.includes('/api/')) return Response.json({ status: 'Ok' })
      const api_token = `phc_${headers.get('x-team')}`
      return Response.json({ ...projects, results: [{ id: 7, organization: 'org', api_token }] })
    })
    const event = { event: 'signed up', distinctId: 'user-1' }
    const one = server.client({ headers: { 'x-team': 'one' } })
    const two = server.client({ headers: { 'x-team': 'two' } })
    for (const client of [one, two, one, two]) await client.events.capture(event)
    const tokens = server.requests.filter(({ path }) => path === '/batch/').map(({ body }) => body['api_key'])
    expect(tokens).toEqual(['phc_one', 'phc_two', 'phc_one', 'phc_two'])
    expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(2)
  })
})
