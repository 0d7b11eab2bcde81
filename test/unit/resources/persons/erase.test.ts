import { describe, expect, it } from 'vitest'
import type { Erasure } from '../../../../src/resources/persons/erase.ts'
import { errorResponse, type FakeServer, fakeServer } from '../../fake-server.ts'

const ids = (count: number, first = 0): string[] =>
  Array.from({ length: count }, (_, index) => `user-${first + index}`)
async function* streamed<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}
const named = (server: FakeServer, index: number): readonly string[] =>
  (server.requests[index]?.body['distinct_ids'] ?? []) as string[]

/** Deletes every person in the request. */
function deleting(): FakeServer {
  return fakeServer(({ body }) => {
    const count = ((body['distinct_ids'] ?? body['ids']) as unknown[]).length
    return Response.json({
      persons_found: count,
      persons_deleted: count,
      events_queued_for_deletion: body['delete_events'],
      recordings_queued_for_deletion: body['delete_recordings'],
    })
  })
}

describe('persons.erase', () => {
  it('sends 1,000 ids per request as they arrive', async () => {
    const server = deleting()
    const receipt = await server.client().persons.erase({ distinctIds: streamed(ids(2_500)) })
    expect(server.requests.map((_, index) => named(server, index).length)).toEqual([1_000, 1_000, 500])
    expect(receipt).toMatchObject({ requested: 2_500, found: 2_500, deleted: 2_500, failed: [], refused: [] })
    expect(receipt).toMatchObject({ dryRun: false, eventsQueued: true, recordingsQueued: true })
    expect(receipt.at.getTime()).toBeLessThanOrEqual(Date.now())
    expect(server.requests[0]?.body).toMatchObject({
      delete_events: true,
      delete_recordings: true,
      keep_person: false,
    })
  })

  it('sends no id twice, even across chunks', async () => {
    const server = deleting()
    const twice = [...ids(1_500), ...ids(1_500), 'last']
    const receipt = await server.client().persons.erase({ distinctIds: twice })
    expect(receipt.requested).toBe(1_501)
    const all = server.requests.flatMap((_, index) => named(server, index))
    expect(all).toEqual([...ids(1_500), 'last'])
  })

  it('sends UUIDs as ids', async () => {
    const server = deleting()
    const personIds = new Set(['018d2a6e-0000-7000-8000-000000000001'])
    const erasure = { personIds, deleteEvents: false, deleteRecordings: false, keepPersons: true }
    const receipt = await server.client().persons.erase(erasure)
    expect(server.requests[0]?.body).toEqual({
      ids: [...personIds],
      delete_events: false,
      delete_recordings: false,
      keep_person: true,
    })
    expect(receipt).toMatchObject({ eventsQueued: false, recordingsQueued: false })
  })

  it('counts persons deleted in the background as queued', async () => {
    const server = fakeServer(() =>
      Response.json(
        { persons_found: 5, persons_deleted: 0, deletion_errors: [{ person_uuid: 'x' }] },
        { status: 202 },
      ),
    )
    const receipt = await server.client().persons.erase({ distinctIds: ids(5) })
    expect(receipt).toMatchObject({
      found: 5,
      deleted: 0,
      queued: 4,
      refused: ['x'],
      unreported: 0,
      failed: [],
    })
  })

  it('counts no queued persons with keepPersons', async () => {
    const server = fakeServer(() => Response.json({ persons_found: 5, persons_deleted: 0 }, { status: 202 }))
    const receipt = await server.client().persons.erase({ distinctIds: ids(5), keepPersons: true })
    expect(receipt).toMatchObject({ found: 5, deleted: 0, queued: 0 })
  })

  it('accepts a 202 without a body and counts its ids as unreported', async () => {
    const server = fakeServer(() => new Response(null, { status: 202 }))
    const receipt = await server.client().persons.erase({ distinctIds: ids(1_200) })
    expect(receipt).toMatchObject({ requested: 1_200, found: 0, deleted: 0, unreported: 1_200, failed: [] })
    expect(receipt).toMatchObject({ eventsQueued: true, recordingsQueued: true })
  })

  it('sends nothing for no ids', async () => {
    const server = deleting()
    expect(await server.client().persons.erase({ distinctIds: [] })).toMatchObject({ requested: 0, found: 0 })
    expect(server.requests).toEqual([])
  })

  it('continues after a failed chunk and reports its ids', async () => {
    const server = fakeServer((_, call) => {
      if (call === 2) return errorResponse(400, { detail: 'one of them is bad' })
      return Response.json({
        persons_found: 1_000,
        persons_deleted: 999,
        deletion_errors: [{ person_uuid: call }],
      })
    })
    const receipt = await server.client().persons.erase({ distinctIds: ids(3_000) })
    expect(receipt).toMatchObject({ requested: 3_000, found: 2_000, deleted: 1_998, refused: ['1', '3'] })
    expect(receipt.failed).toHaveLength(1)
    expect(receipt.failed[0]).toMatchObject({ ids: ids(1_000, 1_000), error: { name: 'BadRequestError' } })
  })

  it('does not retry a deletion of unknown outcome', async () => {
    const server = fakeServer(() => errorResponse(503))
    const receipt = await server.client().persons.erase({ distinctIds: ['a'] })
    expect(receipt.failed).toMatchObject([{ ids: ['a'], error: { status: 503 } }])
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    [401, 'AuthenticationError'],
    [403, 'PermissionError'],
  ])('stops sending after %i and reports the remaining ids', async (status, name) => {
    const server = fakeServer(() => errorResponse(status))
    const receipt = await server.client().persons.erase({ distinctIds: ids(2_500) })
    expect(server.requests).toHaveLength(1)
    expect(receipt.failed.map(({ ids }) => ids.length)).toEqual([1_000, 1_000, 500])
    for (const { error } of receipt.failed) expect(error).toMatchObject({ name })
    expect(receipt.requested).toBe(2_500)
  })

  it('throws the reason of a signal and stops reading ids', async () => {
    const controller = new AbortController()
    const reason = { enough: true }
    let left = false
    async function* endless(): AsyncGenerator<string> {
      try {
        for (let id = 0; ; id += 1) yield `user-${id}`
      } finally {
        left = true
      }
    }
    const server = fakeServer((_, call) => {
      if (call === 2) controller.abort(reason)
      return Response.json({ persons_found: 0, persons_deleted: 0 })
    })
    const call = server.client().persons.erase({ distinctIds: endless() }, { signal: controller.signal })
    expect(await call.catch((error: unknown) => error)).toBe(reason)
    expect(server.requests).toHaveLength(2)
    expect(left).toBe(true)
  })

  it.each([
    ['neither', {}],
    ['both', { distinctIds: ['a'], personIds: ['b'] }],
    ['a string as distinct ids, which would be read character by character', { distinctIds: 'user-1' }],
    ['a string as person ids', { personIds: '018d2a6e-0000-7000-8000-000000000001' }],
  ])('rejects %s', async (_, erasure: Erasure) => {
    const server = deleting()
    await expect(server.client().persons.erase(erasure)).rejects.toMatchObject({ name: 'ConfigurationError' })
    await expect(server.client().persons.erase({ ...erasure, dryRun: true })).rejects.toThrow()
    expect(server.requests).toEqual([])
  })
})

describe('persons.erase in a dry run', () => {
  it('deletes nothing and counts each person once, across all their ids', async () => {
    // Everybody has two ids, which stand far from each other.
    const server = fakeServer(({ body }) => {
      const requested = body['distinct_ids'] as string[]
      const known = requested.filter((id) => id !== 'user-0')
      return Response.json({
        results: Object.fromEntries(known.map((id) => [id, { uuid: `person-${Number(id.slice(5)) % 200}` }])),
      })
    })
    const receipt = await server.client().persons.erase({ distinctIds: ids(400), dryRun: true })
    expect(receipt).toMatchObject({ dryRun: true, requested: 400, found: 200, deleted: 0 })
    expect(new Set(server.lines())).toEqual(new Set(['POST /persons/batch_by_distinct_ids/']))
    expect(server.requests).toHaveLength(2)
  })

  it('looks up persons by UUID', async () => {
    const server = fakeServer(() => Response.json({ results: { a: { uuid: 'a' } } }))
    const receipt = await server.client().persons.erase({ personIds: ['a', 'b'], dryRun: true })
    expect(receipt).toMatchObject({ found: 1, eventsQueued: false })
    expect(server.lines()).toEqual(['POST /persons/batch_by_uuids/'])
  })
})
