import type { ServerState } from '../server-state.ts'

/** The one user of the local PostHog. */
export const USER = {
  id: 1,
  uuid: '018d2a6e-0000-7000-8000-000000000001',
  distinct_id: 'local-user',
  first_name: 'Local',
  last_name: 'User',
  email: 'local@example.com',
  is_email_verified: true,
} as const

export const ORGANIZATION = {
  id: '018d2a6e-0000-7000-8000-000000000002',
  name: 'Local organization',
  slug: 'local-organization',
  membership_level: 15,
} as const

/** A user as it stands inside other objects. */
export function smallUser(): Record<string, unknown> {
  return { ...USER, hedgehog_config: null, role_at_organization: null }
}

/** The user with what they changed of themselves. */
export function currentUser(world: ServerState): SmallUser {
  const { first_name, last_name, email, role_at_organization } = world.data.stores.user
  return {
    ...USER,
    first_name: typeof first_name === 'string' ? first_name : USER.first_name,
    last_name: typeof last_name === 'string' ? last_name : USER.last_name,
    email: typeof email === 'string' ? email : USER.email,
    hedgehog_config: null,
    role_at_organization: typeof role_at_organization === 'string' ? role_at_organization : null,
  }
}

/** The user as it stands inside other objects, with the names of today. */
export interface SmallUser {
  readonly id: number
  readonly uuid: string
  readonly distinct_id: string
  readonly first_name: string
  readonly last_name: string
  readonly email: string
  readonly is_email_verified: boolean
  readonly hedgehog_config: null
  readonly role_at_organization: string | null
}
