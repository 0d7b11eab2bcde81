import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { activity, type HasActivity } from './capabilities.ts'
import {
  type BodyMethod,
  type IdBodyMethod,
  type IdMethod,
  listMethod,
  method,
  type NestedListMethod,
} from './methods.ts'
import type { CallOptions, ListItem, ResponseOf } from './requester.ts'
import {
  type Collection,
  type Creatable,
  collection,
  type Deletable,
  deletes,
  type HardDeletable,
  hardDeletes,
  type Listable,
  type Resource,
  type Updatable,
} from './verbs.ts'

const organizations = '/api/organizations/'
const organization = '/api/organizations/{id}/'

/** An organization. */
export interface Organization extends ResponseOf<`GET ${typeof organization}`> {}

/** Organizations that the key's owner belongs to. `@current` is the one they last opened in the app. */
export interface Organizations
  extends Collection<typeof organizations, typeof organization>,
    HardDeletable<`DELETE ${typeof organization}`> {}

/** Creates the organizations resource. */
export const createOrganizations: Resource<Organizations> = (api) => ({
  ...collection(api, organizations, organization),
  ...hardDeletes(api, organization),
})

const members = '/api/organizations/{organization_id}/members/'
const member = '/api/organizations/{organization_id}/members/{user__uuid}/'

/** A member of an organization. */
export interface Member extends ListItem<`GET ${typeof members}`> {}

/** Members of an organization, by user UUID: `posthog.organization(id).members`. */
export interface Members
  extends Listable<`GET ${typeof members}`>,
    Updatable<`PATCH ${typeof member}`>,
    Deletable<`DELETE ${typeof member}`> {}

/** Creates the members resource. */
export const createMembers: Resource<Members> = (api) => ({
  list: listMethod(api, `GET ${members}`, 'query?'),
  update: method(api, `PATCH ${member}`, 'id, body'),
  ...deletes(api, `DELETE ${member}`),
})

const invites = '/api/organizations/{organization_id}/invites/'
const invite = '/api/organizations/{organization_id}/invites/{id}/'

/** An invite to an organization. */
export interface Invite extends ListItem<`GET ${typeof invites}`> {}

/** Invites to an organization: `posthog.organization(id).invites`. PostHog's limits: 50 per hour, 200 per day. */
export interface Invites
  extends Listable<`GET ${typeof invites}`>,
    Creatable<`POST ${typeof invites}`>,
    Deletable<`DELETE ${typeof invite}`> {
  /**
   * Invites several people.
   *
   * @example await posthog.organization(id).invites.createMany([{ target_email: 'ada@example.com' }])
   */
  createMany: BodyMethod<`POST ${typeof invites}bulk/`>
}

/** Creates the invites resource. */
export const createInvites: Resource<Invites> = (api) => ({
  list: listMethod(api, `GET ${invites}`, 'query?'),
  create: method(api, `POST ${invites}`, 'body'),
  createMany: method(api, `POST ${invites}bulk/`, 'body'),
  ...deletes(api, `DELETE ${invite}`),
})

const roles = '/api/organizations/{organization_id}/roles/'
const role = '/api/organizations/{organization_id}/roles/{id}/'
const memberships = '/api/organizations/{organization_id}/roles/{role_id}/role_memberships/'

/** A role. */
export interface Role extends ResponseOf<`GET ${typeof role}`> {}
/** The membership of a user in a role. */
export interface RoleMembership extends ListItem<`GET ${typeof memberships}`> {}

/** Roles of an organization and their members: `posthog.organization(id).roles`. */
export interface Roles extends Collection<typeof roles, typeof role>, HardDeletable<`DELETE ${typeof role}`> {
  /** Lists the members of a role. */
  members: NestedListMethod<`GET ${typeof memberships}`>
  /**
   * Adds a user to a role.
   *
   * @example await posthog.organization(id).roles.addMember(role.id, { user_uuid: user.uuid })
   */
  addMember: IdBodyMethod<`POST ${typeof memberships}`>
  /** Removes a user from a role, by membership id. */
  removeMember(id: string, membershipId: string, options?: CallOptions): APIPromise<void>
}

/** Creates the roles resource. */
export const createRoles: Resource<Roles> = (api) => ({
  ...collection(api, roles, role),
  ...hardDeletes(api, role),
  members: listMethod(api, `GET ${memberships}`, 'id, query?'),
  addMember: method(api, `POST ${memberships}`, 'id, body'),
  // The response has no body.
  removeMember: (role_id, id, options) => {
    return api.request(`DELETE ${memberships}{id}/`, { path: { role_id, id } }, options) as APIPromise<never>
  },
})

