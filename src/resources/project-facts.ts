import { requireProjectId } from '../runtime/config/resolve.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import type { CallOptions, ListItem, Requester, RouteOptions } from './requester.ts'
import { createSharedFact } from './shared-fact.ts'

const route = 'GET /api/projects/'
/** Projects that are looked through at most. */
const most = 1_000

/** What the client has to know of its project. */
export type ProjectFacts = Pick<ListItem<typeof route>, 'id' | 'organization' | 'api_token'>

const fact = /* @__PURE__ */ createSharedFact<ProjectFacts>(route)

/** The client's project: its public token and its organization. Read once for each client. */
export async function projectFacts(api: Requester, options: CallOptions = {}): Promise<ProjectFacts> {
  return fact.get(api, options, (call) => read(api, { ...options, ...call }))
}

async function read(api: Requester, { schema: _, ...options }: RouteOptions): Promise<ProjectFacts> {
  const id = requireProjectId(api.config)
  if (id === '@current') {
    const me = await api.request('GET /api/users/{uuid}/', { path: { uuid: '@me' } }, options)
    return { ...me.team, id: me.team.project_id }
  }
  const projects = await api.list(route, {}, options).toArray({ max: most, allowPartial: true })
  const found = projects.find((project) => String(project.id) === id)
  if (found !== undefined) return found
  throw new ConfigurationError({
    message: `The key cannot see the project ${id} in the list of projects.`,
    fix: 'Set `projectId` to the number of a project that the key may read, with the scope `project:read`.',
  })
}
