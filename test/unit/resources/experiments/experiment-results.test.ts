import { describe, expect, it } from 'vitest'
import { errorResponse, fakeServer } from '../../fake-server.ts'

describe('experiments.results', () => {
  it('returns the results of all metrics, primary metrics first', async () => {
    const server = fakeServer(({ path, body }) => {
      if (path !== '/query/') {
        return Response.json({
          id: 3,
          metrics: [{ name: 'a' }, { name: 'b' }],
          metrics_secondary: [{ name: 'c' }],
        })
      }
      const { kind, experiment_id, metric } = body['query'] as Record<string, { name: string }>
      return Response.json({ kind, experiment_id, of: metric?.name })
    })
    const results = await server.client().experiments.results(3)
    expect(results.map(({ metric, primary }) => [metric.name, primary])).toEqual([
      ['a', true],
      ['b', true],
      ['c', false],
    ])
    expect(results.map(({ result }) => result)).toMatchObject([{ of: 'a' }, { of: 'b' }, { of: 'c' }])
    expect(results[0]?.result).toMatchObject({ kind: 'ExperimentQuery', experiment_id: 3 })
  })

  it.each([{}, { metrics: null }, { metrics: {} }])('returns no results for %j', async (experiment) => {
    const server = fakeServer(() => Response.json({ id: 3, ...experiment }))
    expect(await server.client().experiments.results(3)).toEqual([])
    expect(server.requests).toHaveLength(1)
  })

  it('throws the error of a failing metric', async () => {
    const server = fakeServer(({ path }) => {
      return path === '/query/'
        ? errorResponse(400, { code: 'x' })
        : Response.json({ metrics: [{ name: 'a' }] })
    })
    await expect(server.client().experiments.results(3)).rejects.toMatchObject({ name: 'BadRequestError' })
  })
})
