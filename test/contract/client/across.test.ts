import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientOptions, createClient, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

const host = 'http://local.test'
let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ seed: false, projects: [2, 3] }))
})
afterAll(() => local.close())

/** A client whose `fetch` is replaced. */
function clientWith(fetch: NonNullable<ClientOptions['fetch']>, options: ClientOptions = {}): TypehogClient {
  return createClient({ apiKey: 'phx_one', projectId: 1, host, fetch, logLevel: 'off', ...options })
}

const empty = (): Response => Response.json({ count: 0, next: null, previous: null, results: [] })

describe('across', () => {
  it('returns labelled results in the order of the projects', async () => {
    await posthog.project(2).annotations.create({ content: 'In two', scope: 'project' })
    const results = await posthog.across([1, 2, { projectId: 3 }], async (project) => {
      return (await project.annotations.list()).count
    })
    expect(results).toEqual([
      { status: 'fulfilled', project: { host, projectId: '1' }, label: `${host}/project/1`, value: 0 },
      { status: 'fulfilled', project: { host, projectId: '2' }, label: `${host}/project/2`, value: 1 },
      { status: 'fulfilled', project: { host, projectId: '3' }, label: `${host}/project/3`, value: 0 },
    ])
  })

  it('settles the failure of one project without the others', async () => {
    const [first, second, third] = await posthog.across([1, 999, 3], (project) => project.annotations.list())
    expect([first?.status, third?.status]).toEqual(['fulfilled', 'fulfilled'])
    expect(second).toMatchObject({
      status: 'rejected',
      label: `${host}/project/999`,
      reason: { name: expect.stringMatching(/Error$/), status: expect.any(Number) },
    })
  })

  it('settles what a callback throws', async () => {
    const [result] = await posthog.across([2], () => {
      throw new Error('Not today')
    })
    expect(result).toMatchObject({ status: 'rejected', reason: new Error('Not today') })
  })

  it('calls each host with its own key', async () => {
    const sent: string[] = []
    const client = clientWith(async (url, { headers }) => {
      sent.push(`${new URL(url).host}${new URL(url).pathname} ${new Headers(headers).get('authorization')}`)
      return empty()
    })
    const eu = { region: 'eu', projectId: 3, apiKey: 'phx_two' } as const
    const results = await client.across([1, eu], (project) => project.annotations.list())
    expect(results.map(({ label }) => label)).toEqual([
      `${host}/project/1`,
      'https://eu.posthog.com/project/3',
    ])
    expect(sent.sort()).toEqual([
      'eu.posthog.com/api/projects/3/annotations/ Bearer phx_two',
      'local.test/api/projects/1/annotations/ Bearer phx_one',
    ])
  })

  it('shares the request limits of a key, and counts another key apart', async () => {
    const client = clientWith(async () => empty(), { limits: { mode: 'count' } })
    const entry = { region: 'eu', apiKey: 'phx_two' } as const
    const results = await client.across(
      [1, 2, { ...entry, projectId: 3 }, { ...entry, projectId: 4 }, { ...entry, projectId: 5 }],
      async (project) => {
        await project.annotations.list()
        return project
      },
    )
    const used = results.map(async (result) => {
      if (result.status === 'rejected') throw result.reason
      const states = await result.value.limits()
      return states.map(({ windows }) => windows.map((window) => window.used))
    })
    const own = [
      [2, 2],
      [2, 2],
    ]
    const other = [
      [3, 3],
      [3, 3],
      [3, 3],
    ]
    expect(await Promise.all(used)).toEqual([own, own, other, other, other])
  })

  it('limits concurrent queries for each project', async () => {
    const running = new Map<string, number>()
    const highest = new Map<string, number>()
    let release = (): void => {}
    const opened = new Promise<void>((resolve) => {
      release = resolve
    })
    const client = clientWith(async (url) => {
      const project = /projects\/(\d+)/.exec(url)?.[1] ?? ''
      const now = (running.get(project) ?? 0) + 1
      running.set(project, now)
      highest.set(project, Math.max(highest.get(project) ?? 0, now))
      if (running.get('1') === 3 && running.get('2') === 3) release()
      await opened
      running.set(project, (running.get(project) ?? 0) - 1)
      return Response.json({ results: [[1]], columns: ['n'], types: [['n', 'UInt8']] })
    })
    const results = await client.across([1, 2], async (project) => {
      const queries = [1, 2, 3, 4, 5].map((n) => project.hogql`select ${n} as n limit 1`)
      return (await Promise.all(queries)).length
    })
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect([...highest].sort()).toEqual([
      ['1', 3],
      ['2', 3],
    ])
  })

  it('runs at most `concurrency` callbacks at the same time', async () => {
    let running = 0
    let highest = 0
    await posthog.across(
      [1, 2, 3],
      async (project) => {
        running += 1
        highest = Math.max(highest, running)
        await project.annotations.list()
        running -= 1
      },
      { concurrency: 2 },
    )
    expect(highest).toBe(2)
  })

  it('cancels the calls of all projects on abort, and throws the reason', async () => {
    const controller = new AbortController()
    const reason = new Error('Stop')
    const canceled: string[] = []
    let started = 0
    const client = clientWith((url, { signal }) => {
      started += 1
      if (started === 2) queueMicrotask(() => controller.abort(reason))
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          canceled.push(new URL(url).pathname)
          reject(signal.reason)
        })
      })
    })
    const call = client.across([1, 2, 3], (project) => project.with({ timeout: 5_000 }).annotations.list(), {
      concurrency: 2,
      signal: controller.signal,
    })
    await expect(call).rejects.toBe(reason)
    expect(canceled.sort()).toEqual(['/api/projects/1/annotations/', '/api/projects/2/annotations/'])
    expect(started).toBe(2)
  })

  it('keeps the signal of a call next to its own', async () => {
    const own = new AbortController()
    const reason = new Error('Only this call')
    const client = clientWith((_, { signal }) => {
      queueMicrotask(() => own.abort(reason))
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    })
    const [result] = await client.across(
      [2],
      (project) => project.annotations.list({}, { signal: own.signal }),
      {
        signal: new AbortController().signal,
      },
    )
    expect(result).toMatchObject({ status: 'rejected', reason })
  })

  it.each<[what: string, projects: never, message: string]>([
    [
      'a project that is listed twice',
      [1, 2, '2'] as never,
      '`projects` contains http://local.test/project/2 twice.',
    ],
    ['options without a project', [{ region: 'eu' }] as never, 'The `projectId` of a project is undefined'],
    ['an invalid id', ['two'] as never, '`projectId` is not a valid project id'],
    ['a string', '12' as never, '`projects` is "12"'],
    ['an unknown option', [{ projectId: 2, projct: 3 }] as never, '`createClient` has no option `projct`.'],
  ])('rejects %s before the first call', async (_, projects, message) => {
    let calls = 0
    const client = clientWith(async () => {
      calls += 1
      return empty()
    })
    await expect(client.across(projects, (project) => project.annotations.list())).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    })
    expect(calls).toBe(0)
  })
})
