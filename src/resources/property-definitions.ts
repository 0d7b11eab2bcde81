import { type AskCall, actCall, actWithCall, askCall, listCall } from './calls.ts'
import { type HasTags, tags } from './parts/tags.ts'
import type { AnswerOf } from './routes.ts'
import { type Gets, type HardDeletes, hardDeletes, type Lists, type Resource, type Updates } from './verbs.ts'

const all = '/api/projects/{project_id}/property_definitions/'
const one = '/api/projects/{project_id}/property_definitions/{id}/'

/** What a project says of a property. */
export type PropertyDefinition = AnswerOf<`GET ${typeof one}`>

/** What a project says of the properties of its events, persons and groups. They come with the events. */
export interface PropertyDefinitions
  extends Lists<`GET ${typeof all}`>,
    Gets<`GET ${typeof one}`>,
    Updates<`PATCH ${typeof one}`>,
    HardDeletes<`DELETE ${typeof one}`>,
    HasTags<`POST ${typeof all}bulk_update_tags/`> {
  /**
   * Which of some events were ever seen with a property.
   *
   * @example
   * const seen = await posthog.propertyDefinitions.seenTogether({ event_names: ['$pageview'], property_name: 'plan' })
   */
  seenTogether: AskCall<`GET ${typeof all}seen_together/`>
}

/** Binds property definitions to a client. */
export const createPropertyDefinitions: Resource<PropertyDefinitions> = (api) => ({
  list: listCall(api, `GET ${all}`),
  get: actCall(api, `GET ${one}`),
  update: actWithCall(api, `PATCH ${one}`),
  ...hardDeletes(api, one),
  ...tags(api, `POST ${all}bulk_update_tags/`),
  seenTogether: askCall(api, `GET ${all}seen_together/`),
})
