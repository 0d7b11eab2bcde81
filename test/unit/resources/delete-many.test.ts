import { describe, expect, it } from 'vitest'
import { errorResponse, fakeServer } from '../fake-server.ts'
import { runPending } from '../runtime/harness.ts'

const noContent = (): Response => new Response(null, { status: 204 })
const idOf = (path: string): string => path.split('/').at(-2) ?? ''

describe('deleteMany', () => {
  it('reports each id once, in input order', async () => {
    const server = fakeServer(async ({ path }) => {
      const id = idOf(path)
      // The first object responds last.
      await runPending(id === 'a' ? 50 : 1)
      return id === 'lost'
        ? errorResponse(404, { detail: 'Not found.' })
        : id === 'bad'
          ? errorResponse(400)
          : noContent()
    })
    const ids = ['a', 'lost', 'b', 'a', 'bad', 'c', 'b']
    const report = await server.client().surveys.deleteMany(ids)
    expect(report).toMatchObject({ dryRun: false, deleted: ['a', 'b', 'c'], missing: ['lost'] })
    expect(report.failed).toMatchObject([{ id: 'bad', error: { name: 'BadRequestError' } }])
    expect(server.requests).toHaveLength(5)
  })

  it('accepts an async iterable', async () => {
    const server = fakeServer(noContent)
    async function* ids(): AsyncGenerator<string> {
      yield 'a'
      yield 'b'
    }
    expect((await server.client().surveys.deleteMany(ids())).deleted).toEqual(['a', 'b'])
  })

  it('sends nothing for no ids', async () => {
    const server = fakeServer(noContent)
    const report = await server.client().surveys.deleteMany([])
    expect(report).toEqual({ dryRun: false, deleted: [], missing: [], failed: [] })
    expect(server.requests).toEqual([])
  })

  it.each([
    [1, 1],
    [3, 3],
    [undefined, 4],
  ])('with concurrency %s deletes up to %i at a time', async (concurrency, max) => {
    let running = 0
    let maxRunning = 0
    const server = fakeServer(async () => {
      running += 1
      maxRunning = Math.max(maxRunning, running)
      await runPending()
      running -= 1
      return noContent()
    })
    const ids = Array.from({ length: 12 }, (_, index) => `s${index}`)
    const options = concurrency === undefined ? {} : { concurrency }
    const { deleted } = await server.client().surveys.deleteMany(ids, options)
    expect(deleted).toEqual(ids)
    expect(maxRunning).toBe(max)
  })

  it.each([0, -1, Number.NaN, 1.5, Number.POSITIVE_INFINITY])(
    'rejects a concurrency of %s before deleting anything',
    async (concurrency) => {
      const server = fakeServer(noContent)
      await expect(server.client().surveys.deleteMany(['a', 'b'], { concurrency })).rejects.toMatchObject({
        name: 'ConfigurationError',
        message: expect.stringContaining('concurrency'),
      })
      expect(server.requests).toEqual([])
    },
  )

  it('rejects a string instead of an array', async () => {
    const server = fakeServer(noContent)
    await expect(server.client().surveys.deleteMany('123')).rejects.toMatchObject({
      name: 'ConfigurationError',
    })
    expect(server.requests).toEqual([])
  })

  it('only reads in a dry run, and counts deleted objects as missing', async () => {
    const server = fakeServer(({ path }) => {
      const id = idOf(path)
      return id === '9'
        ? errorResponse(404, { detail: 'Not found.' })
        : Response.json({ id, deleted: id === '8' })
    })
    const report = await server.client().actions.deleteMany([7, 8, 9], { dryRun: true })
    expect(report).toEqual({ dryRun: true, deleted: [7], missing: [8, 9], failed: [] })
    expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET'])
  })

  it('stops at an abort, with its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const server = fakeServer(() => {
      if (server.requests.length === 2) controller.abort(reason)
      return noContent()
    })
    const ids = Array.from({ length: 50 }, (_, index) => `s${index}`)
    const { signal } = controller
    const call = server.client().surveys.deleteMany(ids, { concurrency: 1, signal })
    expect(await call.catch((error: unknown) => error)).toBe(reason)
    expect(server.requests).toHaveLength(2)
  })

  it('sends nothing if it is already aborted', async () => {
    const server = fakeServer(noContent)
    const call = server.client().surveys.deleteMany(['a'], { signal: AbortSignal.abort('no') })
    expect(await call.catch((error: unknown) => error)).toBe('no')
    expect(server.requests).toEqual([])
  })

  it('waits for deletions in flight before it throws the error of the ids', async () => {
    let ended = 0
    const server = fakeServer(async () => {
      await runPending()
      ended += 1
      return noContent()
    })
    async function* ids(): AsyncGenerator<string> {
      yield 'a'
      yield 'b'
      throw new Error('the file ended')
    }
    await expect(server.client().surveys.deleteMany(ids())).rejects.toThrow('the file ended')
    expect(ended).toBe(2)
  })
})
