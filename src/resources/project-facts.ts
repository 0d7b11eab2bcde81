import { ConfigurationError } from '../runtime/errors/configuration-error.ts'
import type { CallOptions, ListItem, Requester } from './requester.ts'

const route = 'GET /api/projects/'
/** Projects that are looked through at most. */
const most = 1_000

/** What the list of projects tells of one. */
export type ProjectFacts = ListItem<typeof route>

const known = new WeakMap<Requester, Promise<ProjectFacts>>()

/** The client's project: its public token and its organization. Asked for once. */
export function projectFacts(api: Requester, options: CallOptions = {}): Promise<ProjectFacts> {
  const found = known.get(api) ?? read(api, options)
  known.set(api, found)
  // What failed is tried again by the next one.
  found.catch(() => known.delete(api))
  return found
}

async function read(api: Requester, options: CallOptions): Promise<ProjectFacts> {
  const id = String(api.config.projectId)
  const projects = await api.list(route, {}, options).toArray({ max: most, allowPartial: true })
  const found = projects.find((project) => String(project.id) === id)
  if (found !== undefined) return found
  throw new ConfigurationError({
    message: `The key cannot see the project ${id} in the list of projects.`,
    fix: 'Set `projectId` to the number of a project that the key may read, with the scope `project:read`.',
  })
}
