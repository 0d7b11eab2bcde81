import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { type Answer, refusal, type Send, startSender } from '../harness.ts'

let local: LocalPostHog
let send: Send

beforeAll(async () => {
  ;({ local, send } = await startSender())
})
afterAll(() => local.close())

const issues = async (): Promise<Answer[]> => (await send('GET P/error_tracking/issues/')).results
const get = (id: string): Promise<Answer> => send('GET P/error_tracking/issues/{id}/', { path: { id } })
const fingerprints = async (issue: string): Promise<Answer[]> =>
  (await send('GET P/error_tracking/fingerprints/')).results.filter((one: Answer) => one.issue_id === issue)
const ME = { type: 'user', id: 1 }

describe('issues', () => {
  it('exist from the start with fingerprints, and are not created or deleted', async () => {
    const [first] = await issues()
    expect(first).toMatchObject({
      status: 'active',
      severity: null,
      assignee: null,
      external_issues: [],
    })
    const [print] = await fingerprints(first.id)
    const path = { id: print.id }
    expect(await send('GET P/error_tracking/fingerprints/{id}/', { path })).toEqual(print)
    const deletion = send('DELETE P/error_tracking/issues/{id}/', { path: { id: first.id } })
    expect(await refusal(deletion)).toMatchObject({ status: 405 })
    const other = send('DELETE P/error_tracking/fingerprints/{id}/', { path })
    expect(await refusal(other)).toMatchObject({ status: 405 })
    expect(await refusal(get('none'))).toMatchObject({ status: 404 })
  })

  it('can be updated and assigned, and log both', async () => {
    const { id } = (await issues())[0]
    const path = { id }
    const change = { path, body: { status: 'resolved', name: 'Renamed', severity: 'high' } }
    expect(await send('PATCH P/error_tracking/issues/{id}/', change)).toMatchObject(change.body)
    for (const body of [{ status: 'archived' }, { status: 'pending_release' }, { severity: 'huge' }]) {
      const wrong = send('PATCH P/error_tracking/issues/{id}/', { path, body })
      expect(await refusal(wrong)).toMatchObject({ status: 400, attr: Object.keys(body)[0] })
    }
    const assign = (assignee: unknown): Promise<Answer> =>
      send('PATCH P/error_tracking/issues/{id}/assign/', { path, body: { assignee } })
    expect(await assign(ME)).toEqual({ success: true })
    expect((await get(id)).assignee).toEqual(ME)
    expect(await refusal(assign({ type: 'user', id: 77 }))).toMatchObject({ attr: 'assignee' })
    await assign(null)
    expect((await get(id)).assignee).toBeNull()
    const { results } = await send('GET P/error_tracking/issues/{id}/activity/', { path })
    expect(results.map((entry: Answer) => entry.activity)).toEqual(['assigned', 'assigned', 'updated'])
  })

  it('can be updated in bulk', async () => {
    const ids = (await issues()).map((issue) => issue.id)
    const bulk = (body: object): Promise<Answer> => send('POST P/error_tracking/issues/bulk/', { body })
    expect(await bulk({ ids, action: 'set_status', status: 'archived' })).toEqual({ success: true })
    expect(new Set((await issues()).map((issue) => issue.status))).toEqual(new Set(['archived']))
    await bulk({ ids, action: 'assign', assignee: ME })
    expect((await issues()).map((issue) => issue.assignee)).toEqual(ids.map(() => ME))
    expect(await refusal(bulk({ ids, action: 'shout' }))).toMatchObject({ attr: 'action' })
    expect(await refusal(bulk({ ids, action: 'set_status' }))).toMatchObject({ attr: 'status' })
  })

  it('are split by fingerprint and merged', async () => {
    const all = await issues()
    const prints = await Promise.all(all.map((issue) => fingerprints(issue.id)))
    const index = prints.findIndex((some) => some.length === 2)
    const { id } = all[index]
    const path = { id }
    const body = { fingerprints: [{ fingerprint: prints[index]?.[0].fingerprint, name: 'Split off' }] }
    const { new_issue_ids } = await send('POST P/error_tracking/issues/{id}/split/', { path, body })
    expect(await get(new_issue_ids[0])).toMatchObject({ name: 'Split off', status: 'active' })
    expect(await fingerprints(id)).toHaveLength(1)
    expect(await refusal(send('POST P/error_tracking/issues/{id}/split/', { path, body }))).toMatchObject({
      status: 400,
    })
    const merge = { path, body: { ids: new_issue_ids } }
    expect(await send('POST P/error_tracking/issues/{id}/merge/', merge)).toEqual({ success: true })
    expect(await fingerprints(id)).toHaveLength(2)
    expect(await refusal(get(new_issue_ids[0]))).toMatchObject({ status: 404 })
  })
})

describe('rules', () => {
  const filters = { type: 'AND', values: [] }
  const root = (kind: string): string => `P/error_tracking/${kind}/`

  it.each([
    ['assignment_rules', { filters, assignee: ME }, { assignee: null }],
    ['grouping_rules', { filters, description: 'All' }, { description: 'Some' }],
    ['suppression_rules', { filters, sampling_rate: 0.5 }, { sampling_rate: 0.1 }],
  ])('of %s have an order that can be changed', async (kind, body, change) => {
    const one = await send(`POST ${root(kind)}`, { body })
    const two = await send(`POST ${root(kind)}`, { body })
    expect([one.order_key, two.order_key]).toEqual([0, 1])
    const order = async (): Promise<string[]> =>
      (await send(`GET ${root(kind)}`)).results.map((rule: Answer) => rule.id)
    expect(await order()).toEqual([one.id, two.id])
    await send(`PATCH ${root(kind)}reorder/`, { body: { orders: { [one.id]: 1, [two.id]: 0 } } })
    expect(await order()).toEqual([two.id, one.id])
    const path = { id: one.id }
    const changed = await send(`PATCH ${root(kind)}{id}/`, { path, body: change })
    // PostHog returns the changed rule for grouping rules only.
    if (kind === 'grouping_rules') expect(changed).toMatchObject(change)
    else expect(changed).toBeUndefined()
    expect(await send(`GET ${root(kind)}{id}/`, { path })).toMatchObject({ ...change, order_key: 1 })
    await send(`DELETE ${root(kind)}{id}/`, { path })
    expect(await order()).toEqual([two.id])
  })

  it('require their fields', async () => {
    const bare = send(`POST ${root('assignment_rules')}`, { body: { filters } })
    expect(await refusal(bare)).toMatchObject({ status: 400, attr: 'assignee', code: 'required' })
    const rate = send(`POST ${root('suppression_rules')}`, { body: { sampling_rate: 2 } })
    expect(await refusal(rate)).toMatchObject({ attr: 'sampling_rate', code: 'max_value' })
  })
})

describe('links to code', () => {
  it.each(['github', 'gitlab'])('are never found at %s, which is never called', async (provider) => {
    const query = { owner: 'o', repository: 'r', code_sample: 'x()', file_name: 'a.ts' }
    const ask = `GET P/error_tracking/git-provider-file-links/resolve_${provider}/`
    expect(await send(ask, { query })).toMatchObject({ found: false, error: `No ${provider} integration` })
    await send('POST P/integrations/', { body: { kind: provider, config: {} } })
    expect(await send(ask, { query })).toEqual({ found: false })
    const { owner, ...rest } = query
    expect(await refusal(send(ask, { query: rest }))).toMatchObject({ attr: 'owner' })
  })
})
