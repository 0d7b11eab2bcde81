import { listCall, type SendCall, sendCall } from './calls.ts'
import type { ListItem } from './requester.ts'
import { type Creates, type Deletes, deletes, type Lists, type Resource } from './verbs.ts'

const all = '/api/organizations/{organization_id}/invites/'
const one = '/api/organizations/{organization_id}/invites/{id}/'

/** An invitation into an organization. */
export type Invite = ListItem<`GET ${typeof all}`>

/** Invitations into an organization: `posthog.organization(id).invites`. 50 in an hour, 200 in a day. */
export interface Invites
  extends Lists<`GET ${typeof all}`>,
    Creates<`POST ${typeof all}`>,
    Deletes<`DELETE ${typeof one}`> {
  /**
   * Invites several people.
   *
   * @example await posthog.organization(id).invites.createMany([{ target_email: 'ada@example.com' }])
   */
  createMany: SendCall<`POST ${typeof all}bulk/`>
}

/** Binds invitations to a client. */
export const createInvites: Resource<Invites> = (api) => ({
  list: listCall(api, `GET ${all}`),
  create: sendCall(api, `POST ${all}`),
  createMany: sendCall(api, `POST ${all}bulk/`),
  ...deletes(api, `DELETE ${one}`),
})
