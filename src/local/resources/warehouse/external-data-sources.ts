import { ApiError, invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { type CollectionKind, collectionOf } from '../../store/collection.ts'
import { boolean, json, text } from '../../store/fields.ts'
import { bodyObject } from '../../store/read-fields.ts'
import { findRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'

/** Id of the source of the sample table. */
export const STRIPE_SOURCE = '018d2a6e-0000-7000-8000-000000000203'

const SOURCES: CollectionKind = {
  name: 'external_data_sources',
  ids: 'uuid',
  sample: ({ startedAt }) => {
    const at = startedAt.toISOString()
    return [
      {
        id: STRIPE_SOURCE,
        source_type: 'Stripe',
        prefix: '',
        description: null,
        job_inputs: {},
        created_at: at,
      },
    ]
  },
}

const sources: Resource = {
  kind: SOURCES,
  path: 'projects/:project/external_data_sources',
  object: 'external_data_source',
  fields: {
    prefix: text({ nullable: true, blank: true }),
    description: text({ nullable: true, blank: true }),
    job_inputs: json(),
    auto_sync_new_schemas: boolean({ writeOnly: true }),
  },
  systemFields: ['created_at', 'user_access_level'],
  deletion: 'hard',
  search: ['source_type', 'prefix'],
  prepareCreate: () => refuse('new sources'),
  // The local PostHog never imports: the table of the source is sample data.
  view: (_, { source_type, created_at }) => ({
    source_type,
    access_method: 'warehouse',
    account_id: '',
    client_secret: '',
    created_by: USER.email,
    engine: null,
    last_run_at: created_at,
    latest_error: null,
    revenue_analytics_config: { enabled: false, include_invoiceless_charges: true },
    schemas: [{ id: '018d2a6e-0000-7000-8000-000000000205', name: 'Invoice', should_sync: true }],
    status: 'Completed',
    supports_webhooks: false,
  }),
}

const SOURCE = `${sources.path}/:id`
const READ = 'external_data_source:read'
const WRITE = 'external_data_source:write'

/** The sources of the data warehouse. The local PostHog imports nothing. */
export const externalDataSourceRoutes: readonly Route[] = [
  // No source is read without an import.
  actionRoute('GET', `${sources.path}/connections`, READ, () => jsonResponse(200, [])),
  actionRoute('GET', `${sources.path}/wizard`, READ, () => refuse('the fields of sources')),
  actionRoute('POST', `${sources.path}/database_schema`, WRITE, () => refuse('connections to sources')),
  actionRoute('POST', `${sources.path}/source_prefix`, WRITE, checkPrefix),
  ...resourceRoutes(sources),
  actionRoute('GET', `${SOURCE}/jobs`, READ, (call) => {
    findRecord(sources, call)
    return jsonResponse(200, [])
  }),
  ...['reload', 'refresh_schemas'].map((name) =>
    actionRoute('POST', `${SOURCE}/${name}`, WRITE, (call) => {
      findRecord(sources, call)
      return refuse('imports')
    }),
  ),
]

function refuse(what: string): never {
  throw invalid(null, `The local PostHog does not support ${what}.`)
}

// PostHog/posthog products/data_warehouse/backend/api/external_data_source.py
function checkPrefix({ state, body }: Call): Response {
  const { source_type: type, prefix } = bodyObject(body)
  const same = collectionOf(state, SOURCES)
    .all()
    .filter((source) => source['source_type'] === type)
  const message =
    same.length === 0
      ? undefined
      : !prefix
        ? 'Source type already exists. Prefix is required'
        : same.some((source) => source['prefix'] === prefix)
          ? 'Prefix already exists'
          : undefined
  if (message !== undefined) throw new ApiError(400, { message })
  return new Response(null, { status: 200 })
}
