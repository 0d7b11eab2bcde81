import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient, NotFoundError, type TypehogClient } from '../../../src/index.ts'
import {
  type CopiedObject,
  compareProjects,
  copyProject,
  type ProjectSelection,
} from '../../../src/projects.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let staging: TypehogClient
let production: TypehogClient
/** Writes as method and path, in order. */
let writes: string[]
/** Number of requests. */
let requests: number

beforeEach(async () => {
  writes = []
  requests = 0
  const record = (event: { readonly operation: string; readonly url: string }): void => {
    requests += 1
    const [method = ''] = event.operation.split(' ')
    if (method !== 'GET') writes.push(`${method} ${new URL(event.url).pathname}`)
  }
  ;({ local, posthog: staging } = await startLocalClient(
    { seed: false, projects: [2] },
    { onRequest: record },
  ))
  production = staging.project(2)
})
afterEach(() => local.close())

const everyone = { groups: [{ properties: [], rollout_percentage: 100 }] }
const trends = { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: 'sign_up' }] } as const
const insightNode = { kind: 'InsightVizNode', source: trends } as never

function outcomes(copied: readonly CopiedObject[]): string[] {
  return copied.map(({ type, key, outcome }) => `${type} ${key} ${outcome}`)
}

async function copyAgainAndExpectNothing(selection: ProjectSelection): Promise<void> {
  writes = []
  const again = await copyProject(staging, 2, selection)
  expect(again.map(({ status, outcome, changes }) => [status, outcome, changes])).toEqual(
    again.map(() => ['same', 'skipped', []]),
  )
  expect(writes).toEqual([])
}

function conditionOn(property: object): { groups: object[] } {
  return { groups: [{ properties: [property], rollout_percentage: 50 }] }
}

