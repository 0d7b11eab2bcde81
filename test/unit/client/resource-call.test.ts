import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TypehogClient } from '../../../src/client/create-client.ts'
import { errorResponse, type FakeServer, fakeServer } from '../fake-server.ts'
import { runPending } from '../runtime/harness.ts'

const many = Array.from({ length: 5 }, (_, page) => [{ id: 2 * page }, { id: 2 * page + 1 }])

/** Five pages of two cohorts each. */
function paged(): FakeServer {
  return fakeServer(({ url }) => {
    const { pathname, origin, searchParams } = new URL(url)
    const page = Number(searchParams.get('offset') ?? 0) / 2
    const next = page < 4 ? `${origin}${pathname}?limit=2&offset=${2 * page + 2}` : null
    return Response.json({ count: 10, next, previous: null, results: many[page] })
  })
}

const missing = (): Response => errorResponse(404, { code: 'not_found', detail: 'Not found.' })

let unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)

/** The listeners of the test runner, which would fail the run. */
let runnerListeners: NodeJS.UnhandledRejectionListener[] = []
beforeEach(() => {
  unhandled = []
  runnerListeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.removeAllListeners('unhandledRejection')
  for (const listener of runnerListeners) process.on('unhandledRejection', listener)
})

describe('a method call', () => {
  it('returns the data, and sends once however often you await it', async () => {
    const server = fakeServer(() => Response.json({ id: 7 }))
    const call = server.client().cohorts.get(7)
    const all = [await call, await call, ...(await Promise.all([call, call]))]
    expect(all).toEqual(Array(4).fill({ id: 7 }))
    expect(server.requests).toHaveLength(1)
  })

  it('is sent without being awaited', async () => {
    const server = fakeServer(() => Response.json({ id: 7 }))
    void server.client().cohorts.get(7)
    await runPending()
    expect(server.lines()).toEqual(['GET /cohorts/7/'])
  })

  it('returns the response with the data', async () => {
    const server = fakeServer(() => Response.json({ id: 7 }, { headers: { 'x-request-id': 'r1' } }))
    const call = server.client().cohorts.get(7)
    const { data, requestId, response, attempts } = await call.withResponse()
    expect([data, requestId, response.status, attempts.length]).toEqual([{ id: 7 }, 'r1', 200, 1])
    expect(await (await call.asResponse()).json()).toEqual({ id: 7 })
    expect(server.requests).toHaveLength(1)
  })

  it('has catch and finally', async () => {
    const server = fakeServer(missing)
    const { cohorts } = server.client()
    expect(await cohorts.get(7).catch((error: unknown) => Object(error).status)).toBe(404)
    let ended = 0
    const count = (): void => {
      ended += 1
    }
    await expect(cohorts.get(7).finally(count)).rejects.toMatchObject({ status: 404 })
    expect(ended).toBe(1)
    expect(await cohorts.get(7).then(undefined, () => 'none')).toBe('none')
  })

  it('can be awaited, looped over, paged and collected when it is a list', async () => {
    const server = paged()
    const list = () => server.client().cohorts.list({ limit: 2 })
    const page = await list()
    expect(page.items).toEqual(many[0])
    expect(server.requests).toHaveLength(1)
    const items: unknown[] = []
    for await (const item of list()) items.push(item)
    expect(items).toEqual(many.flat())
    const pages: unknown[] = []
    for await (const { items } of list().pages()) pages.push(items)
    expect(pages).toEqual(many)
    expect(await list().toArray({ max: 10 })).toEqual(many.flat())
    await expect(list().toArray({ max: 3 })).rejects.toMatchObject({ name: 'TruncatedResultError' })
    expect(await list().toArray({ max: 3, allowPartial: true })).toEqual(many.flat().slice(0, 3))
  })

  it('starts each loop at the first page', async () => {
    const server = paged()
    const list = server.client().cohorts.list({ limit: 2 })
    let count = 0
    for await (const _ of list) count += 1
    for await (const _ of list) count += 1
    expect(count).toBe(20)
  })

  it('sends nothing for an unread list', async () => {
    const server = paged()
    void server.client().cohorts.list()
    void server.client().cohorts.list().pages()
    await runPending()
    expect(server.requests).toEqual([])
  })

  it('stops requesting after a break', async () => {
    const server = paged()
    for await (const _ of server.client().cohorts.list({ limit: 2 }, { prefetch: false })) break
    await runPending()
    expect(server.requests).toHaveLength(1)
    for await (const _ of server.client().cohorts.list({ limit: 2 })) break
    await runPending()
    // The page that was under way, and none behind it.
    expect(server.requests.length).toBeLessThanOrEqual(3)
  })

  it('throws the reason of a signal unchanged', async () => {
    const reason = { stopped: 'by hand' }
    const server = fakeServer(() => new Promise<Response>(() => {}))
    const { cohorts } = server.client()
    const before = cohorts.get(7, { signal: AbortSignal.abort(reason) })
    expect(await before.catch((error: unknown) => error)).toBe(reason)
    expect(server.requests).toEqual([])
    const controller = new AbortController()
    const during = cohorts.get(7, { signal: controller.signal })
    await runPending()
    controller.abort(reason)
    expect(await during.catch((error: unknown) => error)).toBe(reason)
    const loop = async (): Promise<void> => {
      for await (const _ of cohorts.list({}, { signal: AbortSignal.abort(reason) })) return
    }
    expect(await loop().catch((error: unknown) => error)).toBe(reason)
  })

  it('rejects invalid arguments', async () => {
    const { surveys, featureFlags } = fakeServer(missing).client()
    const id = undefined as unknown as string
    for (const call of [surveys.get(''), surveys.get(id), surveys.delete('..')]) {
      await expect(call).rejects.toMatchObject({ name: 'ConfigurationError' })
    }
    await expect(featureFlags.copy('a', undefined as never)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: '`copy` is undefined; expected an object.',
    })
  })
})

