import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { APIError } from '../../../../src/runtime/errors/api-errors.ts'
import { fixFor } from '../../../../src/runtime/errors/fixes.ts'
import { errorFromResponse } from '../../../../src/runtime/errors/from-response.ts'

const now = Date.UTC(2026, 0, 1)
const from = (status: number, body: unknown, headers: Record<string, string> = {}): APIError =>
  errorFromResponse(
    { status, text: typeof body === 'string' ? body : JSON.stringify(body), headers: new Headers(headers) },
    'POST /run/',
    now,
    fixFor,
  )
const standard = (type: string, code: string, detail: string, attr: string | null = null): object => ({
  type,
  code,
  detail,
  attr,
})

describe('the error class', () => {
  it.each([
    [400, standard('validation_error', 'invalid_input', 'Bad.', 'name'), 'BadRequestError', 'bad_request'],
    [400, { error: 'limit must be a number' }, 'BadRequestError', 'bad_request'],
    [405, '', 'BadRequestError', 'bad_request'],
    [405, { detail: 'No.' }, 'BadRequestError', 'bad_request'],
    [413, '<html>', 'BadRequestError', 'bad_request'],
    [
      401,
      standard('authentication_error', 'authentication_failed', 'x'),
      'AuthenticationError',
      'authentication',
    ],
    [402, standard('server_error', 'quota_limit_exceeded', 'x'), 'QuotaExceededError', 'quota_exceeded'],
    [403, standard('authentication_error', 'permission_denied', 'x'), 'PermissionError', 'permission'],
    [404, standard('invalid_request', 'not_found', 'Not found.'), 'NotFoundError', 'not_found'],
    [409, standard('server_error', 'conflict', 'x'), 'ConflictError', 'conflict'],
    [429, standard('throttled_error', 'throttled', 'x'), 'RateLimitError', 'rate_limit'],
    [500, standard('server_error', 'error', 'A server error occurred.'), 'ServerError', 'server'],
    [
      500,
      standard('server_error', 'error', 'ClickHouse error while executing query.'),
      'QueryError',
      'query',
    ],
    [502, '<html>', 'ServerError', 'server'],
    [504, '<html>', 'ServerError', 'server'],
    [504, standard('server_error', 'error', 'x'), 'QueryTimeoutError', 'query_timeout'],
    [512, standard('server_error', 'error', 'x'), 'QueryError', 'query'],
    [513, standard('server_error', 'clickhouse_memory_limit_exceeded', 'x'), 'QueryError', 'query'],
    [400, standard('server_error', 'query_timeout', 'x'), 'QueryTimeoutError', 'query_timeout'],
    [400, standard('server_error', 'query_memory_limit', 'x'), 'QueryError', 'query'],
    [400, standard('validation_error', 'illegal_type_of_argument', 'x'), 'QueryError', 'query'],
    [400, standard('validation_error', 'unknown_table', 'x'), 'QueryError', 'query'],
    [400, standard('validation_error', 'max_length', 'x', 'name'), 'BadRequestError', 'bad_request'],
    [
      400,
      standard('invalid_request', 'parse_error', 'JSON parse error - x'),
      'BadRequestError',
      'bad_request',
    ],
    [
      400,
      { ...standard('validation_error', 'invalid_input', 'x'), extra: { start: 1 } },
      'QueryError',
      'query',
    ],
    [
      400,
      { ...standard('validation_error', 'invalid_input', 'x'), error_event_id: 'e' },
      'BadRequestError',
      'bad_request',
    ],
    [
      400,
      { query_status: { complete: true, error: true, error_message: 'Unknown field' } },
      'QueryError',
      'query',
    ],
    [500, { query_status: { complete: true, error: true, error_message: null } }, 'QueryError', 'query'],
    [304, '', 'APIError', 'api'],
  ])('for %i with %j is %s', (status, body, name, kind) => {
    expect(from(status, body)).toMatchObject({ name, kind, status })
    expect(from(status, body)).toBeInstanceOf(APIError)
  })
})

