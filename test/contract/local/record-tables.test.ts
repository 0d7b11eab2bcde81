import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EMPTY_TABLES } from '../../../src/hogql/schema/empty-tables.ts'
import { findTable, tableNames } from '../../../src/hogql/schema/find-table.ts'
import type { Table } from '../../../src/hogql/schema/table.ts'
import { createClock } from '../../../src/local/clock.ts'
import { createApiHandler } from '../../../src/local/http/api-handler.ts'
import { createScopeLog } from '../../../src/local/http/scope-log.ts'
import { openProjects, type ProjectStates } from '../../../src/local/project-states.ts'
import { readRecords } from '../../../src/local/queries/record-tables.ts'
import { addGroup } from '../../../src/local/resources/groups/groups.ts'
import { apiRoutes } from '../../../src/local/routes.ts'
import type { ServerState } from '../../../src/local/server-state.ts'
import { type Answer, hogql, NOW } from './harness.ts'

const KEY = 'phx_records'
const ISSUE = '018d2a6e-0000-7000-8000-000000000101'
const SESSION = 'a session'

let states: ProjectStates
let state: ServerState
let call: (method: string, path: string, body: object) => Promise<Answer>

const recordsTables = tableNames()
  .map((name) => findTable(name))
  .filter((table): table is Table => table?.source.kind === 'records')

/** Records that the local PostHog never has. */
const ALWAYS_EMPTY = [
  'person_distinct_id_overrides',
  'raw_person_distinct_id_overrides',
  ...EMPTY_TABLES.map(({ name }) => name),
]

const PROPERTY = { key: 'plan', value: 'is_set', operator: 'is_set', type: 'person' }
const QUERY = { kind: 'HogQLQuery', query: 'select 1 as one' }

beforeAll(async () => {
  const setting = { events: 1_000, now: () => new Date(NOW), throttle: false } as const
  const keys = [{ value: KEY, kind: 'personal', scopes: ['*'] }] as const
  states = await openProjects(setting, keys, createClock(setting.now))
  state = states.current
  const handle = createApiHandler(states, apiRoutes, [], createScopeLog())
  call = async (method, path, body) => {
    const request = new Request(`http://local.test/api/projects/1/${path}`, {
      method,
      headers: { Authorization: `Bearer ${KEY}` },
      body: JSON.stringify(body),
    })
    const response = await handle(request)
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return response.json()
  }
  await createContent()
})

afterAll(() => states.close())

async function createContent(): Promise<void> {
  const post = (path: string, body: object): Promise<Answer> => call('POST', `${path}/`, body)
  addGroup(state, 0, 'acme', { plan: 'pro' })
  const { rows } = await state.engine.query(
    `SELECT toString(id) FROM ${state.engine.database}.persons LIMIT 2`,
    {},
  )
  const ids = rows.map(([id]) => id)
  await post('cohorts', { name: 'Some', is_static: true, _create_static_person_ids: ids })
  const properties = { type: 'AND', values: [{ type: 'AND', values: [{ ...PROPERTY, key: 'email' }] }] }
  await post('cohorts', { name: 'All', filters: { properties } })
  await post('actions', { name: 'Sign up', steps: [{ event: '$pageview', url: '/welcome' }] })
  const dashboard = await post('dashboards', { name: 'Overview' })
  const insight = await post('insights', { name: 'One', query: QUERY, dashboards: [dashboard.id] })
  await post('alerts', { insight: insight.id, name: 'Low', subscribed_users: [1], threshold: null })
  await post('annotations', { content: 'Released', dashboard_item: insight.id })
  await post('insight_variables', { name: 'Country', type: 'String', default_value: 'CH' })
  await post('exports', { insight: insight.id, export_format: 'application/json' })
  await post('notebooks', { title: 'Ideas', content: { type: 'doc' } })
  await post('early_access_feature', { name: 'Beta', stage: 'beta' })
  await post('experiments', { name: 'Test', feature_flag_key: 'test' })
  await post('surveys', { name: 'NPS', type: 'popover', questions: [{ type: 'open', question: 'Why?' }] })
  await post('hog_functions', { name: 'Webhook', hog: 'return 1' })
  await post('integrations', { kind: 'slack', config: {} })
  await post('endpoints', { name: 'one', query: QUERY })
  await post('endpoints/one/run', {})
  await post('query', { query: hogql('select 1') })
  await post('query', { query: hogql('select wrong from events') }).catch(() => {})
  const destination = { type: 'S3', config: {} }
  const batchExport = await post('batch_exports', { name: 'To S3', interval: 'day', destination })
  const backfill = { start_at: '2026-11-18T00:00:00Z', end_at: '2026-11-19T00:00:00Z' }
  await post(`batch_exports/${batchExport.id}/backfills`, backfill)
  await call('PATCH', `error_tracking/issues/${ISSUE}/assign/`, { assignee: { id: 1, type: 'user' } })
}

