import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { type Answer, refusal, type Send, startSender } from '../harness.ts'

let local: LocalPostHog
let send: Send
let time = Date.parse('2026-11-20T10:00:00Z')
let made = 0

beforeAll(async () => {
  ;({ local, send } = await startSender({ now: () => new Date(time) }))
})
afterAll(() => local.close())

const METRIC = {
  kind: 'ExperimentMetric',
  metric_type: 'mean',
  source: { kind: 'EventsNode', event: 'purchase' },
}
const create = (body: object = {}): Promise<Answer> => {
  made += 1
  const name = `Experiment ${made}`
  return send('POST P/experiments/', { body: { name, feature_flag_key: `flag-${made}`, ...body } })
}
const step = (id: number, name: string, body?: object): Promise<Answer> =>
  send(`POST P/experiments/{id}/${name}/`, { path: { id }, ...(body === undefined ? {} : { body }) })
const get = (id: number): Promise<Answer> => send('GET P/experiments/{id}/', { path: { id } })

describe('an experiment', () => {
  it('starts as a draft with its own feature flag', async () => {
    const one = await create({ description: 'Words', metrics: [METRIC] })
    expect(one).toMatchObject({
      status: 'draft',
      description: 'Words',
      start_date: null,
      feature_flag: { key: one.feature_flag_key, active: false },
      metrics: [{ uuid: expect.any(String), metric_type: 'mean' }],
    })
    const { variants } = one.feature_flag.filters.multivariate
    expect(variants.map((variant: Answer) => variant.key)).toEqual(['control', 'test'])
    expect((await send('GET P/experiments/')).results[0].id).toBe(one.id)
  })

  it('uses the given variants, and requires a control', async () => {
    const of = (...keys: string[]): object => ({
      parameters: { feature_flag_variants: keys.map((key) => ({ key, rollout_percentage: 50 })) },
    })
    const { variants } = (await create(of('control', 'blue'))).feature_flag.filters.multivariate
    expect(variants.map((variant: Answer) => variant.key)).toEqual(['control', 'blue'])
    expect(await refusal(create(of('red', 'blue')))).toMatchObject({ status: 400 })
    expect(await refusal(create(of('control')))).toMatchObject({ status: 400 })
  })

  it('gives its flag the settings in `feature_flag`, and does not show what only creates', async () => {
    const feature_flag = {
      ensure_experience_continuity: true,
      filters: {
        groups: [{ rollout_percentage: 40 }],
        multivariate: {
          variants: [
            { key: 'control', rollout_percentage: 60 },
            { key: 'new', rollout_percentage: 40 },
          ],
        },
        payloads: { new: '"blue"' },
        aggregation_group_type_index: 0,
      },
    }
    const body = { feature_flag, repository: 'acme/shop', tags: ['shop'], excluded_variants: ['new'] }
    const one = await create(body)
    expect(one).toMatchObject({
      excluded_variants: ['new'],
      feature_flag: {
        ensure_experience_continuity: true,
        filters: { payloads: { new: '"blue"' }, aggregation_group_type_index: 0 },
      },
    })
    expect(one.feature_flag.filters.groups[0].rollout_percentage).toBe(40)
    for (const name of ['repository', 'tags', 'version']) expect(one).not.toHaveProperty(name)
    const path = { id: one.id }
    const stale = send('PATCH P/experiments/{id}/', { path, body: { name: 'x', version: 1 } })
    expect(await refusal(stale)).toMatchObject({ status: 400, attr: 'version' })
    expect(await refusal(create({ repository: 'x'.repeat(256) }))).toMatchObject({ attr: 'repository' })
  })

  it('requires a name and a feature flag key', async () => {
    const nameless = send('POST P/experiments/', { body: { feature_flag_key: 'x' } })
    expect(await refusal(nameless)).toMatchObject({ status: 400, attr: 'name', code: 'required' })
    const flagless = send('POST P/experiments/', { body: { name: 'x' } })
    expect(await refusal(flagless)).toMatchObject({ status: 400, attr: 'feature_flag_key' })
  })

  it('is launched, paused, resumed, ended and archived in this order only', async () => {
    const { id } = await create()
    for (const early of ['end', 'pause', 'resume', 'reset', 'archive', 'unarchive']) {
      expect(await refusal(step(id, early))).toMatchObject({ status: 400 })
    }
    expect(await step(id, 'launch')).toMatchObject({
      status: 'running',
      start_date: '2026-11-20T10:00:00.000Z',
      feature_flag: { active: true },
    })
    expect(await refusal(step(id, 'launch'))).toMatchObject({ status: 400 })
    expect(await refusal(step(id, 'resume'))).toMatchObject({ status: 400 })
    expect(await step(id, 'pause')).toMatchObject({ status: 'paused', feature_flag: { active: false } })
    expect(await refusal(step(id, 'pause'))).toMatchObject({ status: 400 })
    expect(await step(id, 'resume')).toMatchObject({ status: 'running', feature_flag: { active: true } })
    expect(await refusal(step(id, 'archive'))).toMatchObject({ status: 400 })
    expect(await refusal(step(id, 'end', { conclusion: 'maybe' }))).toMatchObject({ attr: 'conclusion' })
    time += 86_400_000
    const ended = await step(id, 'end', { conclusion: 'won', conclusion_comment: 'Clearly' })
    expect(ended).toMatchObject({ status: 'stopped', conclusion: 'won', conclusion_comment: 'Clearly' })
    expect(await step(id, 'archive')).toMatchObject({ archived: true })
    const listed = (await send('GET P/experiments/')).results.map((one: Answer) => one.id)
    expect(listed).not.toContain(id)
    expect(await step(id, 'unarchive')).toMatchObject({ archived: false })
    expect(await step(id, 'reset')).toMatchObject({ status: 'draft', end_date: null, conclusion: null })
  })

  it('archives its flag if that is disabled, or if it may disable it', async () => {
    const stopped = async (): Promise<Answer> => {
      const one = await create()
      await step(one.id, 'launch')
      time += 1_000
      return step(one.id, 'end')
    }
    const flagOf = async (one: Answer): Promise<Answer> =>
      send('GET P/feature_flags/{id}/', { path: { id: one.feature_flag.id } })
    const serving = await stopped()
    await step(serving.id, 'archive')
    expect(await flagOf(serving)).toMatchObject({ active: true, archived: false })
    const disabled = await stopped()
    await step(disabled.id, 'archive', { disable_feature_flag: true })
    expect(await flagOf(disabled)).toMatchObject({ active: false, archived: true })
    await step(disabled.id, 'unarchive')
    expect(await flagOf(disabled)).toMatchObject({ active: false, archived: false })
  })

  it('ships a variant to those who match its flag, or to everyone', async () => {
    const { id } = await create({
      feature_flag: { filters: { groups: [{ rollout_percentage: 40 }] } },
    })
    await step(id, 'launch')
    const cleanup = { variant_key: 'test', open_cleanup_pr: true }
    expect(await refusal(step(id, 'ship_variant', cleanup))).toMatchObject({ attr: 'open_cleanup_pr' })
    time += 1_000
    const { feature_flag: some } = await step(id, 'ship_variant', { variant_key: 'test' })
    expect(some.filters.groups).toMatchObject([{ rollout_percentage: 40 }])
    const body = { variant_key: 'test', release_to_everyone: true }
    const { feature_flag: all } = await step(id, 'ship_variant', body)
    expect(all.filters.groups).toMatchObject([
      { properties: [], rollout_percentage: 100 },
      { rollout_percentage: 40 },
    ])
    expect(all.filters.groups[0].description).toContain('Added automatically')
  })

  it('ends when it ships a variant', async () => {
    const { id } = await create()
    expect(await refusal(step(id, 'ship_variant', { variant_key: 'test' }))).toMatchObject({ status: 400 })
    await step(id, 'launch')
    expect(await refusal(step(id, 'ship_variant', {}))).toMatchObject({ attr: 'variant_key' })
    expect(await refusal(step(id, 'ship_variant', { variant_key: 'none' }))).toMatchObject({
      status: 400,
      detail: "Variant 'none' not found on feature flag.",
    })
    time += 1_000
    const shipped = await step(id, 'ship_variant', { variant_key: 'test', conclusion: 'won' })
    expect(shipped).toMatchObject({ status: 'stopped', conclusion: 'won', feature_flag: { active: true } })
    expect(shipped.feature_flag.filters.multivariate.variants).toMatchObject([
      { key: 'control', rollout_percentage: 0 },
      { key: 'test', rollout_percentage: 100 },
    ])
  })

  it('is copied as a draft, with its feature flag or another one, within or across projects', async () => {
    const { id, name, feature_flag_key } = await create({ metrics: [METRIC] })
    await step(id, 'launch')
    const copy = await step(id, 'duplicate')
    expect(copy).toMatchObject({ name: `${name} (Copy)`, feature_flag_key, status: 'draft' })
    expect((await step(id, 'duplicate')).name).toBe(`${name} (Copy) 2`)
    const other = await step(id, 'duplicate', { name: 'Mine', feature_flag_key: 'mine' })
    expect(other).toMatchObject({ name: 'Mine', feature_flag: { key: 'mine' } })
    const project = await send('POST O/projects/', { body: { name: 'Second' } })
    const body = { target_team_id: project.id, name: 'There' }
    expect(await step(id, 'copy_to_project', body)).toMatchObject({ name: 'There', status: 'draft' })
    const wrong = step(id, 'copy_to_project', { target_team_id: 999 })
    expect(await refusal(wrong)).toMatchObject({ status: 400, attr: 'target_team_id' })
    const names = (await send('GET P/experiments/')).results.map((one: Answer) => one.name)
    expect(names).toContain('Mine')
    expect(names).not.toContain('There')
  })

  it('creates one exposure cohort', async () => {
    const { id, name } = await create()
    const ask = (): Promise<Answer> => step(id, 'create_exposure_cohort_for_experiment')
    expect(await refusal(ask())).toMatchObject({ detail: 'Experiment does not have a start date' })
    await step(id, 'launch')
    const { cohort } = await ask()
    expect(cohort.name).toContain(name)
    expect((await get(id)).exposure_cohort).toBe(cohort.id)
    expect(await refusal(ask())).toMatchObject({ detail: 'Experiment already has an exposure cohort' })
  })

  it('has daily results', async () => {
    const { id, metrics } = await create({ metrics: [METRIC] })
    await step(id, 'launch')
    time += 2 * 86_400_000
    const ask = (query: object): Promise<Answer> =>
      send('GET P/experiments/{id}/timeseries_results/', { path: { id }, query: { ...query } })
    const answer = await ask({ metric_uuid: metrics[0].uuid, fingerprint: 'f' })
    expect(answer).toMatchObject({ experiment_id: id, metric_uuid: metrics[0].uuid, status: 'pending' })
    expect(Object.keys(answer.timeseries)).toHaveLength(3)
    expect(await refusal(ask({ metric_uuid: metrics[0].uuid }))).toMatchObject({ status: 400 })
    expect(await refusal(ask({ metric_uuid: 'x', fingerprint: 'f' }))).toMatchObject({ status: 404 })
  })

  it('is updated and deleted by updates, and keeps its feature flag', async () => {
    const { id } = await create()
    const patch = (body: object): Promise<Answer> => send('PATCH P/experiments/{id}/', { path: { id }, body })
    expect(await patch({ name: 'New name' })).toMatchObject({ name: 'New name' })
    expect(await refusal(patch({ feature_flag_key: 'other' }))).toMatchObject({ status: 400 })
    const backwards = { start_date: '2026-02-01T00:00:00Z', end_date: '2026-01-01T00:00:00Z' }
    expect(await refusal(patch(backwards))).toMatchObject({ status: 400 })
    const deletion = send('DELETE P/experiments/{id}/', { path: { id } })
    expect(await refusal(deletion)).toMatchObject({ status: 405 })
    await patch({ deleted: true })
    const ids = (await send('GET P/experiments/')).results.map((one: Answer) => one.id)
    expect(ids).not.toContain(id)
  })
})

