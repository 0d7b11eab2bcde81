import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { changeProfile, currentUser, ORGANIZATION, profileOf } from '../../store/account.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { boolean, choice, type Fields, json, text } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { sessionOnlyRoute } from '../../store/session-routes.ts'
import { projectIds, storedProjectView } from '../organizations/projects.ts'

const ROLES = ['engineering', 'data', 'product', 'founder', 'leadership', 'marketing', 'sales', 'other']

const FIELDS: Fields = {
  first_name: text({ blank: true }),
  last_name: text({ blank: true }),
  email: text(),
  theme_mode: choice(['light', 'dark', 'system'], { nullable: true, blank: true }),
  toolbar_mode: choice(['disabled', 'toolbar'], { nullable: true, blank: true }),
  shortcut_position: choice(['above', 'below', 'hidden'], { nullable: true, blank: true }),
  role_at_organization: choice(ROLES),
  anonymize_data: boolean({ nullable: true }),
  allow_impersonation: boolean({ nullable: true }),
  allow_sidebar_suggestions: boolean({ nullable: true }),
  notification_settings: json(),
  events_column_config: json(),
  hedgehog_config: json(),
  has_seen_product_intro_for: json(),
}

const USER_PATH = 'users/@me'

/** Two-factor actions, which PostHog does not open to keys. */
const TWO_FACTOR: readonly (readonly ['GET' | 'POST', name: string])[] = [
  ['GET', 'two_factor_status'],
  ['GET', 'two_factor_start_setup'],
  ['POST', 'two_factor_validate'],
  ['POST', 'two_factor_backup_codes'],
  ['POST', 'two_factor_disable'],
]

/** The list of users, which has the current user only, and the two-factor actions. */
export const userRoutes: readonly Route[] = [
  {
    path: 'users',
    throttle: 'default',
    allowsScopedKeys: true,
    methods: {
      GET: {
        scope: 'user:read',
        handle: ({ state, url }) =>
          jsonResponse(200, offsetPage([currentUserView(state)].filter(matches(url)), url, state.pageSize)),
      },
    },
  },
  ...TWO_FACTOR.map(([method, name]) => sessionOnlyRoute(method, `${USER_PATH}/${name}`)),
]

function matches({ searchParams }: URL): (user: JsonRecord) => boolean {
  const email = searchParams.get('email')
  const staff = searchParams.get('is_staff')
  return (user) => (email === null || user['email'] === email) && (staff === null || staff === 'false')
}

/** The current user. */
export const currentUserRoute: Route = {
  path: USER_PATH,
  throttle: 'default',
  allowsScopedKeys: true,
  methods: {
    GET: { scope: 'user:read', handle: ({ state }) => jsonResponse(200, currentUserView(state)) },
    PATCH: { scope: 'user:write', handle: updateCurrentUser },
  },
}

async function updateCurrentUser({ state, body }: Call): Promise<Response> {
  const changes = readFields(FIELDS, body, 'change')
  const { email } = changes
  if (email !== undefined && !/^\S+@\S+\.\S+$/.test(String(email))) {
    throw invalid('email', 'Enter a valid email address.')
  }
  changeProfile(state, changes)
  await state.persist()
  return jsonResponse(200, currentUserView(state))
}

function currentUserView(state: ServerState): JsonRecord {
  const { hedgehog_config, role_at_organization, ...user } = currentUser(state)
  const since = state.startedAt.toISOString()
  const projects = projectIds(state)
    .map((id) => storedProjectView(state, id))
    .filter(({ organization }) => organization === ORGANIZATION.id)
  return {
    date_joined: since,
    is_staff: false,
    has_password: true,
    has_social_auth: false,
    has_sso_enforcement: false,
    is_2fa_enabled: false,
    is_impersonated: false,
    is_impersonated_read_only: false,
    is_impersonated_until: null,
    is_organization_first_user: true,
    notification_settings: {},
    // The schema requires a password; PostHog never sends it.
    password: '',
    pending_email: null,
    pending_invites: [],
    scene_personalisation: [],
    sensitive_session_expires_at: null,
    hedgehog_config,
    ...(role_at_organization === null ? {} : { role_at_organization }),
    ...profileOf(state),
    ...user,
    organization: {
      ...ORGANIZATION,
      available_product_features: [],
      created_at: since,
      updated_at: since,
      customer_id: null,
      is_active: true,
      is_not_active_reason: null,
      is_pending_deletion: false,
      is_member_join_email_enabled: true,
      logo_media_id: null,
      member_count: 1,
      metadata: {},
      plugins_access_level: 9,
      teams: projects,
      projects,
    },
    organizations: [{ ...ORGANIZATION, logo_media_id: null }],
    team: projects[0],
  }
}
