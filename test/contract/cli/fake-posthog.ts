import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CliIo } from '../../../src/cli/cli-io.ts'
import { runCli } from '../../../src/cli/program.ts'
import type { Finished } from './workbench.ts'

/** A server that answers whatever a test says, a folder, and the command line pointed at both. */
export interface FakePostHog extends AsyncDisposable {
  /** The endpoints that it lists and shows. Any JSON. */
  endpoints: readonly unknown[]
  /** `openapi.json` by name of the endpoint. Default: one without variables. */
  documents: Readonly<Record<string, unknown>>
  /** Answers of other routes, by the end of their path. */
  routes: Readonly<Record<string, { readonly status?: number; readonly body: unknown }>>
  readonly host: string
  readonly key: string
  run(argv: readonly string[], io?: Partial<CliIo>): Promise<Finished>
  /** Text of a file in the folder. */
  read(name: string): Promise<string>
  /** Writes a file into the folder. */
  put(name: string, text: string): Promise<void>
  /** Changes a file in the folder, or removes it. */
  edit(name: string, change: (text: string) => string | undefined): Promise<void>
  /** Names of the files in the folder. */
  files(): Promise<string[]>
}

/** An endpoint as a server shows it. */
export function fakeEndpoint(name: unknown, more: object = {}): object {
  const query = { kind: 'HogQLQuery', query: 'select 1' }
  const state = { is_active: true, is_materialized: false, current_version: 1, version: 1 }
  return { name, description: '', query, ...state, columns: [], last_executed_at: null, ...more }
}

/** An `openapi.json` with these variables. */
export function fakeDocument(properties?: object): object {
  const schemas = properties === undefined ? {} : { Variables: { type: 'object', properties } }
  return { openapi: '3.0.0', paths: {}, components: { schemas } }
}

/** Starts the server; dispose of it at the end. */
export async function startFakePostHog(): Promise<FakePostHog> {
  const folder = await mkdtemp(join(tmpdir(), 'typehog-fake-'))
  const key = 'phx_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ'
  const answer = (url = ''): { readonly status?: number; readonly body: unknown } => {
    const { pathname } = new URL(url, 'http://fake')
    const route = Object.keys(fake.routes).find((end) => pathname.endsWith(end))
    if (route !== undefined) return fake.routes[route] ?? { body: null }
    const [, name, document] = /\/endpoints\/([^/]+)\/(openapi\.json)?/.exec(pathname) ?? []
    if (name === undefined) {
      const results = fake.endpoints
      return { body: { count: results.length, next: null, previous: null, results } }
    }
    const known = decodeURIComponent(name)
    if (document !== undefined) return { body: fake.documents[known] ?? fakeDocument() }
    const found = fake.endpoints.find((one) => String(Object(one).name) === known)
    return found === undefined
      ? {
          status: 404,
          body: { type: 'invalid_request', code: 'not_found', detail: 'Not found.', attr: null },
        }
      : { body: found }
  }
  const server = createServer((request, reply) => {
    const { status = 200, body } = answer(request.url)
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address of this form.
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
    run: async (argv, io = {}) => {
      let out = ''
      let err = ''
      const code = await runCli({
        argv,
        env,
        cwd: folder,
        stdout: { write: (text) => (out += text) },
        stderr: { write: (text) => (err += text) },
        isTTY: { stdout: false, stderr: false },
        columns: undefined,
        signal: new AbortController().signal,
        ...io,
      })
      return { code, out, err }
    },
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
