import { envelope } from '../../http/api-error.ts'
import type { Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { ORGANIZATION } from '../../store/account.ts'
import { collectionOf, type JsonRecord, randomText, type StoredRecord } from '../../store/collection.ts'
import { boolean, choice, type Fields, text } from '../../store/fields.ts'
import { visibleFields } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { inviteRoutes } from './invites.ts'
import { MEMBERS, memberRoutes } from './members.ts'
import { findOrganization, INSTANCE, ORGANIZATIONS } from './organizations.ts'
import { projectRoutes } from './project-routes.ts'
import { PROJECTS, projectView } from './projects.ts'
import { roleRoutes } from './roles.ts'

const FIELDS: Fields = {
  name: text({ required: true, maxLength: 64 }),
  logo_media_id: text({ nullable: true }),
  enforce_2fa: boolean({ nullable: true }),
  members_can_invite: boolean({ nullable: true, default: true }),
  members_can_use_personal_api_keys: boolean({ default: true }),
  allow_publicly_shared_resources: boolean({ default: true }),
  default_anonymize_ips: boolean({ default: false }),
  default_experiment_stats_method: choice(['bayesian', 'frequentist'], {
    nullable: true,
    blank: true,
    default: 'bayesian',
  }),
  default_role_id: text({ nullable: true }),
  is_ai_data_processing_approved: boolean({ nullable: true, default: false }),
}

const DEFAULTS: JsonRecord = Object.fromEntries(
  Object.entries(FIELDS).map(([name, field]) => [name, field.default ?? null]),
)

const organizations: Resource = {
  kind: ORGANIZATIONS,
  path: 'organizations',
  object: 'organization',
  idName: 'organization',
  fields: FIELDS,
  systemFields: ['created_at', 'updated_at'],
  deletion: 'hard',
  activity: 'Organization',
  owner: () => INSTANCE,
  find: findOrganization,
  prepareCreate: (_, { name }) => ({ slug: slugOf(String(name)) }),
  beforeDelete: (_, { id }) => {
    if (id === ORGANIZATION.id) {
      const detail = 'Cannot delete the organization with the data of the local PostHog.'
      throw envelope(409, 'server_error', 'conflict', detail)
    }
  },
  view: ({ state }, organization) => {
    const projects = projectsOf(state, organization)
    return {
      ...DEFAULTS,
      ...visibleFields(organizations, organization),
      slug: organization['slug'],
      membership_level: ORGANIZATION.membership_level,
      plugins_access_level: 3,
      teams: projects,
      projects,
      available_product_features: [],
      metadata: {},
      customer_id: null,
      member_count: collectionOf(state, MEMBERS, String(organization.id)).all().length,
      is_member_join_email_enabled: true,
      is_active: true,
      is_not_active_reason: null,
      is_pending_deletion: false,
    }
  },
}

/** Organizations, their projects, members, invites and roles. */
export const organizationRoutes: readonly Route[] = [
  ...resourceRoutes(organizations),
  ...projectRoutes,
  ...memberRoutes,
  ...inviteRoutes,
  ...roleRoutes,
]

function projectsOf(state: ServerState, { id }: StoredRecord): JsonRecord[] {
  return collectionOf(state, PROJECTS, String(id))
    .all()
    .map((project) => projectView(project, String(id)))
}

function slugOf(name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `${words}-${randomText(4).toLowerCase()}`
}
