import { classifyKey } from '../runtime/auth/credential.ts'
import { InFlight } from '../runtime/cache/in-flight.ts'
import { positive, requireProjectId } from '../runtime/config/resolve.ts'
import { TotalTimeoutError } from '../runtime/errors/call-errors.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import { inheritedDeadline, type SharedDeadline, withinDeadline } from '../runtime/transport/deadline.ts'
import type { CallOptions, InternalOptions, ListItem, Requester, RequestOptions } from './requester.ts'

const route = 'GET /api/projects/'
/** Projects that are looked through at most. */
const most = 1_000

/** What the client has to know of its project. */
export type ProjectFacts = Pick<ListItem<typeof route>, 'id' | 'organization' | 'api_token'>

const fact = /* @__PURE__ */ createSharedFact<ProjectFacts>(route)

/** The client's project: its public token and its organization. Read once for each client. */
export async function projectFacts(api: Requester, options: CallOptions = {}): Promise<ProjectFacts> {
  return fact.get(api, options, undefined, ({ signal, timeLeft }) =>
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
  const projects = await api.list(route, {}, options, internal).toArray({ max: most, allowPartial: true })
  const found = projects.find((project) => String(project.id) === id)
  if (found !== undefined) return found
  throw new ConfigurationError({
    message: `The key cannot see the project ${id} in the list of projects.`,
    fix: 'Set `projectId` to the number of a project that the key may read, with the scope `project:read`.',
  })
}

/** The deadline that requests for a fact are given. */
export type FactCall = Pick<SharedDeadline, 'signal' | 'timeLeft'>

/** Something that a client reads once and keeps, such as its project. */
export interface SharedFact<T> {
  /**
   * The fact. Concurrent callers share one read, and each waits within its own `totalTimeout` and `signal`. A read that
   * failed is repeated for the next caller.
   */
  get(
    requester: Requester,
    options: CallOptions,
    internal: Pick<InternalOptions, 'timeLeft'> | undefined,
    read: (call: FactCall) => Promise<T>,
  ): Promise<T>
  /** Drops it, so that the next caller reads it again. */
  forget(requester: Requester): void
}

/** @param operation names the read in timeout errors */
export function createSharedFact<T>(operation: string): SharedFact<T> {
  const known = new WeakMap<Requester, T>()
  const reading = new WeakMap<Requester, InFlight<T>>()
  return {
    async get(requester, options, internal, read) {
      const { totalTimeout, signal } = options
      signal?.throwIfAborted()
      const before = known.get(requester)
      if (before !== undefined) return before
      const inFlight = reading.get(requester) ?? new InFlight<T>()
      reading.set(requester, inFlight)
      const share = (deadline: SharedDeadline): Promise<T> =>
        inFlight.join(operation, deadline, async (shared) => {
          const fact = await read({ signal: shared.signal, timeLeft: shared.timeLeft })
          known.set(requester, fact)
          return fact
        })
      const inherited = inheritedDeadline(signal, internal?.timeLeft)
      if (inherited !== undefined) return share(inherited)
      const ms = positive('totalTimeout', totalTimeout, requester.config.totalTimeout)
      return withinDeadline(requester.platform, ms, signal, () => new TotalTimeoutError(operation, ms), share)
    },
    forget: (requester) => void known.delete(requester),
  }
}

/**
 * The project's public token: the one that the caller names, else the project's own, which is asked for once.
 *
 * @throws ConfigurationError for a private key in its place, before it is sent where no private key belongs
 */
export async function publicToken(
  api: Requester,
  token: string | undefined,
  options: CallOptions,
): Promise<string> {
  if (token === undefined) return (await projectFacts(api, options)).api_token
  const kind = classifyKey(token)
  // Tokens of old projects have no prefix.
  if (kind === 'project_token' || kind === 'unknown') return token
  throw new ConfigurationError({
    message: '`token` is a private key; the public token of a project (phc_) was expected.',
    fix: 'Leave `token` out: the client asks for it. Nothing was sent.',
  })
}
