import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { startLocalClient } from '../../local-client.ts'
import { type Answer, callerOf, refusal, type Send, startSender } from '../harness.ts'

let local: LocalPostHog
let send: Send
let time = Date.parse('2026-11-20T10:00:00Z')

beforeAll(async () => {
  ;({ local, send } = await startSender({ now: () => new Date(time), pageSize: 4 }))
})
afterAll(() => local.close())

const sql = (query: string): object => ({
  kind: 'DataVisualizationNode',
  source: { kind: 'HogQLQuery', query },
})
const insight = (query: object = sql('select 7 as seven')): Promise<Answer> =>
  send('POST P/insights/', { body: { name: 'Sent', query } })

describe('actions', () => {
  it('are deleted by a field and stay readable', async () => {
    const steps = [{ event: '$pageview', url: '/pricing', url_matching: 'contains' }]
    const made = await send('POST P/actions/', { body: { name: 'Looked', steps } })
    const path = { id: made.id }
    expect(made).toMatchObject({
      name: 'Looked',
      is_action: true,
      steps: [{ event: '$pageview', selector: null }],
    })
    const same = send('POST P/actions/', { body: { name: 'Looked' } })
    expect(await refusal(same)).toMatchObject({ status: 400, attr: 'name', code: 'unique' })
    expect((await send('GET P/actions/')).count).toBe(1)
    expect(await refusal(send('DELETE P/actions/{id}/', { path }))).toMatchObject({ status: 405 })
    const raw = await callerOf(local)('DELETE', `/api/projects/1/actions/${made.id}/`)
    expect([raw.status, raw.text]).toEqual([405, ''])
    expect(await send('PATCH P/actions/{id}/', { path, body: { deleted: true } })).toMatchObject({
      deleted: true,
    })
    expect(await send('GET P/actions/{id}/', { path })).toMatchObject({ deleted: true })
    expect((await send('GET P/actions/')).count).toBe(0)
  })

  it('list the insights that use them, and refuse the tagging of several to keys', async () => {
    const { id } = await send('POST P/actions/', { body: { name: 'Used' } })
    const series = [{ kind: 'ActionsNode', id }]
    const user = await insight({ kind: 'InsightVizNode', source: { kind: 'TrendsQuery', series } })
    const references = await send('GET P/actions/{id}/references/', { path: { id } })
    expect(references).toMatchObject([{ type: 'insight', id: user.short_id, name: 'Sent' }])
    const body = { ids: [id], action: 'set', tags: ['One', 'one'] }
    expect(await refusal(send('POST P/actions/bulk_update_tags/', { body }))).toMatchObject({ status: 403 })
  })
})

describe('annotations', () => {
  it('are created, searched and deleted by a field', async () => {
    const { id: item } = await insight()
    const body = {
      content: 'Launch',
      date_marker: '2026-11-01T00:00:00Z',
      scope: 'dashboard_item',
      dashboard_item: item,
    }
    const made = await send('POST P/annotations/', { body })
    const path = { id: made.id }
    expect(made).toMatchObject({ content: 'Launch', insight_name: 'Sent', creation_type: 'USR' })
    expect((await send('GET P/annotations/', { query: { search: 'laun' } })).count).toBe(1)
    expect((await send('GET P/annotations/', { query: { search: 'other' } })).count).toBe(0)
    expect(await send('GET P/annotations/{id}/', { path })).toMatchObject({ id: made.id })
    expect(await refusal(send('POST P/annotations/', { body: { scope: 'moon' } }))).toMatchObject({
      attr: 'scope',
    })
    expect(await refusal(send('DELETE P/annotations/{id}/', { path }))).toMatchObject({ status: 405 })
    await send('PATCH P/annotations/{id}/', { path, body: { deleted: true } })
    expect((await send('GET P/annotations/')).count).toBe(0)
  })
})

