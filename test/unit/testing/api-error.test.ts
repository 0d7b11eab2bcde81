import { describe, expect, it } from 'vitest'
import { MissingVariablesError, NotFoundError, PermissionError, RateLimitError } from '../../../src/index.ts'
import { apiError } from '../../../src/testing.ts'
import { clientOf, json, scriptedServer } from '../fake-server.ts'

const operation = 'GET /api/projects/{project_id}/cohorts/{id}/'

describe('apiError', () => {
  it.each([400, 401, 402, 403, 404, 405, 409, 413, 418, 429, 500, 503, 504, 512, 513])(
    'creates the error that the client throws for %i',
    async (status) => {
      const error = apiError(status, { detail: 'Because.' }, { operation })
      const { type, code } = error
      const body = { type, code, detail: 'Because.', attr: null }
      const server = scriptedServer(() => json(body, status))
      const thrown = await clientOf(server, { retry: false, findRegion: false })
        .cohorts.get(7)
        .catch((error: unknown) => error)
      const { attempts: _, stopReason: __, headers: ___, ...expected } = Object(thrown)
      expect({ ...error, headers: undefined }).toMatchObject({ ...expected, headers: undefined })
      expect([error.name, error.message, error.constructor]).toEqual([
        Object(thrown).name,
        Object(thrown).message,
        Object(thrown).constructor,
      ])
    },
  )

  it('reads the fields of the class from the response', () => {
    const busy = apiError(429, {}, { headers: { 'retry-after': '30' } })
    expect(busy).toBeInstanceOf(RateLimitError)
    expect([busy.retryAfterMs, busy.source, busy.retryAt instanceof Date]).toEqual([30_000, 'server', true])
    const scope = apiError(403, { detail: "API key missing required scope 'cohort:read'" })
    expect(scope).toBeInstanceOf(PermissionError)
    expect(scope.requiredScopes).toEqual(['cohort:read'])
    const variables = { attr: 'variables', detail: "Required variables are missing: 'plan'" }
    expect(apiError(400, variables)).toBeInstanceOf(MissingVariablesError)
    const version = apiError(404, { current_version: 3 })
    expect(version).toBeInstanceOf(NotFoundError)
    expect([version.currentVersion, version.routeUnknown]).toEqual([3, false])
  })

  it('redacts keys in the body', () => {
    const error = apiError(400, { detail: 'phx_Secret0123456789abcdef is invalid' })
    expect(JSON.stringify(error) + error.message).not.toContain('Secret0123456789')
  })

  it.each([200, 399, 600, 404.5, Number.NaN, '404'])('rejects the status %j', (status) => {
    expect(() => apiError(status as number)).toThrow('expected an integer from 400 to 599')
  })
})
