import { requireProjectId } from '../runtime/config/resolve.ts'
import { ConfigurationError } from '../runtime/errors/configuration-error.ts'
import { untilAbort, watchSignal } from '../runtime/transport/abort.ts'
import type { CallOptions, ListItem, Requester } from './requester.ts'

const route = 'GET /api/projects/'
/** Projects that are looked through at most. */
const most = 1_000

/** What the client has to know of its project. */
export type ProjectFacts = Pick<ListItem<typeof route>, 'id' | 'organization' | 'api_token'>

interface Question {
  readonly answer: Promise<ProjectFacts>
  readonly signal: AbortSignal | undefined
}

const asked = new WeakMap<Requester, Question>()

/** The client's project: its public token and its organization. Asked for once. */
export async function projectFacts(api: Requester, options: CallOptions = {}): Promise<ProjectFacts> {
  const { signal } = options
  const known = asked.get(api)
  const question = known ?? { answer: read(api, options), signal }
  asked.set(api, question)
  try {
    const { answer } = question
    return await (signal === undefined ? answer : untilAbort(answer, watchSignal(signal)))
  } catch (error) {
    // What failed is tried again by the next one.
    const over = question.signal?.aborted === true || signal?.aborted !== true
    if (over && asked.get(api) === question) asked.delete(api)
    // That somebody else gave up is no reason to.
    if (question !== known || !question.signal?.aborted || signal?.aborted) throw error
    return projectFacts(api, options)
  }
}

async function read(api: Requester, { schema: _, ...options }: CallOptions): Promise<ProjectFacts> {
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
