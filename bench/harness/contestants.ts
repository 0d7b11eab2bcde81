import { flagsPath } from './flag-page.ts'
import { loadPeer } from './load-peer.ts'
import { loadTypehog } from './load-typehog.ts'

/** Asks for the page once and resolves with the decoded body. */
export type Ask = () => Promise<unknown>

/** One way to ask. */
export interface Contestant {
  readonly name: string
  readonly ask: Ask
}

const key = `phx_${'b'.repeat(43)}`
const headers = { authorization: `Bearer ${key}`, accept: 'application/json' }

/**
 * What everybody is compared with: bare `fetch`, twice. The mean of both is 1, and how far they are apart is the error
 * of the measurement.
 */
export const baseline: readonly string[] = ['fetch', 'fetch again']

/** How each one is made ready, by name. All of them end in the same global `fetch`. */
const makers: Readonly<Record<string, (host: string, build: string | undefined) => Promise<Ask>>> = {
  fetch: bareFetch,
  'fetch again': bareFetch,
  // The least that a client pays that can end a request: most of it is work of `fetch` for the signal.
  'fetch with a timeout': async (host) => () => fetchWithTimeout(host),
  // And the least for errors with the stack of the caller, which is lost after the first `await`.
  'fetch with a timeout and a stack': async (host) => () => {
    const trace = new Error()
    return fetchWithTimeout(host).catch((error: Error) => {
      throw Object.assign(error, { stack: trace.stack })
    })
  },
  typehog: async (host, build) => {
    const { createClient } = await loadTypehog(build)
    const posthog = createClient({ apiKey: key, projectId: 1, host })
    return () => posthog.request('GET /api/projects/{project_id}/feature_flags/')
  },
  // As against PostHog Cloud, where requests are counted from the first one on; the numbers are out of reach here.
  'typehog counting': async (host, build) => {
    const { createClient } = await loadTypehog(build)
    const rates = { default: [60, 3_600].map((seconds) => ({ requests: 1e9, seconds })) }
    const posthog = createClient({ apiKey: key, projectId: 1, host, limits: { mode: 'count', rates } })
    return () => posthog.request('GET /api/projects/{project_id}/feature_flags/')
  },
  ky: async (host) => {
    const { default: ky } = await loadPeer('ky')
    return () => ky.get(`${host}${flagsPath}`, { headers }).json()
  },
  'openapi-fetch': async (host) => {
    const { default: createFetch } = await loadPeer('openapi-fetch')
    const client = createFetch({ baseUrl: host, headers })
    const path = '/api/projects/{project_id}/feature_flags/'
    return async () => (await client.GET(path, { params: { path: { project_id: 1 } } })).data
  },
  openai: async (host) => {
    const { default: OpenAI } = await loadPeer('openai')
    const client = new OpenAI({ apiKey: key, baseURL: host })
    return () => client.get(flagsPath)
  },
}

/** Names of all contestants, the baseline first. */
export const names: readonly string[] = Object.keys(makers)

/** Makes contestants ready. Only those named are loaded. */
export function createContestants(
  wanted: readonly string[],
  host: string,
  build: string | undefined,
): Promise<Contestant[]> {
  return Promise.all(
    wanted.map(async (name) => {
      const make = makers[name]
      if (make === undefined) throw new Error(`No contestant "${name}". There are: ${names.join(', ')}`)
      return { name, ask: await make(host, build) }
    }),
  )
}

async function fetchWithTimeout(host: string): Promise<unknown> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), 30_000)
  try {
    return await (await fetch(`${host}${flagsPath}`, { headers, signal: controller.signal })).json()
  } finally {
    clearTimeout(timer)
  }
}

async function bareFetch(host: string): Promise<Ask> {
  return async () => (await fetch(`${host}${flagsPath}`, { headers })).json()
}
