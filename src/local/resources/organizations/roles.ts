import { invalid } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { text } from '../../store/fields.ts'
import { findRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { findMember, MEMBERS, memberView, userOf } from './members.ts'
import { organizationOf } from './organizations.ts'

/** The roles of an organization. */
export const ROLES: CollectionKind = { name: 'roles', ids: 'uuid' }
const MEMBERSHIPS: CollectionKind = { name: 'role_memberships', ids: 'uuid' }

const roles: Resource = {
  kind: ROLES,
  path: 'organizations/:organization/roles',
  object: 'organization',
  fields: { name: text({ required: true, maxLength: 200 }) },
  systemFields: ['created_at', 'created_by'],
  deletion: 'hard',
  activity: 'Role',
  owner: organizationOf,
  prepareCreate: (call, { name }) => {
    checkName(call, name)
    return {}
  },
  prepareUpdate: (call, before, { name }) => {
    checkName(call, name, before)
    return {}
  },
  afterDelete: (call, role) => {
    const memberships = collectionOf(call.state, MEMBERSHIPS, String(role.id))
    for (const membership of [...memberships.all()]) memberships.remove(membership.id)
  },
  view: (call, role) => ({ is_default: false, members: membersOf(call.state, role, organizationOf(call)) }),
}

const memberships: Resource = {
  kind: MEMBERSHIPS,
  path: `${roles.path}/:role/role_memberships`,
  object: 'organization',
  fields: { user_uuid: text({ required: true }) },
  systemFields: ['updated_at'],
  operations: ['list', 'create', 'delete'],
  deletion: 'hard',
  owner: (call) => String(findRecord(roles, call, 'role').id),
  prepareCreate: (call, { user_uuid: uuid }) => {
    const member = findMember(call, String(uuid))
    if (member === undefined) throw invalid('user_uuid', 'User does not exist.', 'does_not_exist')
    const role = String(findRecord(roles, call, 'role').id)
    const taken = collectionOf(call.state, MEMBERSHIPS, role)
      .all()
      .some((membership) => membership['member'] === member.id)
    if (taken) throw invalid('user_uuid', 'User is already part of the role.', 'unique')
    return { member: member.id }
  },
  view: (call, membership) => {
    const member = collectionOf(call.state, MEMBERS, organizationOf(call)).get(membership['member'])
    return {
      role_id: findRecord(roles, call, 'role').id,
      joined_at: membership['created_at'],
      organization_member: member === undefined ? null : memberView(member),
      user: member === undefined ? null : userOf(member),
    }
  },
}

/** Roles and their members. */
export const roleRoutes: readonly Route[] = [...resourceRoutes(roles), ...resourceRoutes(memberships)]

function checkName(call: Call, name: unknown, before?: StoredRecord): void {
  const taken = collectionOf(call.state, ROLES, organizationOf(call))
    .all()
    .some((role) => role['name'] === name && role.id !== before?.id)
  if (taken) throw invalid('name', 'There is already a role with this name.', 'unique')
}

function membersOf(state: ServerState, role: StoredRecord, organization: string): JsonRecord[] {
  return collectionOf(state, MEMBERSHIPS, String(role.id))
    .all()
    .flatMap((membership) => {
      const member = collectionOf(state, MEMBERS, organization).get(membership['member'])
      return member === undefined ? [] : [{ id: membership.id, user: userOf(member) }]
    })
}