describe('comments', () => {
  const comment = (body: object): Promise<Answer> =>
    send('POST P/comments/', { body: { scope: 'Notebook', ...body } })

  it('are paged by cursor, newest first, and counted', async () => {
    for (const number of [1, 2, 3, 4, 5, 6]) await comment({ content: `No. ${number}`, item_id: 'n1' })
    const query = { scope: 'Notebook', item_id: 'n1' }
    const first = await send('GET P/comments/', { query })
    expect(first).not.toHaveProperty('count')
    expect(first.results.map((one: Answer) => one.content)).toEqual(['No. 6', 'No. 5', 'No. 4', 'No. 3'])
    const cursor = new URL(first.next).searchParams.get('cursor')
    await comment({ content: 'Late', item_id: 'n1' })
    const second = await send('GET P/comments/', { query: { ...query, cursor } })
    expect(second.results.map((one: Answer) => one.content)).toEqual(['No. 2', 'No. 1'])
    expect(second).toMatchObject({ next: null, previous: expect.any(String) })
    expect(await send('GET P/comments/count/', { query })).toEqual({ count: 7 })
  })

  it('can be tasks, which are open, and only users complete them', async () => {
    const task = await comment({ content: 'Fix it', item_id: 'n2', is_task: true })
    const note = await comment({ content: 'A note', item_id: 'n2' })
    expect(task).toMatchObject({ is_task: true, completed_at: null, completed_by: null, slack_thread: null })
    const ids = async (query: object): Promise<string[]> => {
      const { results } = await send('GET P/comments/', { query: { item_id: 'n2', ...query } })
      return results.map(({ id }: Answer) => id)
    }
    expect(await ids({ kind: 'task' })).toEqual([task.id])
    expect(await ids({ kind: 'comment' })).toEqual([note.id])
    expect(await ids({ kind: 'task', completed: 'open' })).toEqual([task.id])
    expect(await ids({ kind: 'task', completed: 'completed' })).toEqual([])
    // Only tasks are filtered by completion.
    expect(await ids({ completed: 'completed' })).toEqual([note.id, task.id])
    expect(await ids({ created_by: 1 })).toEqual([note.id, task.id])
    expect(await ids({ created_by: 2 })).toEqual([])
    const path = { id: task.id }
    const change = { path, body: { content: 'x', is_task: false } }
    expect(await refusal(send('PATCH P/comments/{id}/', change))).toMatchObject({ attr: 'is_task' })
    const reply = comment({ content: 'x', source_comment: note.id, is_task: true })
    expect(await refusal(reply)).toMatchObject({ attr: 'is_task', detail: 'Replies cannot be tasks.' })
    for (const action of ['complete', 'reopen', 'send_to_slack']) {
      expect(await refusal(send(`POST P/comments/{id}/${action}/`, { path }))).toMatchObject({ status: 403 })
    }
  })

  it('need content, and a target that exists', async () => {
    const detail = 'A comment must have content'
    expect(await refusal(comment({ content: ' ' }))).toMatchObject({ status: 400, detail })
    const empty = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: '' }] }] }
    expect(await refusal(comment({ rich_content: empty }))).toMatchObject({ detail })
    expect(await refusal(comment({ content: 'x', item_context: 'y' }))).toMatchObject({
      attr: 'item_context',
    })
    const ticket = comment({ content: 'x', scope: 'Ticket', item_id: 't1' })
    expect(await refusal(ticket)).toMatchObject({ attr: 'item_id', detail: 'Ticket not found' })
    const task = comment({ content: 'x', scope: 'task', item_id: 't1' })
    expect(await refusal(task)).toMatchObject({ status: 403 })
    const query = { scope: 'task', task_id: '018d2a6e-0000-7000-8000-0000000000cc' }
    expect((await send('GET P/comments/', { query })).results).toEqual([])
  })

  it('are replies in the thread of the first comment, and take its place', async () => {
    const first = await comment({
      content: 'First',
      item_id: 'n3',
      item_context: { line: 7, from_slack: true },
    })
    expect(first.item_context).toEqual({ line: 7 })
    const reply = await comment({ content: 'Second', source_comment: first.id, scope: 'Insight' })
    expect(reply).toMatchObject({ scope: 'Notebook', item_id: 'n3', item_context: { line: 7 } })
    const body = {
      content: 'Third',
      source_comment: reply.id,
      item_context: { threadState: 'resolved', x: 1 },
    }
    expect(await send('POST P/comments/', { body })).toMatchObject({
      source_comment: first.id,
      item_context: { line: 7, threadState: 'resolved' },
    })
  })

  it('are hidden after deletion, and restored with their content', async () => {
    const { id } = await comment({ content: 'Keep me' })
    const path = { id }
    await send('PATCH P/comments/{id}/', { path, body: { deleted: true } })
    expect(await refusal(send('GET P/comments/{id}/', { path }))).toMatchObject({ status: 404 })
    const bare = send('PATCH P/comments/{id}/', { path, body: { deleted: false } })
    expect(await refusal(bare)).toMatchObject({ detail: 'A comment must have content' })
    const { posthog } = await startLocalClient({ events: 0 })
    const made = await posthog.comments.create({ content: 'Kept', scope: 'Notebook' })
    await posthog.comments.delete(made.id)
    expect(await posthog.comments.restore(made.id)).toMatchObject({ content: 'Kept', deleted: false })
  })

  it('have threads and a version', async () => {
    const { id } = await comment({ content: 'Question' })
    const answer = await comment({ content: 'Answer', source_comment: id })
    const { results } = await send('GET P/comments/{id}/thread/', { path: { id } })
    expect(results).toMatchObject([{ id: answer.id, content: 'Answer', version: 0 }])
    const path = { id: answer.id }
    const edit = { path, body: { content: 'Better answer' } }
    expect(await send('PATCH P/comments/{id}/', edit)).toMatchObject({ content: 'Better answer', version: 1 })
    expect(await send('GET P/comments/{id}/', { path })).toMatchObject({ version: 1 })
    expect(await refusal(send('DELETE P/comments/{id}/', { path }))).toMatchObject({ status: 405 })
    await send('PATCH P/comments/{id}/', { path, body: { deleted: true } })
    expect((await send('GET P/comments/{id}/thread/', { path: { id } })).results).toEqual([])
    expect(await refusal(comment({ source_comment: 'none' }))).toMatchObject({ attr: 'source_comment' })
    const scopeless = send('POST P/comments/', { body: { content: 'x' } })
    expect(await refusal(scopeless)).toMatchObject({ attr: 'scope', code: 'required' })
  })

  it('take a reply without a scope into the thread of its parent', async () => {
    const { id } = await comment({ content: 'Root', item_id: 'n2', item_context: { anchor: 'x' } })
    const reply = (source: string, body: object = {}): Promise<Answer> =>
      send('POST P/comments/', { body: { content: 'Reply', source_comment: source, ...body } })
    const thread = { source_comment: id, scope: 'Notebook', item_id: 'n2', item_context: { anchor: 'x' } }
    const first = await reply(id)
    expect(first).toMatchObject(thread)
    expect(await reply(String(first.id), { scope: 'Insight', item_id: '7' })).toMatchObject(thread)
    expect(await refusal(reply(id, { is_task: true }))).toMatchObject({
      attr: 'is_task',
      detail: 'Replies cannot be tasks.',
    })
  })
})

