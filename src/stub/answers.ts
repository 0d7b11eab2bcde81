import type {
  APIPromise,
  Endpoint,
  HogQL,
  HogQLOptions,
  List,
  QueryCall,
  Route,
  RowStream,
  RunOptions,
  StandardSchema,
  TypehogClient,
} from '../index.ts'
import { isObject } from '../shared/is-object.ts'
import { stringifyLossless } from '../testing/recording.ts'
import type { StubbedRun } from './stubs.ts'

// The results are those of the real client, over responses that a middleware makes from the stubs. So lists, queries,
// streams and calls have all methods, and errors surface as they do in production.

/** A cache without entries: a result of one stub never reaches another. */
const noCache = {
  get: async (): Promise<undefined> => undefined,
  set: async (): Promise<void> => {},
  delete: async (): Promise<void> => {},
}

/** Creates a client that responds to all its requests with a function. */
function respondWith(client: TypehogClient, respond: (request: Request) => Promise<Response>): TypehogClient {
  return client.with({ middleware: [respond], retry: false, validate: 'off', cache: noCache })
}

/** The route of a stubbed method, for errors. No request has it. */
function routeOf(method: string): Route {
  // The client takes any path. Outside of `/api/` it attaches no key.
  return `GET /stub/${method}` as Route
}

/** The options of a call that also apply to its stub: those of its last argument. */
function callOptionsOf(args: readonly unknown[]): {
  readonly signal?: AbortSignal
  readonly schema?: StandardSchema
} {
  const { signal, schema } = Object(args.at(-1))
  return {
    ...(signal instanceof AbortSignal ? { signal } : {}),
    // The client checks schemas in the same way.
    ...(typeof Object(Object(schema)['~standard']).validate === 'function'
      ? { schema: schema as StandardSchema }
      : {}),
  }
}

/** The data of a call. It is a copy, unless it contains functions, so that the code under test cannot change a stub. */
export function dataAnswer(
  client: TypehogClient,
  method: string,
  args: readonly unknown[],
  answer: Promise<unknown>,
): APIPromise<unknown> {
  const { signal, schema } = callOptionsOf(args)
  const respondent = respondWith(client, async () => jsonResponse(await answer))
  const original: StandardSchema = {
    '~standard': {
      version: 1,
      vendor: 'typehog',
      validate: async () => {
        const value = copy(await answer)
        return schema === undefined ? { value } : schema['~standard'].validate(value)
      },
    },
  }
  // A format other than JSON lets any value be the response.
  const input = { query: { format: 'stub' } } as never
  return respondent.request(routeOf(method), input, { ...(signal && { signal }), schema: original })
}

function copy(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    return value
  }
}

function jsonResponse(value: unknown): Response {
  const headers = { 'content-type': 'application/json' }
  return new Response(stringifyLossless(value) ?? 'null', { headers })
}

/** A list of one page. */
export function listAnswer(
  client: TypehogClient,
  method: string,
  args: readonly unknown[],
  answer: Promise<unknown>,
): List<unknown> {
  const respondent = respondWith(client, async () => {
    const results = itemsOf(method, await answer)
    return jsonResponse({ count: results.length, next: null, previous: null, results })
  })
  const list = respondent.list as (route: Route, input: object, options: object) => List<unknown>
  return list(routeOf(method), {}, callOptionsOf(args))
}

/** The items of a stub. */
export function itemsOf(method: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new TypeError(`The stub of \`${method}\` is ${describeStub(value)}; expected an array of its items.`)
}

/** Describes a wrong stub in a message. */
export function describeStub(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  return isObject(value) ? `an object with the keys ${Object.keys(value).join(', ')}` : String(value)
}

/** The body of a response with rows. */
function rowsBody(method: string, value: unknown): Readonly<Record<string, unknown>> {
  const { rows, ...given } = (Array.isArray(value) ? { rows: value } : Object(value)) as StubbedRun<
    Readonly<Record<string, unknown>>
  >
  if (!Array.isArray(rows)) {
    throw new TypeError(
      `The stub of \`${method}\` is ${describeStub(value)}; expected an array of rows, or \`rows\`.`,
    )
  }
  const columns = given.columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = columns.map((name) => rows.map((row) => row[name]))
  return {
    columns,
    types: columns.map((name, at) => [name, given.types?.[at] ?? typeOf(cells[at] ?? [])]),
    results: rows.map((row) => columns.map((name) => row[name] ?? null)),
    hasMore: given.hasMore ?? false,
    ...(given.limit === undefined ? {} : { limit: given.limit }),
  }
}

