import { describe, expect, it } from 'vitest'
import { isErrorOf, NotFoundError } from '../../../src/index.ts'
import { clientOf, errorResponse, json, scriptedServer } from '../fake-server.ts'

const get = 'GET /api/projects/{project_id}/cohorts/{id}/'
const run = 'POST /api/projects/{project_id}/tasks/{id}/run/'

const failure = async (response: () => Response, call = run): Promise<unknown> => {
  const posthog = clientOf(scriptedServer(response), { retry: false })
  const sent: Promise<unknown> =
    call === get ? posthog.cohorts.get(7) : posthog.request(run, { path: { id: '7' } } as never)
  return sent.catch((error: unknown) => error)
}

describe('isErrorOf', () => {
  it('recognizes the operation and the status of an error', async () => {
    const error = await failure(() => errorResponse(404), get)
    expect(isErrorOf(error, get)).toBe(true)
    expect(isErrorOf(error, get, 404)).toBe(true)
    expect(error).toBeInstanceOf(NotFoundError)
    expect(isErrorOf(error, get, 400)).toBe(false)
    expect(isErrorOf(error, run, 404)).toBe(false)
  })

  it('types the fields of a documented body', async () => {
    const body = { error: 'Artifacts are missing.', code: 'missing_artifact', missing_artifact_ids: ['a'] }
    const error = await failure(() => json(body, 400))
    if (!isErrorOf(error, run, 400)) throw error
    const ids: readonly string[] | undefined = error.extra?.missing_artifact_ids
    expect([ids, error.code, error.detail]).toEqual([['a'], 'missing_artifact', 'Artifacts are missing.'])
  })

  it('has no fields of a body that PostHog does not document, or does not send', async () => {
    for (const response of [() => errorResponse(400), () => new Response('<html>', { status: 400 })]) {
      const error = await failure(response)
      expect(isErrorOf(error, run, 400) && error.extra?.missing_artifact_ids).toBeUndefined()
    }
  })

  it.each([undefined, null, 'x', new Error('x'), { operation: run, status: 400 }])('rejects %j', (value) => {
    expect(isErrorOf(value, run)).toBe(false)
  })

  it('redacts keys in the typed fields', async () => {
    const body = { error: 'x', missing_artifact_ids: ['phx_Secret0123456789abcdef'] }
    const error = await failure(() => json(body, 400))
    expect(isErrorOf(error, run, 400) && error.extra?.missing_artifact_ids).toEqual(['[redacted]'])
  })
})
