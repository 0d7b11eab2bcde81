import { isPlainObject } from '../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { APIPromise } from '../../runtime/transport/api-promise.ts'
import { differences, fieldOf } from '../json-fields.ts'
import { method } from '../methods.ts'
import type { CallOptions, Requester, ResponseOf, WithSchema } from '../requester.ts'
import { type Revertible, revertible, type Undo, undoChange } from '../revert.ts'
import type { EndpointChanges } from './endpoint-body.ts'

const one = '/api/projects/{project_id}/endpoints/{name}/'

type UpdatedEndpoint = ResponseOf<`PATCH ${typeof one}`>

/** Updates an endpoint. */
export interface UpdateEndpoint {
  <Output>(name: string, body: EndpointChanges, options: WithSchema<CallOptions, Output>): APIPromise<Output>
  (
    name: string,
    body: EndpointChanges,
    options?: CallOptions,
  ): APIPromise<UpdatedEndpoint & Revertible<UpdatedEndpoint>>
}

/** Fields that a revert restores. PostHog ignores `name` and `derived_from_insight` of an update. */
const restorable = [
  'query',
  'description',
  'data_freshness_seconds',
  'is_active',
  'is_materialized',
  'bucket_overrides',
  'optional_breakdown_properties',
  'tags',
]
/** Fields that end or replace a materialization. */
const materializing = ['query', 'is_active', 'is_materialized']

/** Creates `endpoints.update`. It reads the endpoint first, so that the update can be reverted. */
export function updateEndpoint(api: Requester): UpdateEndpoint {
  const plain = method(api, `PATCH ${one}`, 'id, body')
  const update = (
    name: string,
    body: EndpointChanges,
    options: CallOptions = {},
  ): APIPromise<UpdatedEndpoint> => {
    // Only valid JavaScript calls have an object: the check below changes the type of `body`.
    const changes = body
    // A schema replaces the result, and PostHog or the client rejects anything else than an object.
    if (!isPlainObject(body) || !isPlainObject(options) || 'schema' in options)
      return plain(name, body, options)
    const endpoint = endpointAt(api, name, changes.version)
    return APIPromise.after(
      endpoint.read(options),
      () => plain(name, body, options),
      (after, before) => revertible(after, undoUpdate(endpoint, before, after, changes)),
    )
  }
  // With a schema, the result is that of the schema; without one, it can be reverted.
  return update as UpdateEndpoint
}

/** An endpoint, or one version of it. */
interface EndpointAt {
  readonly name: string
  readonly read: (options: CallOptions) => APIPromise<UpdatedEndpoint>
  readonly write: (body: EndpointChanges, options: CallOptions) => APIPromise<UpdatedEndpoint>
}

function endpointAt(api: Requester, name: string, version: number | null | undefined): EndpointAt {
  const target = version === undefined || version === null ? {} : { version }
  const path = { name }
  return {
    name,
    read: (options) => api.request(`GET ${one}`, { path, query: target }, options),
    write: (body, options) => {
      return api.request(`PATCH ${one}`, { path, body: { ...body, ...target } }, options)
    },
  }
}

function undoUpdate(
  { name, read, write }: EndpointAt,
  before: UpdatedEndpoint,
  after: UpdatedEndpoint,
  body: EndpointChanges,
): Undo<UpdatedEndpoint> {
  return async (options) => {
    if (body.deleted === true) {
      throw new ConfigurationError({
        message: `The update deleted the endpoint "${name}", and PostHog cannot restore it.`,
        fix: 'Create it again with `endpoints.create`. Nothing was written.',
      })
    }
    const fields = differences(before, after, changedBy(body))
    return undoChange(
      {
        name: `The endpoint "${name}"`,
        route: `PATCH ${one}`,
        before,
        after,
        fields,
        version: ({ current_version, updated_at }) => `version ${current_version} of ${updated_at}`,
        read,
        write: (earlier, callOptions) => {
          return write({ ...earlier, ...settingsOf(before, fields) } as EndpointChanges, callOptions)
        },
      },
      options,
    )
  }
}

/** The fields that an update can have changed. */
function changedBy(body: EndpointChanges): readonly string[] {
  const given = restorable.filter((field) => fieldOf(body, field) !== undefined)
  const replaced = materializing.some((field) => given.includes(field))
  return replaced ? [...new Set([...given, 'is_materialized', 'bucket_overrides'])] : given
}

/** Settings that PostHog does not carry over to the version or the materialization that a revert creates. */
function settingsOf(before: UpdatedEndpoint, fields: readonly string[]): EndpointChanges {
  const { optional_breakdown_properties } = before
  // PostHog's schema has no type for its values.
  const bucket_overrides = before.bucket_overrides as EndpointChanges['bucket_overrides']
  return {
    ...(fields.includes('query') && optional_breakdown_properties.length > 0
      ? { optional_breakdown_properties }
      : {}),
    ...(fields.includes('is_materialized') && before.is_materialized && bucket_overrides
      ? { bucket_overrides }
      : {}),
  }
}