describe('an early access feature', () => {
  it('creates its flag or uses an existing one', async () => {
    const feature = await send('POST P/early_access_feature/', {
      body: { name: 'Night mode', stage: 'beta' },
    })
    expect(feature).toMatchObject({ stage: 'beta', feature_flag: { key: 'night-mode' } })
    const body = { name: 'Also', stage: 'draft', feature_flag_id: feature.feature_flag.id }
    expect((await send('POST P/early_access_feature/', { body })).feature_flag.key).toBe('night-mode')
    const again = send('POST P/early_access_feature/', { body: { name: 'Night mode', stage: 'beta' } })
    expect(await refusal(again)).toMatchObject({ status: 400, attr: 'feature_flag_id' })
    expect((await send('GET P/early_access_feature/')).count).toBe(2)
    const path = { id: feature.id }
    const change = { path, body: { stage: 'alpha' } }
    expect((await send('PATCH P/early_access_feature/{id}/', change)).stage).toBe('alpha')
    expect((await send('GET P/early_access_feature/{id}/', { path })).name).toBe('Night mode')
    await send('DELETE P/early_access_feature/{id}/', { path })
    expect(await refusal(send('GET P/early_access_feature/{id}/', { path }))).toMatchObject({ status: 404 })
    const wrong = send('POST P/early_access_feature/', { body: { name: 'x', stage: 'gamma' } })
    expect(await refusal(wrong)).toMatchObject({ attr: 'stage', code: 'invalid_choice' })
  })
})

