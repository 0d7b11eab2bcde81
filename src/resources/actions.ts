import { type HasTags, tags } from './capabilities.ts'
import { type IdMethod, method } from './methods.ts'
import type { ResponseOf } from './requester.ts'
import { type Collection, collection, type Resource, type SoftDeletable, softDeletes } from './verbs.ts'

const all = '/api/projects/{project_id}/actions/'
const one = '/api/projects/{project_id}/actions/{id}/'

/** An action. */
export interface Action extends ResponseOf<`GET ${typeof one}`> {}

/** Actions: events grouped under one name. */
export interface Actions
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`>,
    HasTags<`POST ${typeof all}bulk_update_tags/`> {
  /**
   * Adds, removes or replaces the tags of several actions. PostHog's schema does not open this operation to personal API
   * keys, so PostHog probably returns 403.
   *
   * @example await posthog.actions.updateTags({ action: 'add', ids: [7, 8], tags: ['weekly'] })
   */
  updateTags: HasTags<`POST ${typeof all}bulk_update_tags/`>['updateTags']
  /**
   * Lists the objects that use an action, such as insights and cohorts.
   *
   * @example const uses = await posthog.actions.references(7)
   */
  references: IdMethod<`GET ${typeof one}references/`>
}

/** Creates the actions resource. */
export const createActions: Resource<Actions> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  ...tags(api, `POST ${all}bulk_update_tags/`),
  references: method(api, `GET ${one}references/`, 'id'),
})
