import type { Endpoint, TypehogClient } from '../../../src/index.ts'

/** The parts of `typehog` and `typehog/api` that the suite uses. */
export interface PackageUnderTest {
  readonly typehog: Pick<
    typeof import('../../../src/index.ts'),
    'createClient' | 'hogql' | 'isPostHogError' | 'AuthenticationError' | 'ConnectionError'
  >
  readonly api: Pick<typeof import('../../../src/generated/api.gen.ts'), 'listInsightVariables'>
}

/** The account that a program reads. */
export interface Target {
  readonly host: string
  readonly apiKey: string
  readonly projectId: number
  /** A URL on which no server listens. */
  readonly unreachableUrl: string
  /** Number of events in the account. */
  readonly events: number
  /** A folder for files, in runtimes with a file system. */
  readonly folder?: string
  /** Whether the runtime distinguishes an unsent request from a lost response. Default: true. */
  readonly reportsUnsent?: boolean
}

type Check = (tested: PackageUnderTest, target: Target) => Promise<void>

/** An endpoint of the account. */
const browsers: Endpoint<{ least?: number }, { browser: string; views: number }> = {
  name: 'browsers',
  version: 1,
  kind: 'HogQLQuery',
  materialized: false,
  columns: [
    { name: 'browser', type: 'string' },
    { name: 'views', type: 'integer' },
  ],
}

const connect = ({ typehog }: PackageUnderTest, { host, apiKey, projectId }: Target): TypehogClient =>
  typehog.createClient({ host, apiKey, projectId, totalTimeout: 20_000, retry: { initialDelay: 10 } })