describe('an error', () => {
  it('has the fields of the standard format', () => {
    const error = from(400, {
      ...standard('validation_error', 'required', 'Needed.', 'filters__date'),
      extra: { a: 1 },
    })
    expect(error).toMatchObject({
      operation: 'POST /run/',
      type: 'validation_error',
      code: 'required',
      detail: 'Needed.',
      attr: 'filters__date',
      extra: { a: 1 },
      message: 'POST /run/ returned 400 (required at filters__date): Needed.',
    })
  })

  it('has the text of the bare formats, with other keys as extra', () => {
    expect(from(400, { error: 'limit must be a number', limit: 'x' })).toMatchObject({
      detail: 'limit must be a number',
      extra: { limit: 'x' },
    })
    expect(from(409, { error: 'queue_full', detail: 'Busy.' }).detail).toBe('Busy.')
  })

  it('has no detail for a page without a title', () => {
    const error = from(502, '<html>secret page</html>', { 'content-type': 'text/html; charset=utf-8' })
    expect(error.message).toBe("POST /run/ returned 502 with text/html instead of PostHog's JSON.")
    expect(error.detail).toBeUndefined()
    expect(from(503, '').message).toContain('empty body')
  })

  it.each(['{"type": "validation_err', '[]', 'null', '""', '42', '{"detail": 5, "code": {}}', '{}'])(
    'survives the body %s',
    (body) => {
      expect(from(400, body)).toSatisfy(
        (error: APIError) => error.name === 'BadRequestError' && error.detail === undefined,
      )
    },
  )

  const forms: readonly (readonly [body: unknown, type: string, detail: string, format: string])[] = [
    ['  The  sentence.\n', 'text/plain', 'The  sentence.', 'text'],
    ['"The sentence."', 'application/json', 'The sentence.', 'text'],
    [['The sentence.', 'Another.'], 'application/json', 'The sentence. Another.', 'json'],
    [{ detail: ['The sentence.'] }, 'application/json', 'The sentence.', 'json'],
    [{ detail: { filters: ['The sentence.'] } }, 'application/json', 'filters: The sentence.', 'json'],
    [
      { name: ['Required.'], tags: { 0: ['Blank.'] } },
      'application/json',
      'name: Required. tags.0: Blank.',
      'json',
    ],
    [{ non_field_errors: ['The sentence.'] }, 'application/json', 'The sentence.', 'json'],
    [{ error: { message: 'The sentence.', type: 'x' } }, 'application/json', 'The sentence.', 'json'],
    [{ message: 'The sentence.' }, 'application/json', 'The sentence.', 'json'],
    [
      { error: 'invalid_grant', error_description: 'The sentence.' },
      'application/json',
      'The sentence.',
      'json',
    ],
    [
      { detail: [{ loc: ['body', 'limit'], msg: 'Too big.' }] },
      'application/json',
      'body.limit: Too big.',
      'json',
    ],
    [
      { ...standard('server_error', 'error', 'A server error occurred.'), summary: 'The sentence.' },
      'application/json',
      'A server error occurred. The sentence.',
      'json',
    ],
    ['{"detail": "The \\"sentence\\".", "extra": "it is cut', 'application/json', 'The "sentence".', 'text'],
    ['<html><title>The\nsentence.</title><p>more', 'text/html', 'The sentence.', 'html'],
  ]
  it.each(forms)('has the message of %j as %s', (body, type, detail, bodyFormat) => {
    const error = from(500, body, { 'content-type': type })
    expect(error).toMatchObject({ detail, bodyFormat })
    expect(error.message).toContain(detail.replace(/\s+/g, ' '))
  })

  it('keeps the structure of a detail, and every other key', () => {
    const structure = { filters: ['The sentence.'] }
    expect(from(400, { type: 'validation_error', code: 'invalid', detail: structure }).extra).toEqual({
      detail: structure,
    })
    const both = { ...standard('server_error', 'error', 'x'), extra: { a: 1 }, error_event_id: 'e' }
    expect(from(500, both).extra).toEqual({ a: 1, error_event_id: 'e' })
  })

  it("recognizes a proxy's text", () => {
    const type = { 'content-type': 'text/plain' }
    expect(from(504, 'upstream request timeout', type)).toMatchObject({
      name: 'ServerError',
      detail: 'upstream request timeout',
    })
    expect(from(404, 'no such route', type)).toMatchObject({ routeUnknown: true })
  })

  it('shows no control characters and no split surrogate pairs', () => {
    const { message } = from(400, { detail: `a\u001b[31mb\u202e${'x'.repeat(470)}${'\u{1f600}'.repeat(50)}` })
    expect(message).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(message).not.toMatch(/[\ud800-\udfff]/u)
  })

  it('survives a deep structure', () => {
    const deep = `{"detail":${'['.repeat(5_000)}"x"${']'.repeat(5_000)}}`
    expect(from(400, deep).name).toBe('BadRequestError')
    expect(JSON.stringify(from(400, deep)).length).toBeLessThan(20_000)
  })

  it('has a truncated message and the full detail', () => {
    const error = from(400, { detail: 'x'.repeat(5000) })
    expect(error.message.length).toBeLessThan(600)
    expect(error.detail).toHaveLength(5000)
  })

  it('is created for any body and any status', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.oneof(fc.json(), fc.string()), (status, body) => {
        const error = from(status, body)
        return (
          error.status === status &&
          JSON.stringify(error).length > 0 &&
          error.message.includes(String(status))
        )
      }),
    )
  })

  it('has the headers without cookies and secrets', () => {
    const { headers } = from(500, '', {
      'cf-ray': 'r',
      'set-cookie': 'a=b',
      'x-api-key': 'c',
      'x-long': 'x'.repeat(9e3),
    })
    expect(headers?.get('cf-ray')).toBe('r')
    expect(headers?.get('set-cookie')).toBe('[redacted]')
    expect(headers?.get('x-api-key')).toBe('[redacted]')
    expect(headers?.get('x-long')?.length).toBeLessThanOrEqual(1_000)
  })

  it('has the request id', () => {
    expect(from(500, '', { 'x-request-id': 'r1' }).requestId).toBe('r1')
  })

  it('serializes to plain JSON', () => {
    expect(
      JSON.parse(
        JSON.stringify(from(429, standard('throttled_error', 'throttled', 'x'), { 'retry-after': '5' })),
      ),
    ).toEqual({
      name: 'RateLimitError',
      kind: 'rate_limit',
      message: 'POST /run/ returned 429 (throttled): x',
      fix: expect.any(String),
      operation: 'POST /run/',
      status: 429,
      bodyFormat: 'json',
      headers: { 'retry-after': '5' },
      type: 'throttled_error',
      code: 'throttled',
      detail: 'x',
      attempts: [],
      retryAfterMs: 5000,
      retryAt: '2026-01-01T00:00:05.000Z',
      source: 'server',
    })
  })
})

