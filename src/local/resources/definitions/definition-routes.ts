import type { Action, Route } from '../../http/route.ts'
import {
  bulkEventTags,
  deleteEventDefinition,
  eventDefinitionByName,
  eventDefinitionMetrics,
  getEventDefinition,
  listEventDefinitions,
  patchEventDefinition,
  postEventDefinition,
} from './event-definitions.ts'
import {
  bulkPropertyTags,
  deletePropertyDefinition,
  getPropertyDefinition,
  listPropertyDefinitions,
  patchPropertyDefinition,
  seenTogether,
} from './property-definitions.ts'

const ofEvents = (access: 'read' | 'write', handle: Action['handle']): Action => ({
  scope: `event_definition:${access}`,
  handle,
})
const ofProperties = (access: 'read' | 'write', handle: Action['handle']): Action => ({
  scope: `property_definition:${access}`,
  handle,
})
const at = (path: string, methods: Route['methods']): Route => ({
  path: `projects/:project/${path}`,
  throttle: 'default',
  methods,
})

/** What is known of the names of events and properties. */
export const definitionRoutes: readonly Route[] = [
  at('event_definitions', {
    GET: ofEvents('read', listEventDefinitions),
    POST: ofEvents('write', postEventDefinition),
  }),
  at('event_definitions/by_name', { GET: ofEvents('read', eventDefinitionByName) }),
  at('event_definitions/bulk_update_tags', { POST: ofEvents('write', bulkEventTags) }),
  at('event_definitions/:id', {
    GET: ofEvents('read', getEventDefinition),
    PUT: ofEvents('write', patchEventDefinition),
    PATCH: ofEvents('write', patchEventDefinition),
    DELETE: ofEvents('write', deleteEventDefinition),
  }),
  at('event_definitions/:id/metrics', { GET: ofEvents('read', eventDefinitionMetrics) }),
  at('property_definitions', { GET: ofProperties('read', listPropertyDefinitions) }),
  at('property_definitions/bulk_update_tags', { POST: ofProperties('write', bulkPropertyTags) }),
  at('property_definitions/seen_together', { GET: ofProperties('read', seenTogether) }),
  at('property_definitions/:id', {
    GET: ofProperties('read', getPropertyDefinition),
    PUT: ofProperties('write', patchPropertyDefinition),
    PATCH: ofProperties('write', patchPropertyDefinition),
    DELETE: ofProperties('write', deletePropertyDefinition),
  }),
]