describe('a survey', () => {
  const QUESTIONS = [{ type: 'open', question: 'Why?' }]
  const create = (body: object = {}): Promise<Answer> =>
    send('POST P/surveys/', { body: { name: 'Asked', type: 'popover', questions: QUESTIONS, ...body } })

  it('has flags for its audience', async () => {
    const targeting_flag_filters = { groups: [{ properties: [], rollout_percentage: 10 }] }
    const survey = await create({ targeting_flag_filters })
    expect(survey).toMatchObject({
      name: 'Asked',
      targeting_flag: { filters: targeting_flag_filters },
      internal_targeting_flag: { active: false },
      linked_flag: null,
    })
    const path = { id: survey.id }
    const started = { path, body: { start_date: '2026-11-20T10:00:00Z' } }
    await send('PATCH P/surveys/{id}/', started)
    const shown = await send('GET P/surveys/{id}/', { path })
    expect(shown.internal_targeting_flag.active).toBe(true)
    expect(shown.feature_flag_keys).toContainEqual({
      key: 'targeting_flag_key',
      value: shown.targeting_flag.key,
    })
    const bare = { path, body: { remove_targeting_flag: true } }
    expect((await send('PATCH P/surveys/{id}/', bare)).targeting_flag).toBeNull()
    expect(await refusal(create({ questions: [{ type: 'open' }] }))).toMatchObject({ attr: 'questions' })
    expect(await refusal(create({ linked_flag_id: 999 }))).toMatchObject({ attr: 'linked_flag_id' })
    expect(await refusal(create({ type: 'poster' }))).toMatchObject({ attr: 'type' })
  })

  it('counts its events', async () => {
    const { id } = await create()
    const path = { id }
    const zero = await send('GET P/surveys/{id}/stats/', { path, query: { date_from: '2026-11-01' } })
    expect(zero).toMatchObject({ survey_id: id, rates: { response_rate: 0 } })
    expect(zero.stats['survey shown'].total_count).toBe(0)
    expect(await send('GET P/surveys/stats/')).toMatchObject({ rates: { response_rate: 0 } })
    expect(await send('GET P/surveys/responses_count/')).toEqual({})
  })

  it('archives and restores responses', async () => {
    const { id } = await create()
    const path = { id, response_uuid: 'a' }
    const archived = (): Promise<Answer> =>
      send('GET P/surveys/{id}/archived-response-uuids/', { path: { id } })
    await send('POST P/surveys/{id}/responses/{response_uuid}/archive/', { path })
    expect(await archived()).toEqual(['a'])
    await send('POST P/surveys/{id}/responses/{response_uuid}/unarchive/', { path })
    expect(await archived()).toEqual([])
  })

  it('can be copied to projects, listed and deleted, and logs its activity', async () => {
    const { id } = await create({ name: 'Copied', start_date: '2026-11-20T10:00:00Z' })
    const path = { id }
    const before = (await send('GET P/surveys/')).count
    const { created_surveys } = await send('POST P/surveys/{id}/duplicate_to_projects/', {
      path,
      body: { target_team_ids: [1] },
    })
    expect(created_surveys).toMatchObject([{ name: 'Copied', team_id: 1 }])
    const copy = await send('GET P/surveys/{id}/', { path: { id: created_surveys[0].id } })
    expect(copy.start_date).toBeNull()
    const nowhere = send('POST P/surveys/{id}/duplicate_to_projects/', {
      path,
      body: { target_team_ids: [9] },
    })
    expect(await refusal(nowhere)).toMatchObject({ status: 400, attr: 'target_team_ids' })
    expect((await send('GET P/surveys/', { query: { search: 'copied' } })).count).toBe(2)
    await send('PATCH P/surveys/{id}/', { path, body: { archived: true } })
    expect((await send('GET P/surveys/', { query: { archived: true } })).count).toBe(1)
    const { results } = await send('GET P/surveys/{id}/activity/', { path })
    expect(results.map((entry: Answer) => entry.activity)).toEqual(['updated', 'created'])
    expect((await send('GET P/surveys/activity/')).total_count).toBeGreaterThan(2)
    await send('DELETE P/surveys/{id}/', { path })
    expect((await send('GET P/surveys/')).count).toBe(before)
  })
})
