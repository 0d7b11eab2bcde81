import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { type CollectionKind, collectionOf, type StoredRecord } from '../../store/collection.ts'
import { boolean, choice, json, text } from '../../store/fields.ts'
import { createRecord, recordsOf, recordView } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { MEMBERS, userOf } from './members.ts'
import { organizationOf } from './organizations.ts'

const INVITES: CollectionKind = { name: 'invites', ids: 'uuid' }
const VALID_DAYS = 3
const DAY_MS = 86_400_000
const MAX_INVITES = 20

const invites: Resource = {
  kind: INVITES,
  path: 'organizations/:organization/invites',
  object: 'organization_member',
  fields: {
    target_email: text({ required: true }),
    first_name: text({ blank: true, default: '', maxLength: 30 }),
    level: choice([1, 8, 15], { default: 1 }),
    message: text({ nullable: true, blank: true }),
    private_project_access: json({ default: [] }),
    send_email: boolean({ writeOnly: true }),
    combine_pending_invites: boolean({ writeOnly: true }),
  },
  systemFields: ['created_at', 'created_by', 'updated_at'],
  operations: ['list', 'create', 'delete'],
  deletion: 'hard',
  activity: 'OrganizationInvite',
  owner: organizationOf,
  prepareCreate: (call, values) => {
    const email = String(values['target_email']).toLowerCase()
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email))
      throw invalid('target_email', 'Enter a valid email address.')
    const isMember = collectionOf(call.state, MEMBERS, organizationOf(call))
      .all()
      .some((member) => userOf(member)['email'] === email)
    if (isMember) throw invalid(null, 'A user with this email address already belongs to the organization.')
    return { target_email: email }
  },
  // The local PostHog sends no email.
  view: ({ state }, { created_at }) => ({
    emailing_attempt_made: false,
    is_expired: state.now().getTime() - Date.parse(String(created_at)) > VALID_DAYS * DAY_MS,
  }),
}

/** Invites to an organization. */
export const inviteRoutes: readonly Route[] = [
  actionRoute('POST', `${invites.path}/bulk`, 'organization_member:write', createInvites),
  ...resourceRoutes(invites),
]

async function createInvites(call: Call): Promise<Response> {
  const { body } = call
  if (!Array.isArray(body))
    throw invalid(null, 'This endpoint needs an array of data for bulk invite creation.')
  if (body.length > MAX_INVITES) {
    throw invalid(null, `A maximum of ${MAX_INVITES} invites can be sent in a single request.`)
  }
  const created: StoredRecord[] = []
  try {
    for (const invite of body) created.push(await createRecord(invites, call, invite))
  } catch (error) {
    // One invalid invite rejects the whole request.
    for (const invite of created) recordsOf(invites, call).remove(invite.id)
    throw error
  }
  return jsonResponse(200, await Promise.all(created.map((invite) => recordView(invites, call, invite))))
}