const projects = '/api/organizations/{organization_id}/projects/'
const project = '/api/organizations/{organization_id}/projects/{id}/'

/** A project and its settings. */
export interface Project extends ResponseOf<`GET ${typeof project}`> {}

/** Projects of an organization: `posthog.organization(id).projects`. */
export interface Projects
  extends Collection<typeof projects, typeof project>,
    HardDeletable<`DELETE ${typeof project}`>,
    HasActivity<`GET ${typeof project}activity/`> {
  /**
   * Lists the activity of a project, newest first. PostHog's schema does not open this operation to personal API keys,
   * so PostHog probably returns 403.
   */
  activity: HasActivity<`GET ${typeof project}activity/`>['activity']
  /**
   * Resets the public token of a project. PostHog drops events sent with the old token. PostHog's schema does not open
   * this operation to personal API keys, so PostHog probably returns 403.
   *
   * @example const { api_token } = await posthog.organization('@current').projects.resetToken(7)
   */
  resetToken: IdMethod<`PATCH ${typeof project}reset_token/`>
  /**
   * Rotates the secret token of a project. The old token works until you call `deleteSecretTokenBackup`. PostHog's
   * schema does not open this operation to personal API keys, so PostHog probably returns 403.
   */
  rotateSecretToken: IdMethod<`PATCH ${typeof project}rotate_secret_token/`>
  /**
   * Revokes the previous secret token of a project. PostHog's schema does not open this operation to personal API keys,
   * so PostHog probably returns 403.
   */
  deleteSecretTokenBackup: IdMethod<`PATCH ${typeof project}delete_secret_token_backup/`>
  /**
   * Registers interest in a product of PostHog, such as `session_replay`.
   *
   * @throws BadRequestError for an unknown product
   * @example
   * const { projects } = posthog.organization('@current')
   * await projects.addProductIntent(7, { product_type: 'session_replay', intent_context: 'taxonomic filter empty state' })
   */
  addProductIntent: IdBodyMethod<`PATCH ${typeof project}add_product_intent/`>
  /**
   * Marks the onboarding of a product as completed, in `has_completed_onboarding_for`.
   *
   * @throws BadRequestError for an unknown product
   * @example
   * const { projects } = posthog.organization('@current')
   * await projects.completeOnboarding(7, { product_type: 'product_analytics' })
   */
  completeOnboarding: IdBodyMethod<`PATCH ${typeof project}complete_product_onboarding/`>
  /**
   * Moves a project to another organization. PostHog requires an admin of both. PostHog's schema does not open this
   * operation to personal API keys, so PostHog probably returns 403.
   */
  changeOrganization: IdBodyMethod<`POST ${typeof project}change_organization/`>
  /**
   * Returns whether PostHog is generating demo data for a project. PostHog's schema does not open this operation to
   * personal API keys, so PostHog probably returns 403.
   */
  isGeneratingDemoData: IdMethod<`GET ${typeof project}is_generating_demo_data/`>
  /**
   * Generates a new public token of the project's conversations. The old token stops working. PostHog's schema does not
   * open this operation to personal API keys, so PostHog probably returns 403.
   */
  generateConversationsToken: IdMethod<`POST ${typeof project}generate_conversations_public_token/`>
}

/** Creates the projects resource. */
export const createProjects: Resource<Projects> = (api) => ({
  ...collection(api, projects, project),
  ...hardDeletes(api, project),
  ...activity(api, `GET ${project}activity/`),
  resetToken: method(api, `PATCH ${project}reset_token/`, 'id'),
  rotateSecretToken: method(api, `PATCH ${project}rotate_secret_token/`, 'id'),
  deleteSecretTokenBackup: method(api, `PATCH ${project}delete_secret_token_backup/`, 'id'),
  addProductIntent: method(api, `PATCH ${project}add_product_intent/`, 'id, body'),
  completeOnboarding: method(api, `PATCH ${project}complete_product_onboarding/`, 'id, body'),
  changeOrganization: method(api, `POST ${project}change_organization/`, 'id, body'),
  isGeneratingDemoData: method(api, `GET ${project}is_generating_demo_data/`, 'id'),
  generateConversationsToken: method(api, `POST ${project}generate_conversations_public_token/`, 'id'),
})