describe('missing variables', () => {
  it.each([
    ["Required variable(s) 'a', 'org_id' not provided", ['a', 'org_id']],
    ['Required variable(s) "a" not provided', ['a']],
    ["Missing required variables: 'it is', 'b'", ['it is', 'b']],
  ])('are parsed from: %s', (detail, missing) => {
    const error = from(400, standard('validation_error', 'invalid_input', detail, 'variables'))
    expect(error).toMatchObject({ name: 'MissingVariablesError', kind: 'missing_variables', missing })
    expect(error.fix).toContain('every variable')
  })

  it.each([
    ['Unknown variable(s): x, y', 'variables'],
    ["Unknown variable 'x'", 'variables'],
    ["Required variable(s) 'a' not provided", 'query'],
    ['Required variables not provided', 'variables'],
  ])('are not parsed from: %s at %s', (detail, attr) => {
    expect(from(400, standard('validation_error', 'invalid_input', detail, attr)).name).toBe(
      'BadRequestError',
    )
  })
})

describe('missing scopes', () => {
  it.each([
    ["API key missing required scope 'endpoint:read'", ['endpoint:read']],
    ["API key missing required scopes 'a:read', 'b_c:write'", ['a:read', 'b_c:write']],
    ['OAuth token has no scopes and cannot access this resource', []],
    ["You don't have access to the project.", []],
  ])('are parsed from: %s', (detail, requiredScopes) => {
    expect(from(403, standard('authentication_error', 'permission_denied', detail))).toMatchObject({
      requiredScopes,
    })
  })
})

describe('a 404', () => {
  it("means an unknown route for PostHog's detail or a web page", () => {
    expect(from(404, standard('invalid_request', 'not_found', 'Endpoint not found.'))).toMatchObject({
      routeUnknown: true,
    })
    expect(from(404, '<html>')).toMatchObject({ routeUnknown: true })
    expect(from(404, standard('invalid_request', 'not_found', 'Not found.'))).toMatchObject({
      routeUnknown: false,
    })
  })

  it('has the current version of an object', () => {
    const error = from(404, { error: 'Version 9 not found', current_version: 3 })
    expect(error).toMatchObject({ routeUnknown: false, currentVersion: 3 })
    expect(error.fix).toContain('current version is 3')
    expect(from(404, { error: 'x', current_version: '3' })).toMatchObject({ currentVersion: undefined })
  })
})

describe('rate limits', () => {
  it('have the time from the header or detail', () => {
    const throttled = standard('throttled_error', 'throttled', 'Expected available in 9 seconds.')
    expect(from(429, throttled)).toMatchObject({ retryAfterMs: 9000, retryAt: new Date(now + 9000) })
    expect(from(429, throttled, { 'retry-after': '3' })).toMatchObject({ retryAfterMs: 3000 })
  })

  it('have no time for concurrent queries', () => {
    const error = from(
      429,
      standard('throttled_error', 'throttled', 'Too many queries are running right now'),
    )
    expect(error).toMatchObject({ retryAfterMs: undefined, retryAt: undefined })
    expect(error.fix).toContain('fewer queries')
  })
})
