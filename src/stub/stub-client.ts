import {
  type ApiClient,
  type ClientOptions,
  createClient,
  type HogQL,
  type HogQLOptions,
  hogql,
  isHogQL,
  type ProjectRegistry,
  type StreamOptions,
  type TypehogClient,
} from '../index.ts'
import {
  dataAnswer,
  endpointOf,
  itemsOf,
  listAnswer,
  queryAnswer,
  runAnswer,
  streamAnswer,
} from './answers.ts'
import { checkStubs, findStub, type Members } from './find-stub.ts'
import { returnsList } from './list-methods.ts'
import type { ClientStubs, StubbedClient, StubCall } from './stubs.ts'

/** Options of `stubClient`. */
export type StubClientOptions = Pick<
  ClientOptions,
  'projectId' | 'organizationId' | 'host' | 'region' | 'endpoints' | 'onVersionDrift'
>

/**
 * Creates a client for unit tests whose methods answer from stubs. It sends nothing, and reads no environment. The types
 * are those of the real client; values may be partial.
 *
 * Results are those of the real client: lists have pages, queries have `one` and `stream`, calls have `withResponse`, and
 * the options `schema` and `signal` apply. Stubs do not filter, page or check arguments. A method without a stub throws
 * NotStubbedError, except for `explain` and `limits`, which send nothing. Clients of other projects have the same stubs.
 *
 * @throws TypeError for a stub that no method of the client has
 * @example
 * const posthog = stubClient({
 *   featureFlags: { list: [{ key: 'beta', active: true }] },
 *   cohorts: { get: (id) => (id === 7 ? { id: 7, name: 'Paying' } : apiError(404)) },
 *   hogql: [{ event: '$pageview', count: 3 }],
 * })
 * const flags = await posthog.featureFlags.list().toArray({ max: 100 })
 * console.log(flags[0]?.key, posthog.calls)
 */
export function stubClient<Project = ProjectRegistry>(
  stubs: ClientStubs<Project> = {},
  options: StubClientOptions = {},
): StubbedClient<Project> {
  const { host, region, projectId = 1 } = options
  const real = createClient({
    ...options,
    projectId,
    // Given, so that the environment does not decide it.
    host: host ?? (region === undefined ? 'https://us.posthog.com' : undefined),
    apiKey: 'phx_stub',
    limits: false,
    retry: false,
    logLevel: 'off',
    dangerouslyAllowBrowser: true,
  })
  const untyped = stubs as Members
  checkStubs(untyped, real as unknown as Members)
  // The members of `Members` are those of the client.
  return derive(real, { stubs: untyped, calls: [] }) as unknown as StubbedClient<Project>
}

type Method = (...args: readonly unknown[]) => unknown

/** What a stubbed client shares with those derived from it. */
interface Shared {
  readonly stubs: Members
  readonly calls: StubCall[]
}