/** The checks by name. They use only Web APIs. */
export const checks: Readonly<Record<string, Check>> = {
  'a query with bound values': async (tested, target) => {
    const { rows, complete, columns } = await connect(tested, target).hogql`
      select ${"it's"} as text, ${2n ** 40n} as big, ${[1, 2]} as list, toDateTime(${new Date(0)}) as at`
    expectSame(rows, [{ text: "it's", big: 2 ** 40, list: [1, 2], at: '1970-01-01T00:00:00Z' }])
    expectSame([complete, columns], [true, ['text', 'big', 'list', 'at']])
  },

  'a query with an explicit LIMIT': async (tested, target) => {
    const query = tested.typehog.hogql<{ event: string }>`select event from events limit ${2}`
    const { rows, complete } = await connect(tested, target).hogql(query)
    expectSame([rows.length, complete], [2, { reason: 'limit', limit: 2 }])
  },

  'a list over pages': async (tested, target) => {
    const names: string[] = []
    const list = connect(tested, target).list('GET /api/projects/{project_id}/insight_variables/')
    for await (const { name } of list) names.push(name)
    expectSame(names.sort(), ['country', 'least', 'plan'])
  },

  'the list of endpoints': async (tested, target) => {
    const endpoints = await connect(tested, target).endpoints.list().toArray({ max: 10 })
    expectSame(
      endpoints.map(({ name }) => name),
      [browsers.name],
    )
  },

  'a run of an endpoint': async (tested, target) => {
    const { rows, version } = await connect(tested, target).endpoints.run(browsers, { least: 1 })
    expectSame([version, Object.keys(rows[0] ?? {})], [1, ['browser', 'views']])
    expectSame(Number.isSafeInteger(rows[0]?.views), true)
  },

  'any operation': async (tested, target) => {
    const call = connect(tested, target).request('GET /api/projects/{project_id}/insight_variables/', {
      query: { page: 2 },
    })
    const { data, response, attempts } = await call.withResponse()
    expectSame([data.count, data.results.length, response.status, attempts.length], [3, 1, 200, 1])
  },

  'a function of typehog/api': async (tested, target) => {
    const client = connect(tested, target).api
    expectSame((await tested.api.listInsightVariables({ client })).count, 3)
  },

  'a wrong key': async (tested, target) => {
    const { AuthenticationError, isPostHogError } = tested.typehog
    const wrong = { ...target, apiKey: 'phx_Wrong0000000000000000000000000' }
    const error = await rejection(connect(tested, wrong).endpoints.list().toArray({ max: 10 }))
    if (!(error instanceof AuthenticationError && isPostHogError(error))) throw error
    expectSame([error.name, error.status, error.kind], ['AuthenticationError', 401, 'authentication'])
    expectSame(typeof error.fix, 'string')
    expectSame(`${error.message}${error.fix}${error.stack}`.includes('Wrong0000'), false)
  },

  'a connection that breaks once': async (tested, target) => {
    const path = { name: browsers.name }
    const call = connect(tested, target).request('GET /api/projects/{project_id}/endpoints/{name}/', { path })
    const { data, attempts } = await call.withResponse()
    expectSame([data.name, attempts.length], [browsers.name, 2])
  },

  'an unreachable server': async (tested, target) => {
    const client = connect(tested, { ...target, host: target.unreachableUrl }).with({ retry: false })
    const error = await rejection(client.whoami())
    if (!(error instanceof tested.typehog.ConnectionError)) throw error
    expectSame([error.name, error.kind], ['ConnectionError', 'connection'])
    expectSame(error.unsent, target.reportsUnsent ?? true)
  },

  'an abort': async (tested, target) => {
    const abort = new AbortController()
    const reason = { because: 'the user left' }
    const timer = setTimeout(() => abort.abort(reason), 100)
    // The server sends headers and stalls before the body.
    const call = connect(tested, target).request(
      'GET /api/projects/{project_id}/cohorts/',
      {},
      { signal: abort.signal },
    )
    const thrown = await rejection(call)
    clearTimeout(timer)
    if (thrown !== reason) throw thrown
  },

  'an abandoned stream': async (tested, target) => {
    const query = tested.typehog.hogql<{ n: number }>`select number as n from numbers(1000)`
    const seen: number[] = []
    for await (const { n } of connect(tested, target)
      .hogql(query)
      .stream({ orderBy: ['n'], pageSize: 10 })) {
      seen.push(n)
      if (seen.length === 25) break
    }
    expectSame(seen, [...Array(25).keys()])
  },

  'a stream of all events': async (tested, target) => {
    const span = { from: new Date(Date.now() - 100 * 86_400_000), to: new Date(Date.now() + 86_400_000) }
    const ids = new Set<string>()
    const columns = ['uuid', 'timestamp'] as const
    for await (const { uuid } of connect(tested, target).events.stream({ ...span, columns, pageSize: 100 })) {
      ids.add(uuid)
    }
    expectSame(ids.size, target.events)
  },

  'an export to a file': async (tested, target) => {
    const query = tested.typehog.hogql`select number as n from numbers(3)`
    const stream = connect(tested, target).export(query, { orderBy: ['n'] })
    if (target.folder === undefined) {
      const error = await rejection(stream.toFile('rows.csv'))
      expectSame(tested.typehog.isPostHogError(error) && error.kind, 'configuration')
    } else {
      const { rows, bytes } = await stream.toFile(`${target.folder}/rows.csv`, { overwrite: true })
      expectSame([rows, bytes], [3, 'n\r\n0\r\n1\r\n2\r\n'.length])
    }
  },
}

/** Runs the checks in order. Returns a line for each, such as `an abort: ok`. */
export async function smoke(tested: PackageUnderTest, target: Target): Promise<string[]> {
  const lines: string[] = []
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check(tested, target)
      lines.push(`${name}: ok`)
    } catch (error) {
      lines.push(`${name}: ${String(error)}`)
    }
  }
  return lines
}

/** Throws unless two values have the same JSON. */
function expectSame(actual: unknown, expected: unknown): void {
  const [found, wanted] = [write(actual), write(expected)]
  if (found !== wanted) throw new Error(`Expected ${wanted}, got ${found}`)
}

/** Returns the reason with which a promise rejects. */
async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (reason) {
    return reason
  }
  throw new Error('Expected a rejection.')
}

function write(value: unknown): string {
  return String(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part)))
}
