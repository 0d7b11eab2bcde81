import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalPostHog, startLocalPostHog } from '../../../../src/testing.ts'
import { callerOf } from '../harness.ts'

const READER = 'phx_reader'

let local: LocalPostHog
let call: ReturnType<typeof callerOf>

beforeAll(async () => {
  local = await startLocalPostHog({
    events: 20,
    throttle: false,
    keys: [{ value: READER, kind: 'personal', scopes: ['annotation:read', 'dashboard:write'] }],
  })
  call = callerOf(local)
})
afterAll(() => local.close())

const ANNOTATIONS = '/api/projects/1/annotations/'

describe('every resource', () => {
  it('requires its scope', async () => {
    expect((await call('GET', ANNOTATIONS, { key: READER })).status).toBe(200)
    expect(await call('POST', ANNOTATIONS, { key: READER, body: { content: 'x' } })).toMatchObject({
      status: 403,
      body: { detail: "API key missing required scope 'annotation:write'" },
    })
    const dashboard = await call('POST', '/api/projects/1/dashboards/', { key: READER, body: {} })
    const run = `/api/projects/1/dashboards/${String(dashboard.body['id'])}/run_insights/`
    expect((await call('GET', run, { key: READER })).body['detail']).toContain("'query:read'")
    expect((await call('GET', '/api/projects/9/annotations/')).body['detail']).toBe('Project not found.')
  })

  it('names the first invalid field of a body', async () => {
    const mistake = async (path: string, body: unknown): Promise<unknown> => {
      const answer = await call('POST', path, { body })
      expect(answer.status).toBe(400)
      const { attr, code, detail } = answer.body
      return [attr, code, detail]
    }
    const flags = '/api/projects/1/experiments/'
    expect(await mistake(flags, { name: null })).toEqual(['name', 'null', 'This field may not be null.'])
    expect(await mistake(flags, { name: ' ' })).toEqual(['name', 'blank', 'This field may not be blank.'])
    expect(await mistake(flags, { name: {} })).toEqual(['name', 'invalid_input', 'Not a valid string.'])
    expect(await mistake(flags, { name: 'x'.repeat(401) })).toEqual([
      'name',
      'max_length',
      'Ensure this field has no more than 400 characters.',
    ])
    expect(await mistake(ANNOTATIONS, { deleted: 'yes' })).toEqual([
      'deleted',
      'invalid_input',
      'Must be a valid boolean.',
    ])
    expect(await mistake(ANNOTATIONS, { dashboard_item: 'one' })).toEqual([
      'dashboard_item',
      'invalid_input',
      'A valid integer is required.',
    ])
    expect(await mistake('/api/projects/1/actions/', { steps: {} })).toEqual([
      'steps',
      'not_a_list',
      'Expected a list of items but got type "dict".',
    ])
    expect(await mistake(ANNOTATIONS, [])).toEqual([
      null,
      'invalid_input',
      'Invalid data. Expected a dictionary, but got list.',
    ])
    expect((await mistake(ANNOTATIONS, { date_marker: 'soon' })) as string[]).toContain('date_marker')
  })

  it('ignores fields that clients cannot write', async () => {
    const body = { content: 'x', id: 77, created_by: 'me', nonsense: true }
    const made = await call('POST', ANNOTATIONS, { body })
    expect(made.body).toMatchObject({ content: 'x', created_by: { email: 'local@example.com' } })
    expect(made.body['id']).not.toBe(77)
    expect(made.body).not.toHaveProperty('nonsense')
  })

  it('counts integer ids up from 1 and never reuses one', async () => {
    const ids: unknown[] = []
    for (const name of ['a', 'b']) {
      const { body } = await call('POST', '/api/projects/1/integrations/', {
        body: { kind: 'slack', config: { name } },
      })
      ids.push(body['id'])
      await call('DELETE', `/api/projects/1/integrations/${String(body['id'])}/`)
    }
    expect(ids).toEqual([1, 2])
  })

  it('lists pages with absolute links', async () => {
    for (const content of ['1', '2', '3']) await call('POST', ANNOTATIONS, { body: { content } })
    const { body } = await call('GET', `${ANNOTATIONS}?limit=2&search=`)
    expect(body['next']).toBe(`http://local.test${ANNOTATIONS}?limit=2&search=&offset=2`)
    expect(body['previous']).toBeNull()
    expect(body['results']).toMatchObject([{ content: '3' }, { content: '2' }])
  })

  it('accepts PATCH, and PUT with all required fields', async () => {
    const { body } = await call('POST', '/api/projects/1/early_access_feature/', {
      body: { name: 'Feature', stage: 'beta', description: 'Words' },
    })
    const one = `/api/projects/1/early_access_feature/${String(body['id'])}/`
    expect((await call('PATCH', one, { body: { stage: 'alpha' } })).body['description']).toBe('Words')
    expect((await call('PUT', one, { body: { stage: 'alpha' } })).body).toMatchObject({ attr: 'name' })
    const whole = await call('PUT', one, { body: { name: 'Other', stage: 'alpha' } })
    expect(whole.body).toMatchObject({ name: 'Other', description: 'Words' })
  })
})
