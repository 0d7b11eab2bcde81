import { describe, expect, it } from 'vitest'
import { type ClientOptions, createClient, type RetryFailure } from '../../../src/index.ts'

const list = 'GET /api/projects/{project_id}/cohorts/'

/** A client whose server answers each request with the next status, then with 200. */
function clientOf(statuses: number[], decide: (failure: RetryFailure) => boolean | undefined) {
  const calls: string[] = []
  const options: ClientOptions = {
    apiKey: 'phx_decide000000000',
    projectId: 1,
    limits: false,
    retry: { initialDelay: 1, maxDelay: 1, decide },
    fetch: async (_, { method }) => {
      calls.push(String(method))
      const status = statuses.shift() ?? 200
      return Response.json(status === 200 ? { results: [] } : { code: 'x', detail: 'no' }, { status })
    },
  }
  return { posthog: createClient(options), calls }
}

describe('retry.decide', () => {
  it('stops a retry, and the error says so', async () => {
    const { posthog, calls } = clientOf([500], ({ error }) => (error.status === 500 ? false : undefined))
    await expect(posthog.request(list)).rejects.toMatchObject({
      status: 500,
      stopReason: 'stopped by `retry.decide`',
    })
    expect(calls).toHaveLength(1)
  })

  it('retries a read that Typehog would not retry', async () => {
    const seen: RetryFailure[] = []
    const { posthog, calls } = clientOf([404], (failure) => {
      seen.push(failure)
      return true
    })
    await posthog.request(list)
    expect(calls).toHaveLength(2)
    expect(seen).toMatchObject([{ operation: list, attempt: 1, retry: false, error: { status: 404 } }])
  })

  it.each([502, 504, 400])('never repeats a write after %i', async (status) => {
    const { posthog, calls } = clientOf([status], () => true)
    const body = { name: 'x' }
    await expect(posthog.request('POST /api/projects/{project_id}/cohorts/', { body })).rejects.toThrow()
    expect(calls).toEqual(['POST'])
  })

  it('never exceeds the attempts', async () => {
    const { posthog, calls } = clientOf([404, 404, 404, 404], () => true)
    await expect(posthog.request(list)).rejects.toMatchObject({ status: 404 })
    expect(calls).toHaveLength(3)
  })

  it('keeps the decision of Typehog for undefined', async () => {
    const { posthog, calls } = clientOf([503], () => undefined)
    await posthog.request(list)
    expect(calls).toHaveLength(2)
  })

  it('is rejected unless it is a function', () => {
    expect(() => createClient({ apiKey: 'phx_x', retry: { decide: true as never } })).toThrow(
      '`retry.decide`',
    )
  })
})
