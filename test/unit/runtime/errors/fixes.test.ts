import { describe, expect, it } from 'vitest'
import { fixFor, type Symptoms } from '../../../../src/runtime/errors/fixes.ts'

const cases: readonly (readonly [Symptoms, RegExp | undefined])[] = [
  [{ status: 401, code: 'not_authenticated', detail: 'x' }, /proxy that drops/],
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
  [{ status: 403, detail: "You don't have access to the project." }, /user has access/],
  [{ status: 404, code: 'not_found', detail: 'Endpoint not found.' }, /sub-path/],
  [{ status: 404 }, /sub-path/],
  [{ status: 404, detail: 'Version 9 not found', currentVersion: 3 }, /version is 3.*endpoints pull/],
  [{ status: 404, code: 'not_found', detail: 'Project not found.' }, /region/],
  [{ status: 404, code: 'not_found', detail: 'Not found.' }, /deleted/],
  [{ status: 402, code: 'api_queries_quota_exceeded', detail: 'x' }, /allowance/],
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
  [{ status: 513, detail: 'x' }, /read less/],
  [{ status: 504 }, /proxy/],
  [{ status: 503, detail: 'x' }, /later/],
  [{ status: 405 }, /not PostHog/],
  [{ status: 400, code: 'required', attr: 'name', detail: 'This field is required.' }, undefined],
]

describe('fixFor', () => {
  it.each(cases)('%j', (symptoms, expected) => {
    const fix = fixFor(symptoms)
    if (expected === undefined) expect(fix).toBeUndefined()
    else expect(fix).toMatch(expected)
  })

  it('never leaves a placeholder', () => {
    for (const [symptoms] of cases) expect(fixFor(symptoms) ?? '').not.toContain('$1')
  })
})
