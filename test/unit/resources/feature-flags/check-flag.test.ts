import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../../../src/index.ts'
import { flagOf, flagServer } from './flag-server.ts'

const group = { properties: [], rollout_percentage: 5 }
const variant = { key: 'test', rollout_percentage: 50 }
const condition = { key: 'plan', operator: 'exact', value: ['pro'], type: 'person' }

/** Bodies with one misspelled field, as plain JavaScript sends them. */
const misspelled: readonly (readonly [place: string, body: object, suggestion: string])[] = [
  ['A flag has no field `nmae`', { nmae: 'Checkout' }, '`name`'],
  ['`filters` has no field `gruops`', { filters: { gruops: [group] } }, '`groups`'],
  [
    '`filters.groups[1]` has no field `rollout_percentge`',
    { filters: { groups: [group, { properties: [], rollout_percentge: 6 }] } },
    '`rollout_percentage`',
  ],
  [
    '`filters.super_groups[0]` has no field `varaint`',
    { filters: { super_groups: [{ varaint: 'test' }] } },
    '`variant`',
  ],
  [
    '`filters.groups[0].properties[0]` has no field `oprator`',
    { filters: { groups: [{ properties: [{ ...condition, oprator: 'is_not' }] }] } },
    '`operator`',
  ],
  [
    '`filters.multivariate` has no field `variant`',
    { filters: { multivariate: { variant: [variant] } } },
    '`variants`',
  ],
  [
    '`filters.multivariate.variants[0]` has no field `rollout_percent`',
    { filters: { multivariate: { variants: [{ key: 'test', rollout_percent: 50 }] } } },
    '`rollout_percentage`',
  ],
  [
    '`filters.payloads` has no field `tset`',
    { filters: { multivariate: { variants: [variant] }, payloads: { tset: '{}' } } },
    '`test`',
  ],
  ['`filters.payloads` has no field `True`', { filters: { payloads: { True: '{}' } } }, '`true`'],
]

/** A body that the compiler would reject. */
const untyped = (body: object): Record<string, never> => body as Record<string, never>

describe('a misspelled field of a flag', () => {
  it.each(misspelled)('is rejected before sending: %s', async (place, body, suggestion) => {
    const server = flagServer([flagOf(3, 'checkout')])
    const { featureFlags } = server.client()
    const rejections = [
      featureFlags.create(untyped({ key: 'new', ...body })),
      featureFlags.update(3, untyped(body)),
      featureFlags.ensure('checkout', untyped(body)),
    ]
    for (const result of await Promise.allSettled(rejections)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'ConfigurationError' } })
      const { message, fix } = (result as PromiseRejectedResult).reason as ConfigurationError
      expect(message).toBe(`${place}.`)
      expect(fix).toContain(`Did you mean ${suggestion}?`)
    }
    expect(server.requests).toEqual([])
  })

  it.each(misspelled)('is rejected in an edit: %s', async (place, body) => {
    const server = flagServer([flagOf(3, 'checkout')])
    const edited = server.client().featureFlags.edit(3, (draft) => void Object.assign(draft, body))
    await expect(edited).rejects.toMatchObject({ name: 'ConfigurationError', message: `${place}.` })
    expect(server.changes()).toEqual([])
  })
})

describe('fields of a flag', () => {
  it('that PostHog returned survive an edit, also where Typehog does not know them', async () => {
    const filters = {
      groups: [{ ...group, cooldown: 7 }],
      multivariate: { variants: [{ ...variant, weight: 1 }], seed: 'a' },
      payloads: { retired: '1' },
      schedule: 'weekly',
    }
    const server = flagServer([flagOf(3, 'checkout', { filters: structuredClone(filters) })])
    await server.client().featureFlags.setRollout('checkout', 25)
    const groups = [{ ...group, cooldown: 7, rollout_percentage: 25 }]
    expect(server.changes()).toMatchObject([{ filters: { ...filters, groups } }])
  })

  it('that PostHog returned at one place are no excuse for another place', async () => {
    const server = flagServer([flagOf(3, 'checkout', { filters: { groups: [group], weight: 1 } })])
    const edited = server.client().featureFlags.edit(3, (draft) => {
      draft.filters.groups = [untyped({ ...group, weight: 2 })]
    })
    await expect(edited).rejects.toBeInstanceOf(ConfigurationError)
  })

  it('are accepted wherever PostHog documents them', async () => {
    const server = flagServer([flagOf(3, 'checkout')])
    const { featureFlags } = server.client()
    await featureFlags.update(3, {
      archived: false,
      bucketing_identifier: 'device_id',
      ensure_experience_continuity: true,
      evaluation_runtime: 'server',
      is_remote_configuration: false,
      filters: {
        early_exit: true,
        groups: [{ properties: [{ key: 'plan', operator: 'exact', value: ['pro'] }], sort_key: 'A' }],
        holdout: { id: 1, exclusion_percentage: 10 },
        multivariate: { variants: [{ ...variant, name: null }] },
        payloads: { test: '{"color":"blue"}' },
      },
    })
    const { changes } = await featureFlags.edit(3, (draft) => {
      draft.archived = true
      draft.evaluation_runtime = 'all'
    })
    expect(server.changes()).toHaveLength(2)
    expect(changes).toEqual({ archived: true, evaluation_runtime: 'all' })
  })

  it('are sent as they are when an update sends a whole flag back', async () => {
    const server = flagServer([flagOf(3, 'checkout')])
    const { featureFlags } = server.client()
    const flag = await featureFlags.get(3)
    await featureFlags.update(3, untyped({ ...flag, name: 'New' }))
    expect(server.changes()).toMatchObject([{ name: 'New' }])
  })
})
