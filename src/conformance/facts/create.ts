import { at, NotTried } from '../outcome.ts'
import type { CallInput, Probe, Reply } from '../probe.ts'

/** How an object is removed: by DELETE, or by `deleted: true` where PostHog refuses DELETE. */
export type Removal = 'DELETE' | 'PATCH'

/**
 * Creates an object and registers its removal. Returns its body.
 *
 * @param path path of the list, such as `cohorts/`
 * @param idField field that addresses the object
 * @throws NotTried when PostHog does not create it
 */
export async function create(
  probe: Probe,
  path: string,
  body: object,
  removal: Removal,
  idField = 'id',
): Promise<unknown> {
  const reply = await probe.call('POST', path, { body })
  if (reply.status >= 300)
    throw new NotTried(`A needed object was not created: POST ${path} returned ${reply.status}.`)
  remove(probe, path, reply.body, removal, idField)
  return reply.body
}

/** Registers the removal of an object that a response describes. Does nothing for an error. */
export function remove(probe: Probe, path: string, body: unknown, removal: Removal, idField = 'id'): void {
  const id = at(body, idField)
  if (typeof id !== 'string' && typeof id !== 'number') return
  if (removal === 'DELETE') probe.cleanUp('DELETE', `${path}${id}/`)
  else probe.cleanUp('PATCH', `${path}${id}/`, { body: { deleted: true } })
}

/** An id that no object has. */
export const noId: number = 2_147_483_000

/** Filters of a flag that is on for nobody. */
export const nobody: object = { groups: [{ properties: [], rollout_percentage: 0 }] }

/** Creates an endpoint with a query of three rows, and removes it afterwards. Returns its name. */
export async function endpoint(
  probe: Probe,
  query: string = 'select arrayJoin([1, 2, 3]) as n',
): Promise<string> {
  const { name } = probe
  await create(probe, 'endpoints/', { name, query: { kind: 'HogQLQuery', query } }, 'DELETE', 'name')
  return name
}

/** Runs an endpoint. */
export function runEndpoint(
  probe: Probe,
  name: string,
  body: object = {},
  query: CallInput['query'] = {},
): Promise<Reply> {
  return probe.call('POST', 'endpoints/{name}/run/', { path: { name }, body, query })
}

/** A query of Trends, for insights and objects that need one. */
export const trends: object = {
  kind: 'InsightVizNode',
  source: { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: '$pageview' }] },
}
