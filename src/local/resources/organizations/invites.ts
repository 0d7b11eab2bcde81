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
const DAYS_VALID = 3
const DAY_MS = 86_400_000
const MOST_AT_ONCE = 20

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
    const isMember = collectionOf(call.world, MEMBERS, organizationOf(call))
      .all()
      .some((member) => userOf(member)['email'] === email)
    if (isMember) throw invalid(null, 'A user with this email address already belongs to the organization.')
    return { target_email: email }
  },
  // No mail leaves this machine.
  view: ({ world }, { created_at }) => ({
    emailing_attempt_made: false,
    is_expired: world.now().getTime() - Date.parse(String(created_at)) > DAYS_VALID * DAY_MS,
  }),
}

/** Invitations to an organization. */
export const inviteRoutes: readonly Route[] = [
  actionRoute('POST', `${invites.path}/bulk`, 'organization_member:write', inviteSeveral),
  ...resourceRoutes(invites),
]

async function inviteSeveral(call: Call): Promise<Response> {
  const { body } = call
  if (!Array.isArray(body))
    throw invalid(null, 'This endpoint needs an array of data for bulk invite creation.')
  if (body.length > MOST_AT_ONCE) {
    throw invalid(null, `A maximum of ${MOST_AT_ONCE} invites can be sent in a single request.`)
  }
  const made: StoredRecord[] = []
  try {
    for (const one of body) made.push(await createRecord(invites, call, one))
  } catch (error) {
    // All or none.
    for (const invite of made) recordsOf(invites, call).remove(invite.id)
    throw error
  }
  return jsonResponse(200, await Promise.all(made.map((invite) => recordView(invites, call, invite))))
}
