import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, NOW, startAccount, TOKEN } from './harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 100, projects: [2] })
})
afterAll(() => account.local.close())

const count = async (event: string): Promise<unknown> =>
  account.rows(`select count() from events where event = '${event}'`)

/** Sends raw bytes, which `callerOf` does not support. */
async function sendBytes(path: string, bytes: Uint8Array<ArrayBuffer>, headers = {}): Promise<Response> {
  return account.local.handle(
    new Request(`http://local.test${path}`, { method: 'POST', body: bytes, headers }),
  )
}

describe('capturing events', () => {
  it.each(['/i/v0/e/', '/capture/', '/capture'])('accepts one event at %s', async (path) => {
    const event = `single ${path}`
    const answer = await account.send(path, {
      api_key: TOKEN,
      event,
      distinct_id: 'someone',
      timestamp: '2026-11-20T09:00:00Z',
      properties: { amount: 12.5, $set: { email: 'someone@example.com' } },
    })
    expect(answer).toMatchObject({ status: 200, body: { status: 'Ok' } })
    expect(
      await account.rows(
        `select distinct_id, timestamp, properties.amount, person.properties.email from events where event = '${event}'`,
      ),
    ).toEqual([['someone', '2026-11-20T09:00:00Z', 12.5, 'someone@example.com']])
  })

  it('accepts batches, also compressed, and stores each uuid once', async () => {
    const uuid = randomUUID()
    const batch = [
      { event: 'zipped', distinct_id: 'z', uuid },
      { event: 'zipped', distinct_id: 'z', uuid },
      { event: 'zipped', distinct_id: 'z' },
    ]
    const body = gzipSync(JSON.stringify({ api_key: TOKEN, batch }))
    for (const _ of [1, 2]) {
      const answer = await sendBytes('/batch/', new Uint8Array(body), { 'content-encoding': 'gzip' })
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'Ok' }])
    }
    // Each event without a uuid is a new event.
    expect(await count('zipped')).toEqual([[3]])
    expect(await account.rows("select uniq(person_id) from events where event = 'zipped'")).toEqual([[1]])
  })

  it('stores all events of a batch or none', async () => {
    const answer = await account.send('/batch/', {
      api_key: TOKEN,
      batch: [{ event: 'half', distinct_id: 'a' }, { event: 'half' }],
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(answer.text).toContain('distinct_id')
    expect(await count('half')).toEqual([[0]])
  })

  it.each([
    ['invalid JSON', '{', 400],
    ['an empty batch', { api_key: TOKEN, batch: [] }, 400],
    ['an event without a name', { api_key: TOKEN, distinct_id: 'a' }, 400],
    ['no token', { event: 'a', distinct_id: 'a' }, 401],
    ['a personal key as the token', { api_key: 'phx_secret', event: 'a', distinct_id: 'a' }, 401],
    [
      'several tokens',
      { batch: ['phc_a', 'phc_b'].map((token) => ({ token, event: 'a', distinct_id: 'a' })) },
      401,
    ],
    ['an invalid uuid', { api_key: TOKEN, event: 'a', distinct_id: 'a', uuid: 'x' }, 400],
  ])('rejects %s in plain text', async (_name, body, status) => {
    const answer = await account.send('/batch/', body)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/plain; charset=utf-8'])
  })

  it('silently drops events with an unknown token', async () => {
    const answer = await account.send('/capture/', {
      api_key: 'phc_unknown',
      event: 'lost',
      distinct_id: 'a',
    })
    expect(answer.status).toBe(200)
    expect(await count('lost')).toEqual([[0]])
  })

  it('rejects bodies above the limit of the route, before and after decompression', async () => {
    const large = JSON.stringify({ api_key: TOKEN, event: 'large', distinct_id: 'a', x: 'x'.repeat(2 ** 21) })
    expect((await account.send('/capture/', large)).status).toBe(413)
    expect((await account.send('/batch/', large)).status).toBe(200)
    const bomb = gzipSync(Buffer.alloc(21 * 2 ** 20, 'x'))
    expect((await sendBytes('/batch/', new Uint8Array(bomb), { 'content-encoding': 'gzip' })).status).toBe(
      413,
    )
    expect((await sendBytes('/batch/', new Uint8Array([1, 2]), { 'content-encoding': 'gzip' })).status).toBe(
      400,
    )
  })

  it('corrects timestamps for clock skew of the sender', async () => {
    await account.send('/batch/', {
      api_key: TOKEN,
      sent_at: '2026-11-20T11:00:00Z',
      batch: [{ event: 'skewed', distinct_id: 'a', timestamp: '2026-11-20T10:59:00Z' }],
    })
    expect(await account.rows("select timestamp from events where event = 'skewed'")).toEqual([
      ['2026-11-20T09:59:00Z'],
    ])
  })

  it('merges the anonymous person into the identified one', async () => {
    const send = (event: object): Promise<unknown> => account.send('/capture/', { api_key: TOKEN, ...event })
    await send({ event: 'before', distinct_id: 'device-1', properties: { $set_once: { source: 'ad' } } })
    await send({ event: 'elsewhere', distinct_id: 'user-1', properties: { $set: { name: 'One' } } })
    await send({ event: '$identify', distinct_id: 'user-1', properties: { $anon_distinct_id: 'device-1' } })
    expect(
      await account.rows(
        "select uniq(person_id) from events where event in ('before', 'elsewhere', '$identify') and distinct_id in ('device-1', 'user-1')",
      ),
    ).toEqual([[1]])
    const { body } = await account.call('GET', '/api/projects/1/persons/?distinct_id=device-1')
    expect(body['results']).toMatchObject([
      {
        distinct_ids: ['device-1', 'user-1'],
        properties: { source: 'ad', name: 'One' },
        is_identified: true,
      },
    ])
  })

  it('works over HTTP', async () => {
    const { url } = await account.local.listen()
    const answer = await fetch(`${url}/batch/`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify({ api_key: TOKEN, batch: [{ event: 'socket', distinct_id: 's' }] })),
    })
    expect(answer.status).toBe(200)
    expect(await count('socket')).toEqual([[1]])
  })
})

