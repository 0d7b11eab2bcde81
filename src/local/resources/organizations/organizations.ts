import { notFound } from '../../http/api-error.ts'
import type { Call } from '../../http/route.ts'
import { ORGANIZATION } from '../../store/account.ts'
import { type CollectionKind, collectionOf, type StoredRecord } from '../../store/collection.ts'

/** Owner of the collection of organizations. */
export const INSTANCE = 'instance'

/** The organizations of the user. */
export const ORGANIZATIONS: CollectionKind = {
  name: 'organizations',
  ids: 'uuid',
  seed: ({ startedAt }) => {
    const at = startedAt.toISOString()
    return [
      {
        id: ORGANIZATION.id,
        name: ORGANIZATION.name,
        slug: ORGANIZATION.slug,
        created_at: at,
        updated_at: at,
      },
    ]
  },
}

/** Finds an organization by id; `@current` is the first one. */
export function findOrganization({ state }: Call, id: string): StoredRecord | undefined {
  return collectionOf(state, ORGANIZATIONS, INSTANCE).get(id === '@current' ? ORGANIZATION.id : id)
}

/**
 * The id of the organization in a path.
 *
 * @throws ApiError 404
 */
export function organizationOf(call: Call): string {
  const found = findOrganization(call, call.params['organization'] ?? '')
  if (found === undefined) throw notFound('Organization not found.')
  return String(found.id)
}

/**
 * Checks that a path names the organization with data.
 *
 * @throws ApiError 404
 */
export function checkOrganization({ params }: Call): void {
  const id = params['organization']
  if (id !== '@current' && id !== ORGANIZATION.id) throw notFound('Organization not found.')
}
