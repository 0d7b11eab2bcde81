import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CliIo } from '../../../src/cli/cli-io.ts'
import { type CliResult, captureCli } from '../../unit/cli/capture-cli.ts'

/** A server with responses set by the test, a temporary folder, and a CLI configured for both. */
export interface FakePostHog extends AsyncDisposable {
  /** Endpoints of the list and retrieve routes. Any JSON. */
  endpoints: readonly unknown[]
  /** `openapi.json` by endpoint name. Default: a document without variables. */
  documents: Readonly<Record<string, unknown>>
  /** Responses of other routes, by the end of their path. */
  routes: Readonly<Record<string, { readonly status?: number; readonly body: unknown }>>
  readonly host: string
  readonly key: string
  run(argv: readonly string[], io?: Partial<CliIo>): Promise<CliResult>
  /** Reads a file of the folder. */
  read(name: string): Promise<string>
  /** Writes a file to the folder. */
  put(name: string, text: string): Promise<void>
  /** Edits a file of the folder. Removes it when `change` returns undefined. */
  edit(name: string, change: (text: string) => string | undefined): Promise<void>
  /** Lists the files of the folder. */
  files(): Promise<string[]>
}

/** An endpoint in the API's format. */
export function fakeEndpoint(name: unknown, more: object = {}): object {
  const query = { kind: 'HogQLQuery', query: 'select 1' }
  const state = { is_active: true, is_materialized: false, current_version: 1, version: 1 }
  return { name, description: '', query, ...state, columns: [], last_executed_at: null, ...more }
}

/** An `openapi.json` that declares these variables. */
export function fakeDocument(properties?: object): object {
  const schemas = properties === undefined ? {} : { Variables: { type: 'object', properties } }
  return { openapi: '3.0.0', paths: {}, components: { schemas } }
}

/** Starts the server. Dispose of it after the tests. */
export async function startFakePostHog(): Promise<FakePostHog> {
  const folder = await mkdtemp(join(tmpdir(), 'typehog-fake-'))
  const key = 'phx_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ'
  const respond = (url = ''): { readonly status?: number; readonly body: unknown } => {
    const { pathname } = new URL(url, 'http://fake')
    const route = Object.keys(fake.routes).find((end) => pathname.endsWith(end))
    if (route !== undefined) return fake.routes[route] ?? { body: null }
    const [, name, document] = /\/endpoints\/([^/]+)\/(openapi\.json)?/.exec(pathname) ?? []
    if (name === undefined) {
      const results = fake.endpoints
      return { body: { count: results.length, next: null, previous: null, results } }
    }
    const endpointName = decodeURIComponent(name)
    if (document !== undefined) return { body: fake.documents[endpointName] ?? fakeDocument() }
    const found = fake.endpoints.find((endpoint) => String(Object(endpoint).name) === endpointName)
    return found === undefined
      ? {
          status: 404,
          body: { type: 'invalid_request', code: 'not_found', detail: 'Not found.', attr: null },
        }
      : { body: found }
  }
  const server = createServer((request, reply) => {
    const { status = 200, body } = respond(request.url)
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an AddressInfo.
  const { port } = server.address() as AddressInfo
  const host = `http://127.0.0.1:${port}`
  const env = {
    POSTHOG_HOST: host,
    POSTHOG_PROJECT_ID: '1',
    POSTHOG_PERSONAL_API_KEY: key,
  }
  const fake: FakePostHog = {
    endpoints: [],
    documents: {},
    routes: {},
    host,
    key,
    run: (argv, io = {}) => captureCli(argv, { env, cwd: folder, ...io }),
    read: (name) => readFile(join(folder, name), 'utf8'),
    put: (name, text) => writeFile(join(folder, name), text),
    edit: async (name, change) => {
      const text = change(await readFile(join(folder, name), 'utf8'))
      await (text === undefined ? rm(join(folder, name)) : writeFile(join(folder, name), text))
    },
    files: () => readdir(folder),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
  return fake
}
