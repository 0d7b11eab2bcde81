import { listCall, type SendCall, sendCall } from './calls.ts'
import type { ListItem } from './requester.ts'
import { type Creates, type Deletes, deletes, type Lists, type Resource } from './verbs.ts'

const invites = '/api/organizations/{organization_id}/invites/'
const invite = '/api/organizations/{organization_id}/invites/{id}/'

/** An invitation into an organization. */
export type Invite = ListItem<`GET ${typeof invites}`>

/** Invitations into an organization: `posthog.organization(id).invites`. 50 in an hour, 200 in a day. */
export interface Invites
  extends Lists<`GET ${typeof invites}`>,
    Creates<`POST ${typeof invites}`>,
    Deletes<`DELETE ${typeof invite}`> {
  /**
   * Invites several people.
   *
   * @example await posthog.organization(id).invites.createMany([{ target_email: 'ada@example.com' }])
   */
  createMany: SendCall<`POST ${typeof invites}bulk/`>
}

/** Binds invitations to a client. */
export const createInvites: Resource<Invites> = (api) => ({
  list: listCall(api, `GET ${invites}`),
  create: sendCall(api, `POST ${invites}`),
  createMany: sendCall(api, `POST ${invites}bulk/`),
  ...deletes(api, `DELETE ${invite}`),
})
