import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConfigurationError, ConflictError, ConnectionError, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
/** Method and path of each request. */
const requests: string[] = []
/** Called after the server has processed a request. */
let afterRequest: (request: Request) => unknown = () => {}

beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient(
    { events: 50 },
    {
      retry: { initialDelay: 1, maxDelay: 1 },
      fetch: async (url, init) => {
        const request = new Request(url, init)
        requests.push(`${request.method} ${new URL(url).pathname.replace(/^\/api\/projects\/\d+/, '')}`)
        const response = await local.handle(request)
        await afterRequest(request)
        return response
      },
    },
  ))
})
afterAll(() => local.close())
beforeEach(() => {
  requests.length = 0
  afterRequest = () => {}
})

/** Closes the connection after the server has processed a PATCH. */
function loseResponses(): void {
  afterRequest = ({ method }) => {
    if (method === 'PATCH') throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
  }
}

const groups = [{ properties: [], rollout_percentage: 5 }]

describe('revert of featureFlags.edit', () => {
  it('restores the edited fields and keeps later changes of other fields', async () => {
    const { featureFlags } = posthog
    const { id } = await featureFlags.create({ key: 'edited', name: 'Before', tags: ['a'] })
    const edited = await featureFlags.edit('edited', (flag) => {
      flag.name = 'After'
      flag.tags = ['b', 'c']
    })
    await featureFlags.update(id, { filters: { groups } })
    const reverted = await edited.revert()
    expect(reverted).toMatchObject({ action: 'restored', unrestored: [], object: { name: 'Before' } })
    expect(await featureFlags.get(id)).toMatchObject({ name: 'Before', tags: ['a'], filters: { groups } })
  })

  it('returns the same result again, without a request', async () => {
    await posthog.featureFlags.create({ key: 'twice', name: 'Before' })
    const edited = await posthog.featureFlags.edit('twice', (flag) => {
      flag.name = 'After'
    })
    const first = edited.revert()
    expect(edited.revert()).toBe(first)
    const result = await first
    requests.length = 0
    expect(await edited.revert()).toBe(result)
    expect(requests).toEqual([])
  })

  it('rejects if someone changed one of the fields since, and writes nothing', async () => {
    const { featureFlags } = posthog
    const { id } = await featureFlags.create({ key: 'contested', name: 'Before' })
    const edited = await featureFlags.edit('contested', (flag) => {
      flag.name = 'After'
    })
    await featureFlags.update(id, { name: 'Theirs' })
    requests.length = 0
    const reverting = edited.revert()
    await expect(reverting).rejects.toThrow(ConflictError)
    await expect(reverting).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(
        /^The flag "contested" changed after .*, last by .+@.+\. Expected version 2, found version 3\. Changed fields: name\.$/,
      ),
      fix: expect.stringContaining('Nothing was written.'),
    })
    expect(requests).toEqual([`GET /feature_flags/${id}/`])
    await featureFlags.update(id, { name: 'After' })
    expect(await edited.revert()).toMatchObject({ action: 'restored', object: { name: 'Before' } })
  })

  it('rejects with 409 of PostHog if someone changes the field between its read and its write', async () => {
    const { featureFlags } = posthog
    const { id } = await featureFlags.create({ key: 'raced', name: 'Before' })
    const edited = await featureFlags.edit('raced', (flag) => {
      flag.name = 'After'
    })
    const rival = posthog.with({ fetch: (url, init) => local.handle(new Request(url, init)) })
    afterRequest = async () => {
      afterRequest = () => {}
      await rival.featureFlags.update(id, { name: 'Theirs' })
    }
    const error = await edited.revert().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConflictError)
    expect(error).toMatchObject({ code: 'conflict', attempts: [{ status: 409 }] })
    expect((await featureFlags.get(id)).name).toBe('Theirs')
  })

  it('rejects if the flag is deleted', async () => {
    const { featureFlags } = posthog
    const { id } = await featureFlags.create({ key: 'gone', name: 'Before' })
    const edited = await featureFlags.edit(id, (flag) => {
      flag.name = 'After'
    })
    await featureFlags.delete(id)
    await expect(edited.revert()).rejects.toThrow('Changed fields: deleted')
  })

  it('does nothing after a dry run, after an edit without changes, and if the earlier values are back', async () => {
    const { featureFlags } = posthog
    const { id } = await featureFlags.create({ key: 'same', name: 'Before' })
    const rename = (flag: { name?: string | undefined }): void => {
      flag.name = 'After'
    }
    const dry = await featureFlags.edit(id, rename, { dryRun: true })
    const empty = await featureFlags.edit(id, () => {})
    requests.length = 0
    expect(await dry.revert()).toMatchObject({ action: 'none', object: { name: 'Before' } })
    expect(await empty.revert()).toMatchObject({ action: 'none' })
    expect(requests).toEqual([])
    const edited = await featureFlags.edit(id, rename)
    await featureFlags.update(id, { name: 'Before' })
    expect(await edited.revert()).toMatchObject({ action: 'none', object: { name: 'Before', version: 3 } })
  })

  it('is not sent twice after a lost response, and a second revert finds the earlier values', async () => {
    const { featureFlags } = posthog
    const { id } = await featureFlags.create({ key: 'lost', name: 'Before' })
    const edited = await featureFlags.edit(id, (flag) => {
      flag.name = 'After'
    })
    requests.length = 0
    loseResponses()
    await expect(edited.revert()).rejects.toThrow(ConnectionError)
    expect(requests).toEqual([`GET /feature_flags/${id}/`, `PATCH /feature_flags/${id}/`])
    afterRequest = () => {}
    expect(await edited.revert()).toMatchObject({ action: 'none', object: { name: 'Before', version: 3 } })
  })

  it('takes call options and rejects unknown ones', async () => {
    const { id } = await posthog.featureFlags.create({ key: 'options', name: 'Before' })
    const edited = await posthog.featureFlags.edit(id, (flag) => {
      flag.name = 'After'
    })
    await expect(edited.revert({ retries: 3 } as never)).rejects.toThrow(ConfigurationError)
    const reason = new Error('stopped')
    await expect(edited.revert({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(await edited.revert({ timeout: 30_000 })).toMatchObject({ action: 'restored' })
  })

  it('is invisible in JSON, in spreads and in comparisons', async () => {
    const { id } = await posthog.featureFlags.create({ key: 'hidden', name: 'Before' })
    const edited = await posthog.featureFlags.edit(id, (flag) => {
      flag.name = 'After'
    })
    expect(Object.keys(edited)).toEqual(['flag', 'changes', 'dryRun', 'attempts'])
    expect({ ...edited }).not.toHaveProperty('revert')
    expect(JSON.parse(JSON.stringify(edited))).not.toHaveProperty('revert')
    expect(edited).toEqual({ ...edited })
  })
})

describe('revert of featureFlags.setRollout', () => {
  it('restores the earlier conditions', async () => {
    const { id } = await posthog.featureFlags.create({ key: 'rollout', filters: { groups } })
    const rollout = await posthog.featureFlags.setRollout('rollout', 25)
    expect(rollout).toMatchObject({ from: 5, to: 25 })
    expect(await rollout.revert()).toMatchObject({ action: 'restored', object: { filters: { groups } } })
    expect((await posthog.featureFlags.get(id)).filters.groups).toMatchObject(groups)
  })
})

describe('revert of featureFlags.ensure', () => {
  it('deletes the flag that it created', async () => {
    const { featureFlags } = posthog
    const ensured = await featureFlags.ensure('created', { name: 'New' })
    expect(await ensured.revert()).toEqual({ action: 'deleted', object: undefined, unrestored: [] })
    expect((await featureFlags.get(ensured.flag.id)).deleted).toBe(true)
  })

  it('keeps a created flag that changed since', async () => {
    const { featureFlags } = posthog
    const ensured = await featureFlags.ensure('kept', { name: 'New' })
    await featureFlags.update(ensured.flag.id, { active: false })
    await expect(ensured.revert()).rejects.toThrow(/Expected version 1, found version 2.* active\.$/)
    expect((await featureFlags.get(ensured.flag.id)).deleted).toBe(false)
  })

  it('does nothing if the created flag is deleted already', async () => {
    const ensured = await posthog.featureFlags.ensure('deleted-already')
    await posthog.featureFlags.delete(ensured.flag.id)
    expect(await ensured.revert()).toMatchObject({ action: 'none', object: undefined })
  })

  it('restores an existing flag, or does nothing if nothing differed', async () => {
    const { featureFlags } = posthog
    await featureFlags.create({ key: 'existing', name: 'Before' })
    const same = await featureFlags.ensure('existing', { name: 'Before' })
    expect(await same.revert()).toMatchObject({ action: 'none' })
    const ensured = await featureFlags.ensure('existing', { name: 'After' })
    expect(await ensured.revert()).toMatchObject({ action: 'restored', object: { name: 'Before' } })
  })
})

describe('revert of dashboards.ensure', () => {
  it('deletes, restores, or does nothing', async () => {
    const { dashboards } = posthog
    const created = await dashboards.ensure('Numbers', { description: 'One', tags: ['b', 'a'] })
    const same = await dashboards.ensure('Numbers', { description: 'One' })
    expect(await same.revert()).toMatchObject({ action: 'none', object: { id: created.dashboard.id } })
    const changed = await dashboards.ensure('Numbers', { description: 'Two', pinned: true })
    await dashboards.update(created.dashboard.id, { tags: ['c'] })
    expect(await changed.revert()).toMatchObject({
      action: 'restored',
      unrestored: [],
      object: { description: 'One', pinned: false, tags: ['c'] },
    })
    await expect(created.revert()).rejects.toThrow(/Changed fields: tags\.$/)
    await dashboards.update(created.dashboard.id, { tags: ['a', 'b'] })
    expect(await created.revert()).toMatchObject({ action: 'deleted', object: undefined })
    expect((await dashboards.ensure('Numbers')).created).toBe(true)
  })

  it('keeps a created dashboard with new tiles', async () => {
    const created = await posthog.dashboards.ensure('With tiles')
    await posthog.dashboards.createTextTile(created.dashboard.id, { body: '## One' })
    await expect(created.revert()).rejects.toThrow(/^The dashboard \d+ changed .* Changed fields: tiles\.$/)
  })

  it('rejects if a changed field changed again', async () => {
    const { dashboard } = await posthog.dashboards.ensure('Contested', { description: 'One' })
    const changed = await posthog.dashboards.ensure('Contested', { description: 'Two' })
    await posthog.dashboards.update(dashboard.id, { description: 'Theirs' })
    await expect(changed.revert()).rejects.toThrow(ConflictError)
  })
})

describe('revert of experiments.ensure', () => {
  it('deletes, restores, or does nothing', async () => {
    const { experiments } = posthog
    const definition = { name: 'Checkout', description: 'One page' }
    const created = await experiments.ensure('checkout', definition)
    expect(await (await experiments.ensure('checkout', definition)).revert()).toMatchObject({
      action: 'none',
    })
    const changed = await experiments.ensure('checkout', { ...definition, description: 'Two pages' })
    expect(await changed.revert()).toMatchObject({
      action: 'restored',
      unrestored: [],
      object: { description: 'One page' },
    })
    await expect(created.revert()).rejects.toThrow(/^The experiment \d+ changed .* Expected the state of /)
    const other = await experiments.ensure('sign-up', { name: 'Sign-up' })
    expect(await other.revert()).toMatchObject({ action: 'deleted' })
    expect((await experiments.ensure('sign-up', { name: 'Sign-up' })).created).toBe(true)
    expect((await posthog.featureFlags.getByKey('sign-up')).deleted).toBe(false)
  })

  it('keeps a created experiment that was launched', async () => {
    const { experiments } = posthog
    const created = await experiments.ensure('launched', { name: 'Launched' })
    await experiments.launch(created.experiment.id)
    await expect(created.revert()).rejects.toThrow(ConflictError)
  })
})

describe('revert of endpoints.update', () => {
  const query = (sql: string): { kind: 'HogQLQuery'; query: string } => ({ kind: 'HogQLQuery', query: sql })
  const create = (name: string, more: object = {}): Promise<unknown> =>
    posthog.endpoints.create({ name, query: query('select 1 as one'), ...more })

  it('restores the query as a further version, and the other fields', async () => {
    await create('signups', { description: 'One', tags: ['a'], data_freshness_seconds: 3600 })
    const updated = await posthog.endpoints.update('signups', {
      query: query('select 2 as two'),
      description: 'Two',
      tags: ['b'],
      data_freshness_seconds: 900,
    })
    expect(updated).toMatchObject({ current_version: 2, description: 'Two' })
    const reverted = await updated.revert()
    expect(reverted).toMatchObject({ action: 'restored', unrestored: [] })
    expect(await posthog.endpoints.get('signups')).toMatchObject({
      current_version: 3,
      query: query('select 1 as one'),
      description: 'One',
      tags: ['a'],
      data_freshness_seconds: 3600,
    })
  })

  it('restores an inactive endpoint with its materialization', async () => {
    await create('weekly', { is_materialized: true })
    const updated = await posthog.endpoints.update('weekly', { is_active: false })
    expect(updated).toMatchObject({ is_active: false, is_materialized: false })
    expect(await updated.revert()).toMatchObject({
      action: 'restored',
      unrestored: [],
      object: { is_active: true, is_materialized: true },
    })
  })

  it('restores one version', async () => {
    await create('pinned', { description: 'First' })
    await posthog.endpoints.update('pinned', { query: query('select 3 as three'), description: 'Second' })
    const updated = await posthog.endpoints.update('pinned', { version: 1, description: 'Changed' })
    expect(updated).toMatchObject({ version: 1, description: 'Changed' })
    expect(await updated.revert()).toMatchObject({ action: 'restored', unrestored: [] })
    expect(await posthog.endpoints.get('pinned', { version: 1 })).toMatchObject({ description: 'First' })
    expect(await posthog.endpoints.get('pinned')).toMatchObject({ description: 'Second' })
  })

  it('works with the response, and reads the endpoint before the update', async () => {
    await create('answered', { description: 'One' })
    requests.length = 0
    const call = posthog.endpoints.update('answered', { description: 'Two' })
    const { data, response } = await call.withResponse()
    expect({ status: response.status, description: data.description }).toEqual({
      status: 200,
      description: 'Two',
    })
    expect(requests).toEqual(['GET /endpoints/answered/', 'PATCH /endpoints/answered/'])
    expect(await call).toBe(data)
    expect((await call.asResponse()).status).toBe(200)
    expect(await data.revert()).toMatchObject({ action: 'restored', object: { description: 'One' } })
  })

  it('rejects if the endpoint changed since', async () => {
    await create('contested-endpoint', { description: 'One' })
    const updated = await posthog.endpoints.update('contested-endpoint', { description: 'Two' })
    await posthog.endpoints.update('contested-endpoint', { query: query('select 4 as four') })
    const reverting = updated.revert()
    await expect(reverting).rejects.toThrow(ConflictError)
    await expect(reverting).rejects.toThrow(/Expected version 1 of .*, found version 2 of /)
    expect(await posthog.endpoints.get('contested-endpoint')).toMatchObject({ description: 'Two' })
  })

  it('does nothing if the update changed nothing', async () => {
    await create('unchanged', { description: 'One' })
    const updated = await posthog.endpoints.update('unchanged', { description: 'One' })
    requests.length = 0
    expect(await updated.revert()).toMatchObject({ action: 'none' })
    expect(requests.filter((line) => line.startsWith('PATCH'))).toEqual([])
  })

  it('rejects after an update that deleted the endpoint', async () => {
    await create('dropped')
    const updated = await posthog.endpoints.update('dropped', { deleted: true })
    await expect(updated.revert()).rejects.toThrow(ConfigurationError)
  })

  it('fails before the update if the endpoint does not exist', async () => {
    requests.length = 0
    await expect(posthog.endpoints.update('missing', { description: 'x' })).rejects.toMatchObject({
      status: 404,
    })
    expect(requests).toEqual(['GET /endpoints/missing/'])
  })
})
