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
