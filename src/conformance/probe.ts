import type { TypehogClient } from '../client/create-client.ts'
import type { PathBodyInput, PathMethod } from '../client/path-methods.ts'
import { APIError } from '../runtime/errors/api-errors.ts'
import { parseLosslessJson } from '../runtime/rows/lossless-json.ts'
import { at, Differs, NotTried } from './outcome.ts'

/** A response of any status. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed JSON; undefined for other bodies. Integers beyond 2^53 are bigints. */
  readonly body: unknown
}

/** Parts of a request. */
export interface CallInput {
  readonly path?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly body?: object
}

/** What an assertion can do with a project of PostHog. */
export interface Probe {
  readonly projectId: string
  /** Name for new objects. Unique for each probe. */
  readonly name: string
  /**
   * Sends a request of any method and path. A path without a first slash is below the project. Resolves with every
   * status that tells something about the fact.
   *
   * @throws NotTried when the key lacks a scope, or limits or failures of the server prevent a test
   */
  call(method: Method, path: string, input?: CallInput): Promise<Reply>
  /**
   * Sends a request and returns the body of a 2xx response.
   *
   * @throws Differs when PostHog does not have the route; NotTried for other refusals
   */
  need(method: Method, path: string, input?: CallInput): Promise<unknown>
  /** Runs a HogQL query. */
  hogql(query: string, more?: object): Promise<Reply>
  /** Sends a request with another key. `undefined` sends none. */
  callAs(key: string | undefined, method: Method, path: string): Promise<Reply>
  /** Registers a request that removes what was created. They run in reverse order, also after a failure. */
  cleanUp(method: Method, path: string, input?: CallInput): void
}

const methods = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const

/** HTTP methods of PostHog's API. */
export type Method = keyof typeof methods

/** A step that removes something. */
export interface CleanupStep {
  readonly what: string
  readonly run: () => Promise<unknown>
}

/** A probe and its cleanup steps. */
export interface ProbeHandle {
  readonly probe: Probe
  readonly steps: readonly CleanupStep[]
}

/**
 * Creates a probe that sends its requests through a client, within the client's rate limits.
 *
 * @param signal aborts the requests of the assertion, but not those of its cleanup
 */
export function createProbe(
  client: TypehogClient,
  projectId: string,
  name: string,
  signal: AbortSignal,
): ProbeHandle {
  const steps: CleanupStep[] = []
  let cleaning = false
  // An aborted write could leave an object behind. Its id is in the response, so writes are never aborted.
  const optionsOf = (method: Method): { readonly signal?: AbortSignal } =>
    method === 'GET' ? { signal } : {}
  const send = async (
    from: TypehogClient,
    method: Method,
    path: string,
    input: CallInput = {},
  ): Promise<Reply> => {
    if (!cleaning) signal.throwIfAborted()
    let reply: Reply | undefined
    const watched = from.use(async (request, next) => {
      const response = await next(request)
      reply = await toReply(response.clone())
      return response
    })
    const fullPath = path.startsWith('/') ? path : `/api/projects/{project_id}/${path}`
    const sendPath: PathMethod<PathBodyInput> = watched[methods[method]]
    try {
      await sendPath(fullPath, { ...input, ...(cleaning ? {} : optionsOf(method)) }).asResponse()
    } catch (error) {
      if (reply === undefined || (reply.status < 400 && error instanceof APIError)) throw error
    }
    if (reply === undefined) throw new NotTried('No response arrived.')
    return reply
  }
  const probe: Probe = {
    projectId,
    name,
    async call(method, path, input) {
      const reply = await send(client, method, path, input)
      if (!cleaning) assertTestable(reply)
      return reply
    },
    async need(method, path, input) {
      const reply = await probe.call(method, path, input)
      if (reply.status < 300) return reply.body
      if (at(reply.body, 'detail') === 'Endpoint not found.')
        throw new Differs(`${method} ${path} is no route`)
      throw new NotTried(`A needed step failed: ${method} ${path} returned ${reply.status}.`)
    },
    hogql: (query, more = {}) =>
      probe.call('POST', 'query/', { body: { query: { kind: 'HogQLQuery', query, ...more } } }),
    async callAs(key, method, path) {
      if (key !== undefined)
        return send(client.with({ apiKey: key, retry: { maxAttempts: 1 } }), method, path)
      const url = `${client.config.host}${path.startsWith('/') ? path : `/api/projects/${projectId}/${path}`}`
      return toReply(await fetch(url, { method, signal, redirect: 'manual' }))
    },
    cleanUp: (method, path, input) =>
      void steps.push({
        what: `${method} ${path}`,
        async run() {
          cleaning = true
          const { status } = await send(client, method, path, input)
          // 404: the assertion has removed it itself.
          if (status >= 300 && status !== 404) throw new Error(`status ${status}`)
        },
      }),
  }
  return { probe, steps }
}

async function toReply(response: Response): Promise<Reply> {
  const text = await response.text()
  let body: unknown
  try {
    body = parseLosslessJson(text)
  } catch {
    // Not JSON: the text says all.
  }
  return { status: response.status, headers: response.headers, text, body }
}

/** Throws for a response that tells nothing about the fact. */
function assertTestable({ status, body }: Reply): void {
  const detail = String(at(body, 'detail') ?? '')
  const [scope] = /(?<=missing required scope ')[\w:]+/.exec(detail) ?? []
  if (scope !== undefined) throw new NotTried(`The key lacks the scope ${scope}.`)
  if (/^The local PostHog does not support/.test(detail)) throw new NotTried(`${detail.replace(/\.?$/, '.')}`)
  if (/scoped (?:projects|organizations)|requested (?:project|organization)/.test(detail)) {
    throw new NotTried('The key is restricted to other projects or organizations.')
  }
  const reasons: Readonly<Record<number, string>> = {
    402: 'The plan does not include it, or its quota is used up (402).',
    429: 'PostHog refused the request because of its rate limits (429).',
    501: 'The server does not support the operation (501).',
  }
  const reason = reasons[status] ?? (status >= 500 ? `PostHog failed with ${status}.` : undefined)
  if (reason !== undefined) throw new NotTried(reason)
}