describe('evaluating feature flags', () => {
  const evaluate = async (body: object, query = '?v=2'): Promise<Record<string, unknown>> => {
    const answer = await account.send(`/flags/${query}`, { token: TOKEN, ...body })
    expect(answer.status).toBe(200)
    return answer.body
  }
  const makeFlag = async (key: string, more: object = {}): Promise<number> => {
    const { body } = await account.call('POST', '/api/projects/1/feature_flags/', { body: { key, ...more } })
    return Number(body['id'])
  }
  const rule = (property: object, more: object = {}): object => ({
    filters: {
      groups: [{ properties: [{ type: 'person', ...property }], rollout_percentage: 100 }],
      ...more,
    },
  })

  it('returns value, reason and payload of each flag', async () => {
    const id = await makeFlag('with-payload', {
      name: 'A flag',
      ...rule({ key: 'plan', operator: 'exact', value: ['pro'] }, { payloads: { true: '{"a":1}' } }),
    })
    const keys = { distinct_id: 'new', flag_keys_to_evaluate: ['with-payload'] }
    expect(await evaluate({ ...keys, person_properties: { plan: 'pro' } })).toEqual({
      errorsWhileComputingFlags: false,
      flags: {
        'with-payload': {
          key: 'with-payload',
          enabled: true,
          variant: null,
          reason: { code: 'condition_match', condition_index: 0, description: 'Matched condition set 1' },
          metadata: { id, version: 1, description: 'A flag', payload: '{"a":1}', has_experiment: false },
        },
      },
      requestId: expect.any(String),
      evaluatedAt: Date.parse(NOW),
    })
    expect(await evaluate(keys)).toMatchObject({
      flags: { 'with-payload': { enabled: false, reason: { code: 'no_condition_match' } } },
    })
    expect(await evaluate({ ...keys, person_properties: { plan: 'pro' } }, '')).toMatchObject({
      featureFlags: { 'with-payload': true },
      featureFlagPayloads: { 'with-payload': '{"a":1}' },
    })
  })

  it('omits disabled flags, and those of another runtime', async () => {
    const keys = ['for-all', 'for-servers', 'for-browsers', 'is-off']
    await makeFlag('for-all')
    await makeFlag('for-servers', { evaluation_runtime: 'server' })
    await makeFlag('for-browsers', { evaluation_runtime: 'client' })
    await makeFlag('is-off', { active: false })
    const found = async (body: object): Promise<string[]> =>
      Object.keys(
        Object((await evaluate({ distinct_id: 'a', flag_keys_to_evaluate: keys, ...body }))['flags']),
      ).sort()
    expect(await found({ evaluation_runtime: 'server' })).toEqual(['for-all', 'for-servers'])
    expect(await found({ evaluation_runtime: 'client' })).toEqual(['for-all', 'for-browsers'])
    expect(await found({ evaluation_runtime: 'all' })).toEqual(['for-all', 'for-browsers', 'for-servers'])
  })

  it('skips conditions bucketed by device when the request names no device', async () => {
    await makeFlag('by-device', { bucketing_identifier: 'device_id' })
    const body = { distinct_id: 'a', flag_keys_to_evaluate: ['by-device'] }
    expect(await evaluate(body)).toMatchObject({ flags: { 'by-device': { enabled: false } } })
    expect(await evaluate({ ...body, $device_id: 'd' })).toMatchObject({
      flags: { 'by-device': { enabled: true } },
    })
  })

  it.each([
    ['exact', 'pro', 'pro', true],
    ['exact', ['free', 'pro'], 'PRO', true],
    ['is_not', ['free'], 'free', false],
    ['is_not', ['free'], undefined, true],
    ['icontains', '@EXAMPLE', 'a@example.com', true],
    ['not_icontains', 'x', 'abc', true],
    ['gt', 10, 9, false],
    ['gt', '10', 11, true],
    ['lt', 10, '9', true],
    ['gte', 10, 10, true],
    ['lte', 10, 11, false],
    ['is_set', 'is_set', 'x', true],
    ['is_set', 'is_set', undefined, false],
    ['is_not_set', 'is_not_set', undefined, true],
    ['regex', '^a+$', 'aaa', true],
    ['not_regex', '^a+$', 'aaa', false],
    ['is_date_before', '2026-01-01', '2025-12-31', true],
    ['is_date_after', '-7d', '2026-11-19', true],
  ])('compares by %s %j with %j', async (operator, value, actual, enabled) => {
    const key = `op-${randomUUID()}`
    await makeFlag(key, rule({ key: 'x', operator, value }))
    const person_properties = actual === undefined ? {} : { x: actual }
    const body = { distinct_id: 'new', flag_keys_to_evaluate: [key], person_properties }
    expect(await evaluate(body)).toMatchObject({ flags: { [key]: { enabled } } })
  })

  it('evaluates conditions on the stored person, cohorts, flags and groups', async () => {
    await account.send('/capture/', {
      api_key: TOKEN,
      event: '$set',
      distinct_id: 'stored',
      properties: { $set: { plan: 'pro' } },
    })
    const { body: cohort } = await account.call('POST', '/api/projects/1/cohorts/', {
      body: {
        name: 'Pro',
        filters: {
          properties: {
            type: 'OR',
            values: [{ type: 'person', key: 'plan', operator: 'exact', value: 'pro' }],
          },
        },
      },
    })
    const stored = await makeFlag('stored', rule({ key: 'plan', operator: 'exact', value: ['pro'] }))
    await makeFlag('cohort', rule({ type: 'cohort', key: 'id', value: cohort['id'] }))
    await makeFlag(
      'flag',
      rule({ type: 'flag', key: String(stored), operator: 'flag_evaluates_to', value: true }),
    )
    await makeFlag('group', {
      filters: {
        aggregation_group_type_index: 0,
        groups: [{ properties: [{ type: 'group', key: 'seats', operator: 'gt', value: 5 }] }],
      },
    })
    const flag_keys_to_evaluate = ['stored', 'cohort', 'flag', 'group']
    const on = (enabled: boolean): object => ({ stored: { enabled }, cohort: { enabled }, flag: { enabled } })
    const member = await evaluate({ distinct_id: 'stored', flag_keys_to_evaluate })
    expect(member['flags']).toMatchObject({ ...on(true), group: { reason: { code: 'no_group_type' } } })
    const grouped = await evaluate({
      distinct_id: 'other',
      flag_keys_to_evaluate,
      groups: { company: 'acme' },
      group_properties: { company: { seats: 6 } },
    })
    expect(grouped['flags']).toMatchObject({ ...on(false), group: { enabled: true } })
  })

  it('rolls out to the configured percentage, always to the same persons', async () => {
    const variants = [
      { key: 'control', rollout_percentage: 50 },
      { key: 'test', rollout_percentage: 50 },
    ]
    await makeFlag('share', {
      filters: { groups: [{ properties: [], rollout_percentage: 30 }], multivariate: { variants } },
    })
    const values: unknown[] = []
    for (let index = 0; index < 400; index += 1) {
      const answer = await evaluate({ distinct_id: `p${index}`, flag_keys_to_evaluate: ['share'] }, '')
      values.push((answer['featureFlags'] as Record<string, unknown>)['share'])
    }
    const share = (value: unknown): number => values.filter((one) => one === value).length / values.length
    expect(share(false)).toBeGreaterThan(0.6)
    expect(share(false)).toBeLessThan(0.8)
    expect(Math.abs(share('control') - share('test'))).toBeLessThan(0.1)
    const again = await evaluate({ distinct_id: 'p7', flag_keys_to_evaluate: ['share'] }, '')
    expect((again['featureFlags'] as Record<string, unknown>)['share']).toBe(values[7])
  })

  it('depends on the project, and rejects unknown tokens', async () => {
    const other = `phc_local${'2'.padStart(36, '0')}`
    await account.call('POST', '/api/projects/2/feature_flags/', { body: { key: 'second' } })
    const answer = await account.send('/flags/?v=2', { api_key: other, distinct_id: 'a' })
    expect(Object.keys(answer.body['flags'] as object)).toEqual(['second'])
    expect((await account.send('/flags/?v=2', { token: 'phc_none', distinct_id: 'a' })).status).toBe(401)
    const nobody = await account.send('/flags/?v=2', { token: TOKEN })
    expect([nobody.status, nobody.headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8'])
  })

  it('records the last call from captured events', async () => {
    const id = await makeFlag('called')
    await account.send('/capture/', {
      api_key: TOKEN,
      event: '$feature_flag_called',
      distinct_id: 'a',
      timestamp: NOW,
      properties: { $feature_flag: 'called', $feature_flag_response: true },
    })
    expect((await account.call('GET', `/api/projects/1/feature_flags/${id}/`)).body).toMatchObject({
      last_called_at: NOW,
    })
  })
})