describe('the stack of its error', () => {
  const here = /resource-call\.test\.ts/
  const stackOf = async (call: PromiseLike<unknown>): Promise<string> => {
    const error: unknown = await Promise.resolve(call).catch((thrown: unknown) => thrown)
    return (error as Error).stack ?? ''
  }

  it('shows the call site and the name of the error', async () => {
    const { cohorts, featureFlags, surveys } = fakeServer(missing).client()
    const stacks = [
      await stackOf(cohorts.get(7)),
      await stackOf(cohorts.get(7).withResponse()),
      await stackOf(cohorts.get(7).asResponse()),
      await stackOf(cohorts.get(7).finally(() => {})),
      await stackOf(featureFlags.getByKey('a')),
      await stackOf(featureFlags.setRollout('a', 101)),
      await stackOf(cohorts.list().toArray({ max: 5 })),
      await stackOf(cohorts.list()),
      await stackOf(surveys.get('')),
    ]
    for (const stack of stacks) {
      expect(stack).toMatch(/^\w+Error: /)
      expect(stack).toMatch(here)
    }
  })

  it('shows the call site in loops too', async () => {
    const { cohorts, dashboards } = fakeServer(missing).client()
    const inLoop = async (items: AsyncIterable<unknown>): Promise<void> => {
      for await (const _ of items) return
    }
    const walks = [cohorts.list(), cohorts.list().pages(), dashboards.streamTiles(7)]
    for (const items of walks) expect(await stackOf(inLoop(items))).toMatch(here)
  })
})

describe('a rejection', () => {
  it('is not reported as unhandled after a catch', async () => {
    const { cohorts, featureFlags } = fakeServer(missing).client()
    await cohorts.get(7).catch(() => {})
    await cohorts.get(7).then(
      () => {},
      () => {},
    )
    await cohorts
      .get(7)
      .withResponse()
      .catch(() => {})
    await cohorts
      .get(7)
      .asResponse()
      .catch(() => {})
    await featureFlags.getByKey('a').catch(() => {})
    await cohorts.list().catch(() => {})
    await cohorts
      .list()
      .toArray({ max: 1 })
      .catch(() => {})
    await (async () => {
      for await (const _ of cohorts.list()) return
    })().catch(() => {})
    const twice = cohorts.get(7)
    await Promise.allSettled([twice, twice])
    await runPending()
    expect(unhandled).toEqual([])
  })

  it.each([
    ['of a single request', (client: TypehogClient) => client.cohorts.get(7)],
    ['of a method with several requests', (client: TypehogClient) => client.featureFlags.getByKey('a')],
  ] as const)('%s is reported once as unhandled without a catch', async (_, call) => {
    void call(fakeServer(missing).client())
    await runPending()
    expect(unhandled).toHaveLength(1)
  })

  it('of an awaited call is thrown once', async () => {
    void (async () => {
      await fakeServer(missing).client().cohorts.get(7)
    })()
    await runPending()
    expect(unhandled).toHaveLength(1)
  })
})

it('ends a program without a catch, with the error', async () => {
  const program = `
    import { createClient } from './src/index.ts'
    const fetch = async () => Response.json({ detail: 'Not found.' }, { status: 404 })
    const client = createClient({ apiKey: 'phx_x', projectId: 7, host: 'https://posthog.test', fetch })
    client.surveys.delete('lost')`
  const run = promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program],
    { timeout: 9_000 },
  )
  await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('NotFoundError') })
})
