import {
  type Collection,
  type CollectionContext,
  type CollectionKind,
  collectionOf,
  type JsonRecord,
} from './collection.ts'

/** The user of the local PostHog. */
export const USER = {
  id: 1,
  uuid: '018d2a6e-0000-7000-8000-000000000001',
  distinct_id: 'local-user',
  first_name: 'Local',
  last_name: 'User',
  email: 'local@example.com',
  is_email_verified: true,
} as const

/** The organization of the projects with data. */
export const ORGANIZATION = {
  id: '018d2a6e-0000-7000-8000-000000000002',
  name: 'Local organization',
  slug: 'local-organization',
  membership_level: 15,
} as const

/** Changes to the user's profile, as a single record. */
const PROFILES: CollectionKind = { name: 'user_profiles', ids: 'integer', seed: () => [{ id: USER.id }] }

/** A user as embedded in other objects. */
export interface UserView {
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

/** The user as embedded in other objects, with the current profile. */
export function currentUser(state: CollectionContext): UserView {
  const { first_name, last_name, email, role_at_organization } = profileOf(state)
  return {
    ...USER,
    first_name: typeof first_name === 'string' ? first_name : USER.first_name,
    last_name: typeof last_name === 'string' ? last_name : USER.last_name,
    email: typeof email === 'string' ? email : USER.email,
    hedgehog_config: null,
    role_at_organization: typeof role_at_organization === 'string' ? role_at_organization : null,
  }
}

/** The changed members of the user's profile. */
export function profileOf(state: CollectionContext): JsonRecord {
  const { id, ...profile } = profilesOf(state).get(USER.id) ?? { id: USER.id }
  return profile
}

/** Changes members of the user. */
export function changeProfile(state: CollectionContext, members: JsonRecord): void {
  profilesOf(state).change(USER.id, members)
}

/** The profile is the same in all projects. */
function profilesOf(state: CollectionContext): Collection {
  return collectionOf(state, PROFILES, state.projects[0])
}
