import { classifyKey } from '../runtime/auth/credential.ts'
import { InFlight } from '../runtime/cache/in-flight.ts'
import { positive } from '../runtime/config/check-options.ts'
import { requireProjectId } from '../runtime/config/resolve.ts'
import { TotalTimeoutError } from '../runtime/errors/call-errors.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import { inheritedDeadline, type SharedDeadline, withinDeadline } from '../runtime/transport/deadline.ts'
import type { CallOptions, InternalOptions, ListItem, Requester, RequestOptions } from './requester.ts'

const route = 'GET /api/projects/'
/** Maximum number of projects to search. */
const maxProjects = 1_000

/** The facts about its project that a client needs. */
export type ProjectFacts = Pick<ListItem<typeof route>, 'id' | 'organization' | 'api_token'>

const projectFact = /* @__PURE__ */ createSharedFact<ProjectFacts>(route)

/** Returns the id, organization and public token of the client's project. Cached per client. */
export async function projectFacts(api: Requester, options: CallOptions = {}): Promise<ProjectFacts> {
  return projectFact.get(api, options, undefined, ({ signal, timeLeft }) =>
    read(api, { ...options, signal }, { timeLeft }),
  )
}

async function read(
  api: Requester,
  { schema: _, ...options }: RequestOptions,
  internal: InternalOptions,
): Promise<ProjectFacts> {
  const id = requireProjectId(api.config)
  if (id === '@current') {
    const me = await api.request('GET /api/users/{uuid}/', { path: { uuid: '@me' } }, options, internal)
    return { ...me.team, id: me.team.project_id }
  }
  const projects = await api
    .list(route, {}, options, internal)
    .toArray({ max: maxProjects, allowPartial: true })
  const found = projects.find((project) => String(project.id) === id)
  if (found !== undefined) return found
  throw new ConfigurationError({
    message: `The project ${id} is not in the list of projects that the key can read.`,
    fix: 'Set `projectId` to the id of a project that the key can read. The key needs the scope `project:read`.',
  })
}

/** The deadline for requests that fetch a fact. */
export type FactCall = Pick<SharedDeadline, 'signal' | 'timeLeft'>

/** A fact that a client fetches once and caches, such as its project. */
export interface SharedFact<T> {
  /**
   * Returns the fact. Concurrent callers share one fetch, and each waits within its own `totalTimeout` and `signal`.
   * After a failure, the next caller fetches it again.
   */
  get(
    requester: Requester,
    options: CallOptions,
    internal: Pick<InternalOptions, 'timeLeft'> | undefined,
    read: (call: FactCall) => Promise<T>,
  ): Promise<T>
  /** Clears the cached fact. */
  forget(requester: Requester): void
}

/**
 * Creates a cached fact.
 *
 * @param operation the route that timeout errors name
 */
export function createSharedFact<T>(operation: string): SharedFact<T> {
  const cached = new WeakMap<Requester, T>()
  const fetches = new WeakMap<Requester, InFlight<T>>()
  return {
    async get(requester, options, internal, read) {
      const { totalTimeout, signal } = options
      signal?.throwIfAborted()
      const value = cached.get(requester)
      if (value !== undefined) return value
      const inFlight = fetches.get(requester) ?? new InFlight<T>()
      fetches.set(requester, inFlight)
      const share = (deadline: SharedDeadline): Promise<T> =>
        inFlight.join(operation, deadline, async (shared) => {
          const fact = await read({ signal: shared.signal, timeLeft: shared.timeLeft })
          cached.set(requester, fact)
          return fact
        })
      const inherited = inheritedDeadline(signal, internal?.timeLeft)
      if (inherited !== undefined) return share(inherited)
      const ms = positive('totalTimeout', totalTimeout, requester.config.totalTimeout)
      return withinDeadline(requester.platform, ms, signal, () => new TotalTimeoutError(operation, ms), share)
    },
    forget: (requester) => void cached.delete(requester),
  }
}

/**
 * Returns the project's public token: the given one, or the one that PostHog reports, which is cached.
 *
 * @throws ConfigurationError for a private key, before sending it to a public route
 */
export async function publicToken(
  api: Requester,
  token: string | undefined,
  options: CallOptions,
): Promise<string> {
  if (token === undefined) return (await projectFacts(api, options)).api_token
  const kind = classifyKey(token)
  // Tokens of older projects have no prefix.
  if (kind === 'project_token' || kind === 'unknown') return token
  throw new ConfigurationError({
    message: 'Expected `token` to be the public token of a project (phc_), got a private key.',
    fix: 'Omit `token`; Typehog reads it from PostHog. Nothing was sent.',
  })
}
