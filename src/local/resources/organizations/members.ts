import { forbidden } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import { currentUser, ORGANIZATION, USER } from '../../store/account.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { choice } from '../../store/fields.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { organizationOf } from './organizations.ts'

/** A second member, whom the user may manage. */
const COLLEAGUE = {
  ...USER,
  hedgehog_config: null,
  role_at_organization: null,
  id: 2,
  uuid: '018d2a6e-0000-7000-8000-000000000006',
  distinct_id: 'local-colleague',
  first_name: 'Local',
  last_name: 'Colleague',
  email: 'colleague@example.com',
}
const MEMBER = 1
const ADMIN = 8
const OWNER = 15

/** The members of an organization. */
export const MEMBERS: CollectionKind = {
  name: 'members',
  ids: 'uuid',
  seed: (state, organization) => {
    const times = { joined_at: state.startedAt.toISOString(), updated_at: state.startedAt.toISOString() }
    const owner = { user: currentUser(state), level: OWNER, ...times }
    return organization === ORGANIZATION.id ? [owner, { user: COLLEAGUE, level: MEMBER, ...times }] : [owner]
  },
}

const members: Resource = {
  kind: MEMBERS,
  path: 'organizations/:organization/members',
  object: 'organization_member',
  idName: 'user',
  fields: { level: choice([MEMBER, ADMIN, OWNER]) },
  systemFields: ['updated_at'],
  operations: ['list', 'update', 'delete'],
  deletion: 'hard',
  activity: 'OrganizationMembership',
  owner: organizationOf,
  find: (call, uuid) => findMember(call, uuid),
  prepareUpdate: (_, before, { level }) => {
    if (isCaller(before) && level !== undefined) throw forbidden("You can't change your own access level.")
    return {}
  },
  beforeDelete: (_, member) => {
    if (isCaller(member)) throw forbidden('The only owner of an organization cannot leave it.')
  },
  view: (_, member) => memberView(member),
}

/** The members of an organization. */
export const memberRoutes: readonly Route[] = resourceRoutes(members)

/** Finds a member of the organization in the path by the uuid of the user. */
export function findMember(call: Call, uuid: string): StoredRecord | undefined {
  const userUuid = uuid === '@me' ? USER.uuid : uuid
  return collectionOf(call.state, MEMBERS, organizationOf(call))
    .all()
    .find((member) => userOf(member)['uuid'] === userUuid)
}

/** A member as responses show it. */
export function memberView({ id, user, level, joined_at, updated_at }: StoredRecord): JsonRecord {
  const login = { is_2fa_enabled: false, has_social_auth: false, last_login: joined_at }
  return { id, user, level, joined_at, updated_at, ...login }
}

/** The user of a member. */
export function userOf(member: StoredRecord): JsonRecord {
  return member['user'] as JsonRecord
}

function isCaller(member: StoredRecord): boolean {
  return userOf(member)['uuid'] === USER.uuid
}