describe('copyProject', () => {
  it('copies a flag, and nothing the second time', async () => {
    await staging.featureFlags.create({
      key: 'new-checkout',
      name: 'The new checkout',
      active: true,
      tags: ['Growth'],
      filters: {
        groups: [
          {
            properties: [{ key: 'plan', type: 'person', operator: 'exact', value: ['pro'] }],
            rollout_percentage: 20,
          },
        ],
        multivariate: {
          variants: [
            { key: 'a', rollout_percentage: 50 },
            { key: 'b', rollout_percentage: 50 },
          ],
        },
        payloads: { a: '{"color":"red"}' },
      },
    })
    writes = []
    const selection = { featureFlags: ['new-checkout'] }
    expect(outcomes(await copyProject(staging, 2, selection))).toEqual(['featureFlag new-checkout created'])
    expect(writes).toEqual(['POST /api/projects/2/feature_flags/'])
    const [one, other] = await Promise.all(
      [staging, production].map((project) => project.featureFlags.getByKey('new-checkout')),
    )
    expect(other).toMatchObject({
      name: 'The new checkout',
      active: true,
      tags: ['growth'],
      filters: one?.filters,
    })
    expect(other?.id).not.toBe(one?.id)
    await copyAgainAndExpectNothing(selection)
  })

  it('writes nothing in a dry run, and reports what a copy then does', async () => {
    await staging.featureFlags.create({ key: 'one', active: true, filters: everyone })
    await staging.insights.create({ name: 'Sign-ups', query: insightNode })
    const dashboard = await staging.dashboards.create({ name: 'Growth' })
    await staging.dashboards.createTextTile(dashboard.id, { body: '## Hello' })
    writes = []
    const selection = { featureFlags: true, insights: true, dashboards: true } as const
    const planned = await copyProject(staging, 2, selection, { dryRun: true })
    expect(writes).toEqual([])
    expect(requests).toBeGreaterThan(0)
    expect((await production.featureFlags.list()).items).toEqual([])
    const copied = await copyProject(staging, 2, selection)
    expect(copied).toEqual(planned)
    expect(outcomes(copied)).toEqual([
      'featureFlag one created',
      'insight Sign-ups created',
      'dashboard Growth created',
    ])
  })

  it('reports differences with their paths, and updates them only with `overwrite`', async () => {
    const flag = await staging.featureFlags.create({ key: 'beta', active: true, filters: everyone })
    await copyProject(staging, 2, { featureFlags: ['beta'] })
    await staging.featureFlags.setRollout(flag.id, 25)
    await staging.featureFlags.update(flag.id, { name: 'Beta' })
    writes = []
    const changes = [
      { path: 'name', from: '', to: 'Beta' },
      { path: 'filters.groups[0].rollout_percentage', from: 100, to: 25 },
    ]
    const [compared] = await compareProjects(staging, 2, { featureFlags: true })
    expect(compared).toEqual({
      type: 'featureFlag',
      key: 'beta',
      status: 'different',
      changes,
      reason: undefined,
    })
    const [skipped] = await copyProject(staging, 2, { featureFlags: true })
    expect(skipped).toMatchObject({ status: 'different', outcome: 'skipped', error: undefined })
    expect(writes).toEqual([])
    const [updated] = await copyProject(staging, 2, { featureFlags: true }, { overwrite: true })
    expect(updated).toMatchObject({ status: 'different', outcome: 'updated', changes })
    expect(writes).toHaveLength(1)
    await copyAgainAndExpectNothing({ featureFlags: true })
  })

  it('translates cohorts and other flags by name', async () => {
    // Other ids than in the first project.
    await production.cohorts.create({ name: 'Other', is_static: true })
    const cohorts = await Promise.all(
      [staging, production].map((project) => project.cohorts.create({ name: 'Paying', is_static: true })),
    )
    const base = await staging.featureFlags.create({ key: 'z-base', active: true, filters: everyone })
    const needed = { key: String(base.id), type: 'flag', operator: 'flag_evaluates_to', value: true }
    const inCohort = { key: 'id', type: 'cohort', operator: 'in', value: cohorts[0]?.id }
    await staging.featureFlags.create({
      key: 'a-child',
      active: true,
      filters: { groups: [{ properties: [needed, inCohort], rollout_percentage: 100 }] } as never,
    })
    const copied = await copyProject(staging, 2, { featureFlags: ['a-child', 'z-base'] })
    expect(outcomes(copied)).toEqual(['featureFlag z-base created', 'featureFlag a-child created'])
    const copy = await production.featureFlags.getByKey('z-base')
    const { filters } = await production.featureFlags.getByKey('a-child')
    expect(filters.groups?.[0]?.properties).toMatchObject([
      { type: 'flag', key: String(copy.id) },
      { type: 'cohort', value: cohorts[1]?.id },
    ])
    await copyAgainAndExpectNothing({ featureFlags: true })
  })

  it.each<[what: string, property: object, reason: string]>([
    [
      'a cohort that the target lacks',
      { key: 'id', type: 'cohort', value: 'COHORT' },
      'cohort "Paying", which project 2 lacks',
    ],
    [
      'a cohort that does not exist',
      { key: 'id', type: 'cohort', value: 9_999 },
      'cohort 9999, which does not exist',
    ],
    [
      'a flag that the target lacks',
      { key: 'FLAG', type: 'flag', value: true },
      'feature flag "base", which project 2 lacks',
    ],
    [
      'ids of persons',
      { key: 'distinct_id', type: 'person', value: ['user-1'] },
      'selects persons by their ids',
    ],
  ])('refuses a flag that depends on %s, and copies the others', async (_, property, reason) => {
    const cohort = await staging.cohorts.create({ name: 'Paying', is_static: true })
    const base = await staging.featureFlags.create({ key: 'base', active: true, filters: everyone })
    const text = JSON.stringify(conditionOn(property))
      .replace('"COHORT"', String(cohort.id))
      .replace('FLAG', String(base.id))
    await staging.featureFlags.create({ key: 'refused', active: true, filters: JSON.parse(text) })
    await staging.featureFlags.create({ key: 'plain', active: true, filters: everyone })
    writes = []
    const selection = { featureFlags: ['refused', 'plain'] }
    const [compared] = await compareProjects(staging, 2, selection)
    expect(compared).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining(reason),
      changes: [],
    })
    const [refused, plain] = await copyProject(staging, 2, selection)
    expect(refused).toMatchObject({
      outcome: 'failed',
      error: {
        name: 'ConfigurationError',
        message: expect.stringContaining(reason),
        fix: expect.any(String),
      },
    })
    expect(plain).toMatchObject({ key: 'plain', outcome: 'created' })
    expect(writes).toEqual(['POST /api/projects/2/feature_flags/'])
  })

  it('copies an endpoint with the variable that it uses', async () => {
    const variable = await staging.insightVariables.create({
      name: 'Plan name',
      type: 'String',
      default_value: 'free',
    })
    const query = {
      kind: 'HogQLQuery',
      query: 'select count() as n from events where properties.plan = {variables.plan_name}',
      variables: { [variable.id]: { variableId: variable.id, code_name: 'plan_name', value: 'pro' } },
    }
    await staging.endpoints.create({ name: 'usage', description: 'By plan', query, tags: ['api'] } as never)
    const copied = await copyProject(staging, 2, { endpoints: ['usage'] })
    expect(outcomes(copied)).toEqual(['insightVariable plan_name created', 'endpoint usage created'])
    const [own] = (await production.insightVariables.list()).items
    expect(own).toMatchObject({ name: 'Plan name', code_name: 'plan_name', default_value: 'free' })
    const copy = await production.endpoints.get('usage')
    expect(copy).toMatchObject({
      description: 'By plan',
      tags: ['api'],
      query: { variables: { [String(own?.id)]: { variableId: own?.id, value: 'pro' } } },
    })
    await copyAgainAndExpectNothing({ endpoints: true })
  })

  it('keeps the name in SQL of a variable that was renamed', async () => {
    const variable = await staging.insightVariables.create({
      name: 'Plan name',
      type: 'String',
      default_value: 'a',
    })
    await staging.insightVariables.update(variable.id, { name: 'Price plan' })
    const query = { kind: 'HogQLQuery', query: 'select {variables.plan_name} as plan' }
    await staging.endpoints.create({ name: 'plan', query } as never)
    const copied = await copyProject(staging, 2, { endpoints: ['plan'] })
    expect(outcomes(copied)).toEqual(['insightVariable plan_name created', 'endpoint plan created'])
    expect((await production.insightVariables.list()).items).toMatchObject([
      { name: 'plan name', code_name: 'plan_name' },
    ])
  })

  it('updates an endpoint with `overwrite`, as a new version', async () => {
    const query = { kind: 'HogQLQuery', query: 'select 1 as n' }
    await staging.endpoints.create({ name: 'one', query } as never)
    await copyProject(staging, 2, { endpoints: ['one'] })
    await staging.endpoints.update('one', {
      description: 'Two',
      query: { ...query, query: 'select 2 as n' },
    } as never)
    const [updated] = await copyProject(staging, 2, { endpoints: ['one'] }, { overwrite: true })
    expect(updated).toMatchObject({
      outcome: 'updated',
      changes: [
        { path: 'description', from: '', to: 'Two' },
        { path: 'query.query', from: 'select 1 as n', to: 'select 2 as n' },
      ],
    })
    expect(await production.endpoints.get('one')).toMatchObject({ description: 'Two', current_version: 2 })
    await copyAgainAndExpectNothing({ endpoints: true })
  })

  it('refuses an object without a name', async () => {
    const { short_id } = await staging.insights.create({ query: insightNode })
    const [refused] = await compareProjects(staging, 2, { insights: true })
    expect(refused).toMatchObject({ key: short_id, status: 'refused', reason: 'It has no name.' })
  })

  it('refuses a flag with encrypted payloads', async () => {
    const filters = { ...everyone, payloads: { true: '"secret"' } }
    await staging.featureFlags.create({
      key: 'secret',
      active: true,
      filters,
      has_encrypted_payloads: true,
    } as never)
    const [refused] = await compareProjects(staging, 2, { featureFlags: true })
    expect(refused?.reason).toBe('Its payloads are encrypted.')
  })

  it('refuses a query whose variable has another type in the target', async () => {
    await staging.insightVariables.create({ name: 'days', type: 'Number', default_value: 7 })
    await production.insightVariables.create({ name: 'days', type: 'String', default_value: '7' })
    const query = { kind: 'HogQLQuery', query: 'select {variables.days} as days' }
    await staging.endpoints.create({ name: 'window', query } as never)
    const [refused] = await compareProjects(staging, 2, { endpoints: true })
    expect(refused?.reason).toBe('Its SQL variable "days" is a Number, and a String in project 2.')
  })

  it('copies a dashboard with its insights, texts and layouts', async () => {
    await production.dashboards.create({ name: 'Other' })
    const dashboard = await staging.dashboards.create({
      name: 'Growth',
      description: 'Weekly',
      tags: ['team'],
    })
    const insight = await staging.insights.create({
      name: 'Sign-ups',
      query: insightNode,
      dashboards: [dashboard.id],
    })
    await staging.dashboards.createTextTile(dashboard.id, { body: '## Activation' })
    const { tiles } = await staging.dashboards.get(dashboard.id)
    await staging.dashboards.update(dashboard.id, {
      filters: { date_from: '-14d' },
      tiles: (tiles ?? []).map(({ id }, index) => ({
        id,
        color: 'blue',
        layouts: { sm: { x: 0, y: index, w: 6, h: 5 } },
      })),
    } as never)
    writes = []
    const copied = await copyProject(staging, 2, { dashboards: ['Growth'] })
    expect(copied.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(outcomes(copied)).toEqual(['insight Sign-ups created', 'dashboard Growth created'])
    const found = (await production.dashboards.list()).items.find(({ name }) => name === 'Growth')
    const copy = await production.dashboards.get(found?.id ?? 0)
    expect(copy).toMatchObject({ description: 'Weekly', tags: ['team'], filters: { date_from: '-14d' } })
    expect(
      copy.tiles?.map(({ insight: shown, text, color, layouts }) => [
        shown?.name ?? text?.body,
        color,
        layouts,
      ]),
    ).toEqual([
      ['Sign-ups', 'blue', { sm: { x: 0, y: 0, w: 6, h: 5 } }],
      ['## Activation', 'blue', { sm: { x: 0, y: 1, w: 6, h: 5 } }],
    ])
    expect(Object(copy.tiles?.[0]?.insight).short_id).not.toBe(insight.short_id)
    await copyAgainAndExpectNothing({ dashboards: true })
  })

  it('removes and moves tiles with `overwrite`', async () => {
    const dashboard = await staging.dashboards.create({ name: 'Growth' })
    await staging.insights.create({ name: 'Sign-ups', query: insightNode, dashboards: [dashboard.id] })
    await staging.dashboards.createTextTile(dashboard.id, { body: 'Old' })
    await copyProject(staging, 2, { dashboards: true })
    const [first, text] = (await staging.dashboards.get(dashboard.id)).tiles ?? []
    await staging.dashboards.deleteTile(dashboard.id, text?.id ?? 0)
    const layouts = { sm: { x: 3, y: 0, w: 3, h: 3 } }
    await staging.dashboards.update(dashboard.id, { tiles: [{ id: first?.id, layouts }] } as never)
    const [, compared] = await compareProjects(staging, 2, { dashboards: true })
    expect(compared?.changes).toEqual([
      { path: 'tiles.insight Sign-ups.layouts.sm', from: undefined, to: layouts.sm },
      { path: 'tiles.text Old', from: { text: 'Old', layouts: {} }, to: undefined },
    ])
    const kept = await copyProject(staging, 2, { dashboards: true })
    expect(outcomes(kept)).toEqual(['insight Sign-ups skipped', 'dashboard Growth skipped'])
    await copyProject(staging, 2, { dashboards: true }, { overwrite: true })
    const [copy] = (await production.dashboards.list()).items
    expect((await production.dashboards.get(copy?.id ?? 0)).tiles).toMatchObject([{ layouts }])
    await copyAgainAndExpectNothing({ dashboards: true })
  })

  it('finishes a dashboard that an earlier copy left incomplete', async () => {
    const dashboard = await staging.dashboards.create({ name: 'Growth' })
    await staging.insights.create({ name: 'Sign-ups', query: insightNode, dashboards: [dashboard.id] })
    await staging.dashboards.createTextTile(dashboard.id, { body: '## Activation' })
    local.faults.add({ status: 400, method: 'PATCH', path: '/api/projects/2/insights/' })
    const broken = await copyProject(staging, 2, { dashboards: ['Growth'] })
    expect(outcomes(broken)).toEqual(['insight Sign-ups created', 'dashboard Growth failed'])
    expect(broken[1]?.error).toMatchObject({ name: 'BadRequestError' })
    const again = await copyProject(staging, 2, { dashboards: ['Growth'] })
    expect(outcomes(again)).toEqual(['insight Sign-ups skipped', 'dashboard Growth updated'])
    expect((await production.dashboards.list()).count).toBe(1)
    await copyAgainAndExpectNothing({ dashboards: true })
  })

  it('refuses names that several objects have, with all their ids', async () => {
    const ids: number[] = []
    for (const project of [staging, production, production]) {
      ids.push((await project.insights.create({ name: 'Twice', query: insightNode })).id)
    }
    const [refused] = await copyProject(staging, 2, { insights: true })
    expect(refused).toMatchObject({ outcome: 'failed', status: 'refused' })
    const listed = /: ([\d, ]+)\.$/
      .exec(refused?.reason ?? '')?.[1]
      ?.split(', ')
      .map(Number)
    expect(refused?.reason).toContain('There are 2 insights named "Twice" in project 2')
    expect(listed?.sort()).toEqual(ids.slice(1).sort())
  })

  it('refuses a dashboard whose insight cannot be copied', async () => {
    const cohort = await staging.cohorts.create({ name: 'Paying', is_static: true })
    const properties = [{ type: 'cohort', key: 'id', value: cohort.id, operator: 'in' }]
    const dashboard = await staging.dashboards.create({ name: 'Growth' })
    await staging.insights.create({
      name: 'Paying users',
      query: { kind: 'InsightVizNode', source: { ...trends, properties } } as never,
      dashboards: [dashboard.id],
    })
    writes = []
    const copied = await copyProject(staging, 2, { dashboards: true })
    expect(copied.map(({ key, outcome, reason }) => [key, outcome, reason])).toEqual([
      ['Paying users', 'failed', 'It refers to the cohort "Paying", which project 2 lacks.'],
      [
        'Growth',
        'failed',
        'Its insight "Paying users" cannot be copied. It refers to the cohort "Paying", which project 2 lacks.',
      ],
    ])
    expect(writes).toEqual([])
    const own = await production.cohorts.create({ name: 'Paying', is_static: true })
    const retried = await copyProject(staging, 2, { dashboards: true })
    expect(outcomes(retried)).toEqual(['insight Paying users created', 'dashboard Growth created'])
    const [insight] = (await production.insights.list()).items
    expect(insight?.query).toMatchObject({ source: { properties: [{ value: own.id }] } })
  })

  it('settles what PostHog refuses, and goes on', async () => {
    await staging.featureFlags.create({ key: 'first', active: true, filters: everyone })
    await staging.featureFlags.create({ key: 'second', active: true, filters: everyone })
    local.faults.add({ status: 400, method: 'POST', path: '/api/projects/2/feature_flags/' })
    const copied = await copyProject(staging, 2, { featureFlags: ['first', 'second'] })
    expect(outcomes(copied)).toEqual(['featureFlag first failed', 'featureFlag second created'])
    expect(outcomes(await copyProject(staging, 2, { featureFlags: ['first', 'second'] }))).toEqual([
      'featureFlag first created',
      'featureFlag second skipped',
    ])
  })

  it('sends a write once after an unknown outcome, and finds the object the next time', async () => {
    await staging.featureFlags.create({ key: 'first', active: true, filters: everyone })
    writes = []
    local.faults.add({ reset: 'before-headers', method: 'POST', path: '/api/projects/2/feature_flags/' })
    const [lost] = await copyProject(staging, 2, { featureFlags: true })
    expect(lost).toMatchObject({ outcome: 'failed', error: { name: 'ConnectionError' } })
    expect(writes).toEqual(['POST /api/projects/2/feature_flags/'])
    await copyAgainAndExpectNothing({ featureFlags: true })
  })

  it('throws the reason of an aborted signal', async () => {
    await staging.featureFlags.create({ key: 'first', active: true, filters: everyone })
    const reason = new Error('Stop')
    const controller = new AbortController()
    const target = staging.project(2).use((request, next) => {
      if (request.method === 'POST') controller.abort(reason)
      return next(request)
    })
    const call = copyProject(staging, target, { featureFlags: true }, { signal: controller.signal })
    await expect(call).rejects.toBe(reason)
  })

  it('takes another account, or a client, as the target', async () => {
    await staging.featureFlags.create({ key: 'shared', active: true, filters: everyone })
    const options = {
      apiKey: local.personalApiKey,
      host: 'http://other.test',
      projectId: 2,
    }
    const [created] = await copyProject(staging, staging.with(options), { featureFlags: ['shared'] })
    expect(created?.outcome).toBe('created')
    const client = createClient({ ...options, fetch: (url, init) => local.handle(new Request(url, init)) })
    expect(outcomes(await copyProject(staging, client, { featureFlags: ['shared'] }))).toEqual([
      'featureFlag shared skipped',
    ])
  })

  it('throws NotFoundError for a selected object that does not exist', async () => {
    const call = compareProjects(staging, 2, { featureFlags: ['no-such-flag'] })
    await expect(call).rejects.toThrow(NotFoundError)
    await expect(call).rejects.toThrow('There is no feature flag "no-such-flag" in project 1.')
  })

  it.each<[what: string, target: never, selection: never, message: string]>([
    [
      'the same project',
      1 as never,
      { featureFlags: true } as never,
      'Expected the target to be another project than 1.',
    ],
    ['an empty selection', 2 as never, {} as never, '`selection` is an object; expected'],
    ['a string for a list', 2 as never, { dashboards: 'Growth' } as never, '`dashboards` is "Growth"'],
    ['an unknown type', 2 as never, { flags: true } as never, '`selection` has no option `flags`.'],
    [
      'a target that is no client',
      { region: 'eu' } as never,
      { featureFlags: true } as never,
      'Expected `to` to be a client or the id of a project',
    ],
  ])('rejects %s and sends nothing', async (_, target, selection, message) => {
    const before = requests
    await expect(copyProject(staging, target, selection)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    })
    expect(requests).toBe(before)
  })
})
