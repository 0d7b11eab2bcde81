import { actWithCall, listCall } from './calls.ts'
import type { ListItem } from './requester.ts'
import { type Deletes, deletes, type Lists, type Resource, type Updates } from './verbs.ts'

const members = '/api/organizations/{organization_id}/members/'
const member = '/api/organizations/{organization_id}/members/{user__uuid}/'

/** A user in an organization. */
export type Member = ListItem<`GET ${typeof members}`>

/** The users of an organization, by the uuid of each: `posthog.organization(id).members`. */
export interface Members
  extends Lists<`GET ${typeof members}`>,
    Updates<`PATCH ${typeof member}`>,
    Deletes<`DELETE ${typeof member}`> {}

/** Binds members to a client. */
export const createMembers: Resource<Members> = (api) => ({
  list: listCall(api, `GET ${members}`),
  update: actWithCall(api, `PATCH ${member}`),
  ...deletes(api, `DELETE ${member}`),
})
