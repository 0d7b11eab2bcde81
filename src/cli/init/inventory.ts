import type { TypehogClient } from '../../client/create-client.ts'
import { NotFoundError, PermissionError } from '../../runtime/errors/api-errors.ts'

/** Something that a project has and the command can pull. */
export type InventoryKind = 'endpoints' | 'events' | 'featureFlags' | 'cohorts' | 'groups' | 'variables'

/** What a project has. */
export interface Inventory {
  /** Number of objects by kind. */
  readonly counts: ReadonlyMap<InventoryKind, number>
  /** Kinds that the key cannot read, with the scopes that it lacks. */
  readonly unreadable: ReadonlyMap<InventoryKind, readonly string[]>
}

/** Counts what a project has: one request for each kind, which asks for one object. */
export async function readInventory(client: TypehogClient, signal: AbortSignal): Promise<Inventory> {
  const query = { limit: 1 }
  const options = { signal }
  const lists = {
    endpoints: () => client.list('GET /api/projects/{project_id}/endpoints/', { query }, options),
    events: () => client.list('GET /api/projects/{project_id}/event_definitions/', { query }, options),
    featureFlags: () => client.list('GET /api/projects/{project_id}/feature_flags/', { query }, options),
    cohorts: () => client.list('GET /api/projects/{project_id}/cohorts/', { query }, options),
    // These routes have no limit.
    groups: () => client.list('GET /api/projects/{project_id}/groups_types/', {}, options),
    variables: () => client.list('GET /api/projects/{project_id}/insight_variables/', {}, options),
  } satisfies Readonly<Record<InventoryKind, unknown>>
  const counts = new Map<InventoryKind, number>()
  const unreadable = new Map<InventoryKind, readonly string[]>()
  const kinds = Object.keys(lists) as InventoryKind[]
  await Promise.all(
    kinds.map(async (kind) => {
      try {
        const { count, items } = await lists[kind]()
        counts.set(kind, count ?? items.length)
      } catch (error) {
        if (error instanceof PermissionError) unreadable.set(kind, error.requiredScopes ?? [])
        // Older servers lack some of the routes.
        else if (error instanceof NotFoundError) counts.set(kind, 0)
        else throw error
      }
    }),
  )
  return { counts, unreadable }
}
