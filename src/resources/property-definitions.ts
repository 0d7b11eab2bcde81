import { type AskCall, actCall, actWithCall, askCall, listCall } from './calls.ts'
import { type HasTags, tags } from './parts/tags.ts'
import type { AnswerOf } from './routes.ts'
import { type Gets, type HardDeletes, hardDeletes, type Lists, type Resource, type Updates } from './verbs.ts'

const propertyDefinitions = '/api/projects/{project_id}/property_definitions/'
const propertyDefinition = '/api/projects/{project_id}/property_definitions/{id}/'

/** What a project says of a property. */
export type PropertyDefinition = AnswerOf<`GET ${typeof propertyDefinition}`>

/** What a project says of the properties of its events, persons and groups. They come with the events. */
export interface PropertyDefinitions
  extends Lists<`GET ${typeof propertyDefinitions}`>,
    Gets<`GET ${typeof propertyDefinition}`>,
    Updates<`PATCH ${typeof propertyDefinition}`>,
    HardDeletes<`DELETE ${typeof propertyDefinition}`>,
    HasTags<`POST ${typeof propertyDefinitions}bulk_update_tags/`> {
  /**
   * Which of some events were ever seen with a property.
   *
   * @example
   * const seen = await posthog.propertyDefinitions.seenTogether({ event_names: ['$pageview'], property_name: 'plan' })
   */
  seenTogether: AskCall<`GET ${typeof propertyDefinitions}seen_together/`>
}

/** Binds property definitions to a client. */
export const createPropertyDefinitions: Resource<PropertyDefinitions> = (api) => ({
  list: listCall(api, `GET ${propertyDefinitions}`),
  get: actCall(api, `GET ${propertyDefinition}`),
  update: actWithCall(api, `PATCH ${propertyDefinition}`),
  ...hardDeletes(api, propertyDefinition),
  ...tags(api, `POST ${propertyDefinitions}bulk_update_tags/`),
  seenTogether: askCall(api, `GET ${propertyDefinitions}seen_together/`),
})