/** Creates the stubbed client of a real one, which resolves options and lends its classes. */
function derive(real: TypehogClient, shared: Shared): Members {
  const { stubs, calls } = shared
  const { projectId } = real.config
  const record = (method: string, args: readonly unknown[]): void => {
    calls.push({ method, args, projectId })
  }
  /** Finds the stub of a method, and calls it if it is a function. Throws NotStubbedError without a stub. */
  const answer = (method: string, path: readonly string[], args: readonly unknown[]): Promise<unknown> => {
    const result = evaluate(findStub(stubs, method, path), args)
    // Lists and queries may never be read.
    result.catch(() => {})
    return result
  }
  const call = (path: readonly string[], args: readonly unknown[]): Promise<unknown> => {
    const method = path.join('.')
    record(method, args)
    return answer(method, path, args)
  }
  const method = (path: readonly string[]): Method => {
    const name = path.join('.')
    if (returnsList(name)) return (...args) => listAnswer(real, name, args, call(path, args))
    return (...args) => dataAnswer(real, name, args, call(path, args))
  }
  const resources = (members: Members, path: readonly string[]): Members =>
    Object.fromEntries(
      Object.entries(members).map(([name, member]) => {
        const inner = [...path, name]
        return [name, typeof member === 'function' ? method(inner) : resources(member as Members, inner)]
      }),
    )
  const rows = (name: string, query: HogQL<unknown>, queryOptions: HogQLOptions | undefined) => {
    record(name, queryOptions === undefined ? [query] : [query, queryOptions])
    const result = answer(name, ['hogql'], [query, queryOptions])
    return queryAnswer({ client: real, query, options: queryOptions, answer: result, steps: [] })
  }
  const run = (first: unknown, ...rest: readonly unknown[]) => {
    // The tag and the client check their arguments.
    const query = Array.isArray(first)
      ? hogql(first as never, ...(rest as never[]))
      : (first as HogQL<unknown>)
    return rows('hogql', query, isHogQL(first) ? (rest[0] as HogQLOptions | undefined) : undefined)
  }
  const all = async (queries: Readonly<Record<string, HogQL<unknown>>>, queryOptions?: HogQLOptions) => {
    const results = Object.entries(queries).map(async ([name, query]) => {
      return [name, await rows('hogql', query, queryOptions)] as const
    })
    return Object.fromEntries(await Promise.all(results))
  }
  const request = (route: string, input?: object, callOptions?: object) => {
    record(route, callOptions === undefined ? [input] : [input, callOptions])
    const result = answer(route, ['request', route], [input, callOptions])
    return dataAnswer(real, 'request', [callOptions], result)
  }
  const another = (client: TypehogClient): unknown => {
    const { project } = stubs
    return typeof project === 'function' ? project(client.config.projectId) : derive(client, shared)
  }
  const { explain, limits, config, ...members } = real as unknown as Members
  const { endpoints, events, dashboards, ...tree } = resources(members, []) as Record<string, Members>
  return {
    ...tree,
    config,
    calls,
    explain,
    limits,
    dashboards: {
      ...dashboards,
      streamTiles: (...args: readonly unknown[]) => itemsLater(call(['dashboards', 'streamTiles'], args)),
    },
    endpoints: {
      ...endpoints,
      run: (...args: readonly unknown[]) => {
        const [endpoint, variables = {}, runOptions] = args
        record('endpoints.run', args)
        const { name } = endpointOf(endpoint)
        const result = answer('endpoints.run', ['endpoints', 'run', name], [variables, runOptions])
        return runAnswer(real, args, result)
      },
    },
    events: {
      ...events,
      stream: (...args: readonly unknown[]) =>
        streamAnswer(real, hogql`select 1`, 'events.stream', call(['events', 'stream'], args)),
    },
    hogql: Object.assign(run, { all }),
    export: (query: HogQL<unknown>, stream?: StreamOptions, queryOptions?: HogQLOptions) =>
      rows('export', query, queryOptions).stream(stream),
    request,
    list: (route: string, input?: object, listOptions?: object) => {
      record(route, listOptions === undefined ? [input] : [input, listOptions])
      return listAnswer(real, 'list', [listOptions], answer(route, ['list', route], [input, listOptions]))
    },
    api: apiOf(request),
    use: (middleware: never) => derive(real.use(middleware), shared),
    with: (changes: ClientOptions) => derive(real.with(changes), shared),
    project: (id: number | string) => another(real.project(id)),
    organization: (id: string) => derive(real.organization(id), shared),
    across: async (projects: never, callback: Method, acrossOptions: never) =>
      real.across(projects, (client) => callback(another(client)), acrossOptions),
  }
}

/** The result of a stub. An error rejects. */
async function evaluate(stub: unknown, args: readonly unknown[]): Promise<unknown> {
  const result: unknown = typeof stub === 'function' ? await stub(...args) : stub
  if (result instanceof Error) throw result
  return result
}

async function* itemsLater(answer: Promise<unknown>): AsyncGenerator<unknown, undefined> {
  yield* itemsOf('dashboards.streamTiles', await answer)
}

/** The client of the functions of `typehog/api`: each calls a route. */
function apiOf(request: (route: string, input?: object) => unknown): ApiClient {
  const verbs = ['get', 'post', 'put', 'patch', 'delete'].map((verb) => [
    verb,
    ({ url, path, query, body }: { readonly url: string } & Members) =>
      request(`${verb.toUpperCase()} ${url}`, { path, query, body }),
  ])
  // The generated functions call only these methods.
  return Object.fromEntries(verbs) as ApiClient
}
