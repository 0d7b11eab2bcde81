import { invalid } from '../../http/api-error.ts'
import { fieldsOf } from '../../http/fields.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { currentUser, ORGANIZATION } from '../../store/account.ts'
import { projectView } from './project-view.ts'

const ROLES = ['engineering', 'data', 'product', 'founder', 'leadership', 'marketing', 'sales', 'other']
const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  theme_mode: ['light', 'dark', 'system', '', null],
  toolbar_mode: ['disabled', 'toolbar', '', null],
  shortcut_position: ['above', 'below', 'hidden', '', null],
  role_at_organization: ROLES,
}
const TEXTS = ['first_name', 'last_name', 'email']
const SETTINGS: readonly string[] = [
  'anonymize_data',
  'allow_impersonation',
  'allow_sidebar_suggestions',
  'notification_settings',
  'events_column_config',
  'hedgehog_config',
  'has_seen_product_intro_for',
]

/** The user of the key, with the projects that there are. */
export function currentUserView(world: ServerState): Record<string, unknown> {
  const { hedgehog_config, role_at_organization, ...user } = currentUser(world)
  const { stores } = world.data
  const since = world.startedAt.toISOString()
  const projects = world.projects.map((id) => projectView(world, id))
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
    // A password is never told; the schema asks for the field.
    password: '',
    pending_email: null,
    pending_invites: [],
    scene_personalisation: [],
    sensitive_session_expires_at: null,
    hedgehog_config,
    ...(role_at_organization === null ? {} : { role_at_organization }),
    ...stores.user,
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

/** PATCH: names and settings. What PostHog computes is left as it is. */
export async function updateMe({ world, body }: Call): Promise<Response> {
  const fields = fieldsOf(body)
  for (const name of TEXTS) {
    const value = fields[name]
    if (value !== undefined && typeof value !== 'string') throw invalid(name, 'Not a valid string.')
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    if (name in fields && !choices.includes(fields[name])) {
      throw invalid(name, `"${String(fields[name])}" is not a valid choice.`, 'invalid_choice')
    }
  }
  if (fields['email'] !== undefined && !/^\S+@\S+\.\S+$/.test(String(fields['email']))) {
    throw invalid('email', 'Enter a valid email address.')
  }
  for (const name of [...TEXTS, ...Object.keys(CHOICES), ...SETTINGS]) {
    if (fields[name] !== undefined) world.data.stores.user[name] = fields[name]
  }
  await world.persist()
  return jsonResponse(200, currentUserView(world))
}