describe('notebooks', () => {
  it('are requested by short ID, and reject an edit of an old version', async () => {
    const made = await send('POST P/notebooks/', { body: { title: 'Plan', content: { type: 'doc' } } })
    const path = { short_id: made.short_id }
    expect(made).toMatchObject({ title: 'Plan', version: 0 })
    const save = (version: number): Promise<Answer> =>
      send('PATCH P/notebooks/{short_id}/', { path, body: { content: { type: 'doc', version }, version } })
    expect(await save(0)).toMatchObject({ version: 1 })
    expect(await refusal(save(0))).toMatchObject({ status: 409, code: 'conflict' })
    expect(await send('GET P/notebooks/{short_id}/', { path })).toMatchObject({ content: { version: 0 } })
    const list = await send('GET P/notebooks/', { query: { search: 'plan' } })
    expect(list.results[0]).not.toHaveProperty('content')
    const activity = await send('GET P/notebooks/{short_id}/activity/', { path })
    expect(activity).toMatchObject({
      total_count: 2,
      results: [{ activity: 'updated' }, { activity: 'created' }],
    })
    expect((await send('GET P/notebooks/activity/')).total_count).toBe(2)
    expect(await refusal(send('DELETE P/notebooks/{short_id}/', { path }))).toMatchObject({ status: 405 })
    await send('PATCH P/notebooks/{short_id}/', { path, body: { deleted: true } })
    expect((await send('GET P/notebooks/')).count).toBe(0)
  })
})

