import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type ActWithCall, actWithCall, type ListOfCall, listOfCall } from './calls.ts'
import type { CallOptions, ListItem } from './requester.ts'
import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const roles = '/api/organizations/{organization_id}/roles/'
const role = '/api/organizations/{organization_id}/roles/{id}/'
const memberships = '/api/organizations/{organization_id}/roles/{role_id}/role_memberships/'

/** A role of users. */
export type Role = AnswerOf<`GET ${typeof role}`>
/** A user in a role. */
export type RoleMembership = ListItem<`GET ${typeof memberships}`>

/** Roles of an organization and who has them: `posthog.organization(id).roles`. */
export interface Roles extends Collection<typeof roles, typeof role>, HardDeletes<`DELETE ${typeof role}`> {
  /** Who has a role. */
  members: ListOfCall<`GET ${typeof memberships}`>
  /**
   * Gives a role to a user.
   *
   * @example await posthog.organization(id).roles.addMember(role.id, { user_uuid: user.uuid })
   */
  addMember: ActWithCall<`POST ${typeof memberships}`>
  /** Takes a role from a user, by the id of the membership. */
  removeMember(id: string, membershipId: string, options?: CallOptions): APIPromise<void>
}

/** Binds roles to a client. */
export const createRoles: Resource<Roles> = (api) => ({
  ...collection(api, roles, role),
  ...hardDeletes(api, role),
  members: listOfCall(api, `GET ${memberships}`),
  addMember: actWithCall(api, `POST ${memberships}`),
  // It answers nothing.
  removeMember: (role_id, id, options) => {
    return api.request(`DELETE ${memberships}{id}/`, { path: { role_id, id } }, options) as APIPromise<never>
  },
})
