import { describe, expect, it } from 'vitest'
import { catalogue, fixFor, type Symptoms } from '../../../../src/runtime/errors/fixes.ts'

const cases: readonly (readonly [Symptoms, RegExp])[] = [
  [{ status: 401, code: 'not_authenticated', detail: 'x' }, /proxy that removes/],
  [{ status: 401, code: 'authentication_failed', detail: 'Access token has expired.' }, /new access token/],
  [{ status: 401, code: 'authentication_failed', detail: 'Personal API key … is invalid.' }, /`region`/],
  [{ status: 401 }, /`region`/],
  [{ status: 403, detail: "API key missing required scope 'query:read'" }, /scope query:read to the key/],
  [
    { status: 403, detail: 'This action does not support project secret API key access' },
    /phx_.*openapi\.json/,
  ],
  [{ status: 403, detail: 'API key does not have access to the requested project: ID 7.' }, /restricted/],
  [
    { status: 403, detail: 'API keys with scoped projects are only supported on project-based endpoints.' },
    /restricted/,
  ],
  [{ status: 403, detail: "Organization 'X' does not allow using personal API keys." }, /admin/],
  [{ status: 403 }, /country/],
  [{ status: 403, detail: "You don't have access to the project." }, /member of that project/],
  [{ status: 404, code: 'not_found', detail: 'Endpoint not found.' }, /sub-path/],
  [{ status: 404 }, /sub-path/],
  [{ status: 404, detail: 'Version 9 not found', currentVersion: 3 }, /version is 3.*endpoints pull/],
  [{ status: 404, code: 'not_found', detail: 'Project not found.' }, /region/],
  [{ status: 404, code: 'not_found', detail: 'Not found.' }, /deleted/],
  [{ status: 402, code: 'api_queries_quota_exceeded', detail: 'x' }, /monthly quota/],
  [{ status: 402, code: 'payment_required', detail: 'x' }, /plan/],
  [{ status: 409, detail: 'x' }, /again/],
  [{ status: 429, detail: 'Too many queries are running right now' }, /fewer queries/],
  [{ status: 429, detail: 'Request was throttled.' }, /retryAt/],
  [
    { status: 400, code: 'invalid_input', attr: 'variables', detail: 'Unknown variable(s): x' },
    /endpoints pull/,
  ],
  [
    { status: 400, code: 'invalid_input', attr: 'variables', detail: 'Required variable(s) …' },
    /every variable/,
  ],
  [{ status: 400, code: 'invalid_input', detail: 'Version 2 of this endpoint is inactive.' }, /Activate/],
  [{ status: 400, code: 'invalid_input', detail: 'OFFSET is not\nsupported' }, /timestamp/],
  [{ status: 400, code: 'query_too_large', detail: 'x' }, /read less/],
  [{ status: 504, detail: 'x' }, /read less/],
  [{ status: 512, detail: 'x' }, /read less/],
  [{ status: 513, detail: 'x' }, /memory use/],
  [{ status: 504 }, /proxy/],
  [{ status: 503, detail: 'x' }, /later/],
  [{ status: 405 }, /not PostHog/],
  [
    {
      status: 401,
      code: 'authentication_failed',
      detail: 'Personal API key found in request body is invalid.',
    },
    /Remove `personal_api_key`/,
  ],
  [{ status: 401, detail: 'User associated with access token is disabled' }, /active user/],
  [{ status: 401, detail: 'Access token is not associated with a valid application.' }, /application again/],
  [{ status: 401, detail: 'Token invalid.' }, /new access token/],
  [{ status: 403, detail: 'OAuth token has no scopes and cannot access this resource' }, /Sign in again/],
  [{ status: 403, detail: 'This action does not support personal API key access' }, /Only the PostHog app/],
  [
    { status: 403, detail: 'This action requires a programmatic token carrying an internal scope' },
    /own services/,
  ],
  [
    { status: 403, detail: 'API key does not have access to the requested organization: ID 018d-2a6e.' },
    /Allow organization 018d-2a6e for the key/,
  ],
  [{ status: 403, detail: 'Your organization access level is insufficient.' }, /Raise the access level/],
  [
    {
      status: 403,
      detail: 'Legacy insight filters are not supported.',
      operation: 'POST /api/projects/{project_id}/insights/',
    },
    /`query` instead of `filters`/,
  ],
  [{ status: 403, detail: 'Something else.' }, /user with access/],
  [{ status: 402, code: 'quota_limit_exceeded', detail: 'x' }, /billing limit of this product/],
  [{ status: 402, code: 'other', detail: 'x' }, /billing limits/],
  [
    { status: 429, detail: 'Rate limit exceeded. Recording snapshot requests are limited to 300 per hour.' },
    /recordings more slowly/,
  ],
  [
    { status: 404, operation: 'GET /api/projects/{project_id}/feature_flags/{id}/remote_config/' },
    /remote config/,
  ],
  [{ status: 404, code: 'not_found', detail: 'Query 12ab not found for team 1' }, /20 minutes/],
  [
    {
      status: 404,
      code: 'not_found',
      detail: 'Not found.',
      operation: 'PATCH /api/projects/{project_id}/dashboards/{id}/',
    },
    /deleted: false/,
  ],
  [{ status: 405, operation: 'DELETE /api/projects/{project_id}/cohorts/{id}/' }, /deleted: true/],
  [{ status: 405, code: 'method_not_allowed', detail: 'Method "PUT" not allowed.' }, /another method/],
  [{ status: 406, code: 'not_acceptable', detail: 'x' }, /Accept/],
  [{ status: 409, code: 'queue_full', detail: 'x' }, /pending operations/],
  [{ status: 413 }, /20 MiB/],
  [{ status: 415, code: 'unsupported_media_type', detail: 'x' }, /Content-Type/],
  [
    {
      status: 400,
      code: 'invalid_input',
      attr: 'refresh',
      detail: "'direct' is only valid for materialized endpoints.",
      operation: 'POST /api/projects/{project_id}/endpoints/{name}/run/',
    },
    /only materialized endpoints/,
  ],
  [
    {
      status: 400,
      code: 'invalid_input',
      attr: 'filters_override',
      detail: 'x',
      operation: 'POST /api/projects/{project_id}/endpoints/{name}/run/',
    },
    /Use variables/,
  ],
  [
    {
      status: 400,
      code: 'invalid_input',
      attr: 'limit',
      detail: 'x',
      operation: 'POST /api/projects/{project_id}/endpoints/{name}/run/',
    },
    /Remove `limit` and `offset`/,
  ],
  [
    { status: 400, detail: 'offset is too large', operation: 'GET /api/projects/{project_id}/events/' },
    /`before` and `after`/,
  ],
  [
    {
      status: 400,
      detail: 'You must provide event_name',
      operation: 'GET /api/projects/{project_id}/events/values/',
    },
    /with a key require it/,
  ],
  [
    {
      status: 400,
      detail: 'Provide either ids or distinct_ids',
      operation: 'POST /api/projects/{project_id}/persons/bulk_delete/',
    },
    /up to 1,000/,
  ],
  [
    { status: 400, code: 'parse_error', detail: 'JSON parse error - limit: Extra inputs are not permitted' },
    /unknown fields/,
  ],
  [
    { status: 400, code: 'parse_error', detail: 'JSON parse error - Expecting value' },
    /type of the operation/,
  ],
  [{ status: 400, code: 'unknown_table', detail: 'x' }, /table name/],
  [{ status: 400, code: 'unknown_identifier', detail: 'x' }, /a column or alias/],
  [{ status: 400, code: 'unknown_function', detail: 'x' }, /function name/],
  [{ status: 400, code: 'illegal_type_of_argument', detail: 'x' }, /toString/],
  [{ status: 400, code: 'not_an_aggregate', detail: 'x' }, /GROUP BY/],
  [{ status: 513, detail: 'The cluster is under heavy load' }, /low on memory/],
  [{ status: 500, code: 'error', detail: 'ClickHouse error while executing query.' }, /hides/],
  [{ status: 503, code: 'query_capacity', detail: 'x' }, /fewer queries at once/],
  [
    { status: 503, code: 'error', detail: 'Queries are a little too busy right now.' },
    /fewer queries at once/,
  ],
  [{ status: 503, code: 'database_unavailable', detail: 'x' }, /few seconds/],
  [
    { status: 503, operation: 'GET /api/projects/{project_id}/dashboards/{id}/stream_tiles/' },
    /event streams/,
  ],
  [{ status: 400 }, /not PostHog/],
]

describe('fixFor', () => {
  it.each(cases)('%j', (symptoms, expected) => {
    expect(fixFor(symptoms)).toMatch(expected)
  })

  it('has no fix for an error that names its field', () => {
    const symptoms = { status: 400, code: 'required', attr: 'name', detail: 'This field is required.' }
    expect(fixFor(symptoms)).toBeUndefined()
  })

  it('has no unreachable rule', () => {
    const fixes = cases.map(([symptoms]) => fixFor(symptoms) ?? '')
    for (const [symptom, fix] of catalogue) {
      const [start = '', end = ''] = fix.split('$1')
      const reached = fixes.some((text) => text.startsWith(start) && text.endsWith(end))
      expect(reached, String(symptom)).toBe(true)
    }
  })

  it('replaces every placeholder', () => {
    for (const [symptoms] of cases) expect(fixFor(symptoms) ?? '').not.toContain('$1')
  })
})