/** The ClickHouse type of a column whose cells the client decodes. Other cells stay as they are. */
function typeOf(cells: readonly unknown[]): string | null {
  if (cells.some((cell) => typeof cell === 'bigint')) return 'Int64'
  return cells.some((cell) => cell instanceof Date) ? "DateTime64(3, 'UTC')" : null
}

/** The result of `endpoints.run`. */
export function runAnswer(
  client: TypehogClient,
  [endpoint, variables, options]: readonly unknown[],
  answer: Promise<unknown>,
): Promise<unknown> {
  const { name, kind } = endpointOf(endpoint)
  const respondent = respondWith(client, async (request) => {
    const value = await answer
    const { version } = Object(await request.json())
    const { columns, types, results, ...rest } = rowsBody(`endpoints.run.${name}`, value)
    const isInsight = kind !== undefined && kind !== 'HogQLQuery'
    return jsonResponse({
      endpoint_version: Object(value).version ?? version,
      ...rest,
      // The rows of an insight have no columns.
      ...(isInsight ? { results: rowsOf(value) } : { columns, types, results }),
    })
  })
  return respondent.endpoints.run(endpoint as Endpoint, variables as never, options as RunOptions)
}

function rowsOf(value: unknown): unknown {
  return Array.isArray(value) ? value : Object(value).rows
}

/** Name and kind of the endpoint that `endpoints.run` gets: a descriptor or a name. */
export function endpointOf(endpoint: unknown): { readonly name: string; readonly kind?: string } {
  return typeof endpoint === 'string' ? { name: endpoint } : Object(endpoint)
}

/** A query, with the `with`, `named` and `as` that were called on it. */
interface StubbedQuery {
  readonly client: TypehogClient
  readonly query: HogQL<unknown>
  readonly options: HogQLOptions | undefined
  readonly answer: Promise<unknown>
  readonly steps: readonly ((call: QueryCall<unknown>) => QueryCall<unknown>)[]
}

/** The call of `hogql`. */
export function queryAnswer(stubbed: StubbedQuery): QueryCall<unknown> {
  const { client, query, options, answer, steps } = stubbed
  const run = (limits: object): QueryCall<unknown> => {
    const respondent = respondWith(client, async () =>
      jsonResponse({ ...rowsBody('hogql', await answer), ...limits }),
    )
    return steps.reduce((call, step) => step(call), respondent.hogql(query, options))
  }
  const call = run({})
  const step =
    (name: 'with' | 'named' | 'as') =>
    (...args: readonly unknown[]) => {
      // Each method has its own arguments, which it checks.
      const apply = (before: QueryCall<unknown>): QueryCall<unknown> =>
        (before[name] as (...all: unknown[]) => never)(...args)
      return queryAnswer({ ...stubbed, steps: [...steps, apply] })
    }
  return Object.assign(call, {
    with: step('with'),
    named: step('named'),
    as: step('as'),
    // One response has all rows of the stub, so a stream of pages or windows reads that one.
    stream: (stream: Parameters<typeof call.stream>[0]) =>
      Object(stream).orderBy === undefined ? run({}).stream(stream) : run({ limit: maxRows }).stream(),
  })
}

/** More rows than a stub has: the rows are complete. */
const maxRows = 1_000_000

/** A stream of the rows of a stub. */
export function streamAnswer(
  client: TypehogClient,
  query: HogQL<unknown>,
  method: string,
  answer: Promise<unknown>,
): RowStream<unknown> {
  const rows = answer.then((value) => ({ rows: itemsOf(method, value) }))
  rows.catch(() => {})
  return queryAnswer({ client, query, options: undefined, answer: rows, steps: [] }).stream({
    orderBy: ['-'],
  })
}