function columnsOf({ fields }: Table): string[] {
  return Object.keys(fields).filter((name) => fields[name]?.kind === 'column')
}

describe('records', () => {
  it.each(recordsTables)('of $name have exactly its columns', async (table) => {
    if (table.source.kind !== 'records') throw new Error('Expected a table of records.')
    const rows = await readRecords(state, 1, table.source.name)
    const expected = columnsOf(table).sort()
    for (const row of rows) expect(Object.keys(row).sort()).toEqual(expected)
    expect(rows.length > 0).toBe(!ALWAYS_EMPTY.includes(table.name))
  })

  it('have values of their types', async () => {
    for (const table of recordsTables) {
      if (table.source.kind !== 'records') continue
      for (const row of await readRecords(state, 1, table.source.name)) {
        for (const [name, value] of Object.entries(row)) {
          expect([`${table.name}.${name}`, isOfType(table.fields[name], value)]).toEqual([
            `${table.name}.${name}`,
            true,
          ])
        }
      }
    }
  })

  it('have the project of the query, and flags of their own in each project', async () => {
    const cohorts = await readRecords(state, 7, 'system.cohorts')
    expect(cohorts.map(({ team_id }) => team_id)).toEqual([7, 7])
    expect(await readRecords(state, 7, 'system.feature_flags')).toEqual([])
  })

  it('of cohorts count their members', async () => {
    const cohorts = await readRecords(state, 1, 'system.cohorts')
    expect(cohorts).toMatchObject([
      { name: 'Some', _is_static: true, count: 2, last_calculation: NOW },
      { name: 'All', _is_static: false, count: (await readRecords(state, 1, 'cohort_people')).length },
    ])
    expect(await readRecords(state, 1, 'static_cohort_people')).toHaveLength(2)
  })

  it('of errors have the current assignee and issue', async () => {
    const states = await readRecords(state, 1, 'error_tracking_fingerprint_issue_state')
    expect(states[0]).toMatchObject({
      fingerprint: 'TypeError:1',
      issue_id: ISSUE,
      issue_status: 'active',
      assigned_user_id: 1,
      assigned_role_id: null,
    })
    expect(await readRecords(state, 1, 'system.error_tracking_issue_assignments')).toEqual([
      { id: ISSUE, team_id: 1, issue_id: ISSUE, user_id: 1, role_id: null },
    ])
  })

  it('of recordings list every url of a session', async () => {
    const url = (path: string): string => JSON.stringify({ $current_url: `https://example.com/${path}` })
    const event = (path: string, second: number): string =>
      JSON.stringify({
        uuid: `018d2a6e-0000-7000-9000-00000000000${second}`,
        event: '$pageview',
        distinct_id: 'visitor',
        timestamp: `2026-11-19 10:00:0${second}`,
        properties: url(path),
        $session_id: SESSION,
        person_properties: '{}',
      })
    await state.engine.insert('events', [event('b', 1), event('a', 2), event('a', 3)].join('\n'))
    const recordings = await readRecords(state, 1, 'session_replay_events')
    expect(recordings.find(({ session_id }) => session_id === SESSION)).toMatchObject({
      first_url: 'https://example.com/b',
      all_urls: ['https://example.com/a', 'https://example.com/b'],
      active_milliseconds: 2_000,
      start_time: '2026-11-19T10:00:01.000Z',
    })
  })

  it('of queries tell failures apart', async () => {
    const statuses = (await readRecords(state, 1, 'query_log')).map(({ status }) => status)
    expect(statuses).toEqual(['QueryFinish', 'ExceptionWhileProcessing'])
  })

  it('that are unknown cannot be read', async () => {
    await expect(readRecords(state, 1, 'system.unknown')).rejects.toThrow(
      'The local PostHog has no records system.unknown.',
    )
  })
})

function isOfType(field: Table['fields'][string] | undefined, value: unknown): boolean {
  if (field?.kind !== 'column') return false
  if (value === null) return field.nullable === true
  switch (field.type) {
    case 'Integer':
      return Number.isInteger(value)
    case 'Float':
    case 'Decimal':
      return Number.isFinite(value)
    case 'Boolean':
      return typeof value === 'boolean'
    case 'Date':
      return /^\d{4}-\d\d-\d\d$/.test(String(value))
    case 'DateTime':
      return /^\d{4}-\d\d-\d\dT.*Z$/.test(String(value))
    case 'UUID':
      return /^[0-9a-f-]{36}$/.test(String(value))
    case 'Json':
      return JSON.parse(String(value)) !== undefined
    case 'Array(String)':
      return Array.isArray(value)
    default:
      return typeof value === 'string'
  }
}