describe('subscriptions', () => {
  it('show their next delivery and record deliveries', async () => {
    const { id: subject } = await insight()
    const body = {
      insight: subject,
      target_type: 'email',
      target_value: 'a@example.com,b@example.com',
      frequency: 'weekly',
      byweekday: ['monday', 'friday'],
      start_date: '2026-11-02T09:00:00Z',
    }
    const made = await send('POST P/subscriptions/', { body })
    const path = { id: made.id }
    expect(made).toMatchObject({
      resource_name: 'Sent',
      summary: 'sent every week on monday, friday',
      next_delivery_date: '2026-11-23T09:00:00.000Z',
    })
    await send('POST P/subscriptions/{id}/test-delivery/', { path })
    const deliveries = 'GET P/subscriptions/{subscription_id}/deliveries/'
    const { results } = await send(deliveries, { path: { subscription_id: made.id } })
    expect(results).toMatchObject([{ status: 'completed', subscription: made.id }])
    expect(results[0].recipient_results).toHaveLength(2)
    const one = await send(`${deliveries}{id}/`, { path: { subscription_id: made.id, id: results[0].id } })
    expect(one.id).toBe(results[0].id)
    const query = { insight: subject, resource_type: 'insight' }
    expect((await send('GET P/subscriptions/', { query })).count).toBe(1)
    expect(await send('GET P/subscriptions/{id}/', { path })).toMatchObject({ id: made.id })
    const daily = { path, body: { frequency: 'daily', byweekday: null } }
    expect((await send('PATCH P/subscriptions/{id}/', daily)).next_delivery_date).toBe(
      '2026-11-21T09:00:00.000Z',
    )
    expect(await refusal(send('DELETE P/subscriptions/{id}/', { path }))).toMatchObject({ status: 405 })
    const { insight: _, ...nothing } = body
    expect(await refusal(send('POST P/subscriptions/', { body: nothing }))).toMatchObject({ status: 400 })
  })
})

describe('integrations', () => {
  it('are stored until they are deleted', async () => {
    const body = { kind: 'github', config: { name: 'our-org' } }
    const made = await send('POST P/integrations/', { body })
    const path = { id: made.id }
    expect(made).toMatchObject({ kind: 'github', display_name: 'our-org' })
    expect((await send('GET P/integrations/')).count).toBe(1)
    expect(await send('GET P/integrations/{id}/', { path })).toMatchObject(body)
    await send('DELETE P/integrations/{id}/', { path })
    expect((await send('GET P/integrations/')).count).toBe(0)
    expect(await refusal(send('POST P/integrations/', { body: { kind: 'pigeon' } }))).toMatchObject({
      attr: 'kind',
    })
  })
})

describe('exports', () => {
  const create = (body: object): Promise<Answer> => send('POST P/exports/', { body })
  const content = async (id: number): Promise<string> =>
    (await callerOf(local)('GET', `/api/projects/1/exports/${id}/content/?download=true`)).text

  it('contain the rows of an insight', async () => {
    const { id: subject } = await insight(sql(`select 'a,b' as words, 7 as seven`))
    const csv = await create({ insight: subject, export_format: 'text/csv' })
    expect(csv).toMatchObject({ has_content: true, exception: null, filename: 'export-sent.csv' })
    expect(await content(csv.id)).toBe('words,seven\r\n"a,b",7')
    const json = await create({ insight: subject, export_format: 'application/json' })
    expect(JSON.parse(await content(json.id))).toEqual([['a,b', 7]])
    expect(await send('GET P/exports/{id}/', { path: { id: csv.id } })).toMatchObject({ has_content: true })
    expect((await send('GET P/exports/')).count).toBe(2)
    await send('GET P/exports/{id}/content/', { path: { id: json.id } })
  })

  it('record why they failed', async () => {
    const { id: subject } = await insight()
    const picture = await create({ insight: subject, export_format: 'image/png' })
    expect(picture).toMatchObject({ has_content: false, exception: expect.stringContaining('image/png') })
    const empty = send('GET P/exports/{id}/content/', { path: { id: picture.id } })
    expect(await refusal(empty)).toMatchObject({ status: 404 })
    expect(await refusal(create({ export_format: 'text/csv' }))).toMatchObject({ status: 400 })
    expect(await refusal(create({ insight: 999, export_format: 'text/csv' }))).toMatchObject({
      attr: 'insight',
    })
  })
})

describe('the activity log', () => {
  it('is paged, and filtered by scope', async () => {
    time += 1_000
    await send('POST P/annotations/', { body: { content: 'Last' } })
    const first = await send('GET P/activity_log/', { query: { page: 1, page_size: 2 } })
    expect(first.results[0]).toMatchObject({ scope: 'Annotation', activity: 'created', user: { id: 1 } })
    expect(first.results).toHaveLength(2)
    const next = await send('GET P/activity_log/', { query: { page: 2, page_size: 2 } })
    expect(next.previous).not.toContain('page=2')
    const some = await send('GET P/activity_log/', { query: { scopes: ['Notebook'] } })
    expect(new Set(some.results.map((entry: Answer) => entry.scope))).toEqual(new Set(['Notebook']))
    expect(await refusal(send('GET P/activity_log/', { query: { page: 99 } }))).toMatchObject({ status: 404 })
  })
})
