import { actWithCall, listCall } from './calls.ts'
import type { ListItem } from './requester.ts'
import { type Deletes, deletes, type Lists, type Resource, type Updates } from './verbs.ts'

const all = '/api/organizations/{organization_id}/members/'
const one = '/api/organizations/{organization_id}/members/{user__uuid}/'

/** A user in an organization. */
export type Member = ListItem<`GET ${typeof all}`>

/** The users of an organization, by the uuid of each: `posthog.organization(id).members`. */
export interface Members
  extends Lists<`GET ${typeof all}`>,
    Updates<`PATCH ${typeof one}`>,
    Deletes<`DELETE ${typeof one}`> {}

/** Binds members to a client. */
export const createMembers: Resource<Members> = (api) => ({
  list: listCall(api, `GET ${all}`),
  update: actWithCall(api, `PATCH ${one}`),
  ...deletes(api, `DELETE ${one}`),
})
