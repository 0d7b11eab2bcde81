import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type ActCall, actCall, checkedCall } from './calls.ts'
import { requireText } from './check-arguments.ts'
import { type HasTags, tags } from './parts/tags.ts'
import type { CallOptions } from './requester.ts'
import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const eventDefinitions = '/api/projects/{project_id}/event_definitions/'
const eventDefinition = '/api/projects/{project_id}/event_definitions/{id}/'

/** What a project says of an event. */
export type EventDefinition = AnswerOf<`GET ${typeof eventDefinition}`>

/** What a project says of its events: description, owner, tags, verified or not. */
export interface EventDefinitions
  extends Collection<typeof eventDefinitions, typeof eventDefinition>,
    HardDeletes<`DELETE ${typeof eventDefinition}`>,
    HasTags<`POST ${typeof eventDefinitions}bulk_update_tags/`> {
  /**
   * The definition of an event, by its name.
   *
   * @throws NotFoundError when no such event was seen
   * @example const { last_seen_at } = await posthog.eventDefinitions.getByName('$pageview')
   */
  getByName(
    name: string,
    options?: CallOptions,
  ): APIPromise<AnswerOf<`GET ${typeof eventDefinitions}by_name/`>>
  /** How much the event is used in queries. */
  metrics: ActCall<`GET ${typeof eventDefinition}metrics/`>
}

/** Binds event definitions to a client. */
export const createEventDefinitions: Resource<EventDefinitions> = (api) => ({
  ...collection(api, eventDefinitions, eventDefinition),
  ...hardDeletes(api, eventDefinition),
  ...tags(api, `POST ${eventDefinitions}bulk_update_tags/`),
  getByName: (name, options) => {
    const input = (): { readonly query: { readonly name: string } } => {
      requireText('name', name)
      return { query: { name } }
    }
    return checkedCall(api, `GET ${eventDefinitions}by_name/`, input, options)
  },
  metrics: actCall(api, `GET ${eventDefinition}metrics/`),
})
