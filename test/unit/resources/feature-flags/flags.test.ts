import { describe, expect, it } from 'vitest'
import { errorResponse, fakeServer, projects } from '../../fake-server.ts'
import { type Flag, flagOf, flagServer } from './flag-server.ts'

describe('ensure', () => {
  const definition = { active: true, name: 'Checkout' }

  it('creates a missing flag, and sends nothing if it already matches', async () => {
    const server = flagServer([])
    const { featureFlags } = server.client()
    expect(await featureFlags.ensure('checkout', definition)).toMatchObject({ created: true, changes: {} })
    expect(await featureFlags.ensure('checkout', definition)).toMatchObject({ created: false, changes: {} })
    expect(server.changes()).toEqual([])
  })

  it('changes only fields that differ, and ignores omitted ones', async () => {
    const server = flagServer([flagOf(1, 'checkout', { active: false, name: 'Checkout', tags: ['a'] })])
    const withUndefined = { ...definition, tags: undefined } as unknown as typeof definition
    const ensured = await server.client().featureFlags.ensure('checkout', withUndefined)
    expect(ensured).toMatchObject({ created: false, changes: { active: true } })
    expect(server.changes()).toMatchObject([{ active: true }])
    expect(server.flags[0]?.['tags']).toEqual(['a'])
  })

  it('ignores a key in an untyped definition', async () => {
    const server = flagServer([])
    const withKey = { ...definition, key: 'other' } as typeof definition
    const { featureFlags } = server.client()
    expect((await featureFlags.ensure('checkout', withKey)).flag.key).toBe('checkout')
    expect(await featureFlags.ensure('checkout', withKey)).toMatchObject({
      changes: {},
      flag: { key: 'checkout' },
    })
  })

  const taken = { code: 'unique', attr: 'key', detail: 'There is already a feature flag with this key.' }

  it('updates a flag that was created concurrently', async () => {
    const server = flagServer([], ({ method }) => {
      if (method !== 'POST') return undefined
      server.flags.push(flagOf(9, 'checkout', { active: false }))
      return errorResponse(400, taken)
    })
    const ensured = await server.client().featureFlags.ensure('checkout', { active: true })
    expect(ensured).toMatchObject({
      created: false,
      changes: { active: true },
      flag: { id: 9, active: true },
    })
  })

  it('throws the error of a taken key if no such flag is found, as with a deleted one', async () => {
    const server = flagServer([], ({ method }) => (method === 'POST' ? errorResponse(400, taken) : undefined))
    const call = server.client().featureFlags.ensure('checkout', definition)
    await expect(call).rejects.toMatchObject({ name: 'BadRequestError', attr: 'key' })
  })

  it('throws the error of another field without a further search', async () => {
    const server = flagServer([], ({ method }) => {
      return method === 'POST' ? errorResponse(400, { attr: 'filters' }) : undefined
    })
    const call = server.client().featureFlags.ensure('checkout', definition)
    await expect(call).rejects.toMatchObject({ name: 'BadRequestError', attr: 'filters' })
    expect(server.requests).toHaveLength(2)
  })

  it('does not retry a creation with an unknown outcome', async () => {
    const server = flagServer([], ({ method }) => (method === 'POST' ? errorResponse(503) : undefined))
    await expect(server.client().featureFlags.ensure('checkout')).rejects.toMatchObject({ status: 503 })
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
})

describe('getByKey', () => {
  const similarKeys = ['new', 'new-', 'new-checkouts', 'old-new-checkout', 'NEW-checkout', 'xnew-checkout']
  const others = (): Flag[] => similarKeys.map((key, index) => flagOf(index + 1, key))

  it('finds the exact key on later pages', async () => {
    const server = flagServer([...others(), flagOf(9, 'new-checkout')])
    expect(await server.client().featureFlags.getByKey('new-checkout')).toMatchObject({ id: 9 })
  })

  it('throws NotFoundError if keys are only similar', async () => {
    const server = flagServer(others())
    await expect(server.client().featureFlags.getByKey('new-checkout')).rejects.toMatchObject({
      name: 'NotFoundError',
      status: 404,
      routeUnknown: false,
      message: expect.stringContaining('"new-checkout"'),
    })
  })

  it('escapes special characters in the search', async () => {
    const server = flagServer([])
    const key = 'a&b=c #ü/../+%'
    await server
      .client()
      .featureFlags.getByKey(key)
      .catch(() => {})
    expect(new URL(server.requests[0]?.url ?? '').searchParams.get('search')).toBe(key)
    expect(server.requests).toHaveLength(1)
  })
})

describe('setRollout', () => {
  const groups = (...percentages: readonly (number | null | undefined)[]): object => ({
    filters: { groups: percentages.map((rollout_percentage) => ({ properties: [], rollout_percentage })) },
  })

  it('sets the percentage of the only group', async () => {
    const server = flagServer([flagOf(3, 'checkout', groups(10))])
    const rollout = await server.client().featureFlags.setRollout('checkout', 25)
    expect(rollout).toMatchObject({ from: 10, to: 25 })
    expect(server.flags[0]).toMatchObject(groups(25))
  })

  it('sends nothing if the percentage already matches', async () => {
    const server = flagServer([flagOf(3, 'checkout', groups(25))])
    expect(await server.client().featureFlags.setRollout(3, 25)).toMatchObject({
      from: 25,
      to: 25,
      changes: {},
    })
    expect(server.changes()).toEqual([])
  })

  it.each([{ filters: {} }, { filters: { groups: [] } }])(
    'creates a group if there is none: %j',
    async (fields) => {
      const server = flagServer([flagOf(3, 'checkout', fields)])
      expect(await server.client().featureFlags.setRollout(3, 5)).toMatchObject({ from: undefined, to: 5 })
      expect(server.changes()).toMatchObject([
        { filters: { groups: [{ properties: [], rollout_percentage: 5 }] } },
      ])
    },
  )

  it('treats a missing percentage as everybody', async () => {
    const server = flagServer([flagOf(3, 'checkout', groups(null))])
    expect((await server.client().featureFlags.setRollout(3, 0)).from).toBeUndefined()
    expect(server.flags[0]).toMatchObject(groups(0))
  })

  it('changes only the given group of several', async () => {
    const server = flagServer([flagOf(3, 'checkout', groups(10, 20, 30))])
    expect(await server.client().featureFlags.setRollout(3, 99.5, { group: 1 })).toMatchObject({ from: 20 })
    expect(server.flags[0]).toMatchObject(groups(10, 99.5, 30))
  })

  it.each([
    ['without a group', undefined, 'has 2 condition groups'],
    ['with an unknown group', 2, 'none with index 2'],
    ['with a negative group', -1, '`group` is -1'],
  ])('rejects a flag with several groups %s', async (_, group, message) => {
    const server = flagServer([flagOf(3, 'checkout', groups(10, 20))])
    const options = group === undefined ? {} : { group }
    await expect(server.client().featureFlags.setRollout(3, 50, options)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    })
    expect(server.changes()).toEqual([])
  })

  it.each([Number.NaN, -1, 101, Number.POSITIVE_INFINITY, '50', null, true])(
    'rejects %j percent',
    async (value) => {
      const server = flagServer([flagOf(3, 'checkout')])
      await expect(server.client().featureFlags.setRollout(3, value as number)).rejects.toMatchObject({
        name: 'ConfigurationError',
      })
      expect(server.requests).toEqual([])
    },
  )

  it('sends nothing in a dry run', async () => {
    const server = flagServer([flagOf(3, 'checkout', groups(10))])
    const rollout = await server.client().featureFlags.setRollout(3, 25, { dryRun: true })
    expect(rollout).toMatchObject({ from: 10, to: 25, dryRun: true })
    expect(server.changes()).toEqual([])
  })
})

describe('enable and disable', () => {
  it('update the field if the server lacks the route, but not if it lacks the flag', async () => {
    const server = flagServer([flagOf(3, 'checkout', { active: false })], ({ path }) => {
      return path.endsWith('able/') ? errorResponse(404, { detail: 'Endpoint not found.' }) : undefined
    })
    expect(await server.client().featureFlags.enable('checkout')).toMatchObject({ active: true })
    const missing = flagServer([], () => errorResponse(404, { detail: 'Not found.' }))
    await expect(missing.client().featureFlags.disable(9)).rejects.toMatchObject({ name: 'NotFoundError' })
    expect(missing.lines()).toEqual(['POST /feature_flags/9/disable/'])
  })
})

describe('copy', () => {
  it('returns the copies, and the errors of other projects', async () => {
    const failed = [{ project_id: 9, errors: 'No access' }]
    const server = fakeServer(({ method }) => {
      return Response.json(method === 'GET' ? projects : { success: [flagOf(1, 'a')], failed })
    })
    const { featureFlags } = server.client()
    const copied = await featureFlags.copy('a', { to: [8, 9], disabled: true })
    expect(copied).toMatchObject({ copied: [{ key: 'a' }], failed })
    expect(server.requests[1]).toMatchObject({
      url: expect.stringContaining('/api/organizations/org-1/feature_flags/copy_flags/'),
      body: {
        feature_flag_key: 'a',
        from_project: 7,
        target_project_ids: [8, 9],
        disable_copied_flag: true,
      },
    })
  })

  it('throws an error that concerns all projects', async () => {
    const server = fakeServer(({ method }) =>
      method === 'GET' ? Response.json(projects) : errorResponse(403),
    )
    const call = server.client().featureFlags.copy('a', { to: [8] })
    await expect(call).rejects.toMatchObject({ name: 'PermissionError' })
  })
})

describe('evaluate', () => {
  it('requests the flags for servers', async () => {
    const server = fakeServer(() => Response.json({ flags: {} }))
    await server.client().featureFlags.evaluate({ distinctId: 'u' }, { token: 'phc_seven' })
    expect(server.requests[0]?.body).toMatchObject({ evaluation_runtime: 'server' })
  })

  const evaluate = (response: object) => {
    const token = 'phc_seven'
    return fakeServer(() => Response.json(response))
      .client()
      .featureFlags.evaluate({ distinctId: 'u' }, { token })
  }
  const flag = (fields: object): object => ({ key: 'a', enabled: true, metadata: {}, ...fields })

  it('reads variants, reasons and payloads', async () => {
    const payloads = { json: '{"a":1}', text: 'not JSON', empty: '', zero: '0', odd: { a: 1 }, none: null }
    const flags = Object.fromEntries(
      Object.entries(payloads).map(([key, payload]) => [key, flag({ metadata: { payload } })]),
    )
    const { flags: evaluated, complete } = await evaluate({
      flags: { ...flags, on: flag({ variant: 'b', reason: { code: 'condition_match' } }) },
    })
    expect(complete).toBe(true)
    expect(evaluated['on']).toEqual({
      enabled: true,
      variant: 'b',
      payload: undefined,
      reason: 'condition_match',
    })
    const read = Object.fromEntries(Object.keys(payloads).map((key) => [key, evaluated[key]?.payload]))
    expect(read).toEqual({ ...payloads, json: { a: 1 }, zero: 0, none: undefined })
  })

  it('omits flags that PostHog could not evaluate, because they are not disabled', async () => {
    const result = await evaluate({ flags: { a: flag({}), b: flag({ enabled: false, failed: true }) } })
    expect(Object.keys(result.flags)).toEqual(['a'])
    expect(result).toMatchObject({ complete: false, incomplete: 'errors' })
    expect(await evaluate({ flags: {}, errorsWhileComputingFlags: true })).toMatchObject({
      complete: false,
      incomplete: 'errors',
    })
  })

  it.each([
    ['empty flags', { flags: {}, quotaLimited: ['feature_flags'] }],
    ['no flags', { quotaLimited: ['feature_flags'] }],
  ])('reports a billing limit, with %s', async (_, response) => {
    expect(await evaluate(response)).toEqual({ flags: {}, complete: false, incomplete: 'quota' })
  })

  it('ignores the billing limit of another product', async () => {
    expect(await evaluate({ flags: {}, quotaLimited: ['recordings'] })).toMatchObject({ complete: true })
  })

  it('accepts flags with names of Object properties', async () => {
    const body = `{"flags":{"__proto__":{"enabled":true},"constructor":{"enabled":false}}}`
    const server = fakeServer(() => new Response(body, { headers: { 'content-type': 'application/json' } }))
    const call = server.client().featureFlags.evaluate({ distinctId: 'u' }, { token: 'phc_seven' })
    expect(Object.keys((await call).flags)).toEqual(['__proto__', 'constructor'])
  })
})

describe('remoteConfig', () => {
  it.each([
    ['no body', '', undefined],
    ['null', 'null', undefined],
    ['a string', '"on"', 'on'],
    ['false', 'false', false],
    ['an object', '{"a":1}', { a: 1 }],
  ])('reads %s', async (_, body, expected) => {
    const server = fakeServer(() => new Response(body, { headers: { 'content-type': 'application/json' } }))
    expect(await server.client().featureFlags.remoteConfig('checkout')).toEqual(expected)
    expect(server.lines()).toEqual(['GET /feature_flags/checkout/remote_config/'])
  })

  it('encodes special characters of keys', async () => {
    const server = fakeServer(() => new Response(null, { status: 204 }))
    await server.client().featureFlags.remoteConfig('a/b c')
    expect(server.lines()).toEqual(['GET /feature_flags/a%2Fb%20c/remote_config/'])
  })
})
