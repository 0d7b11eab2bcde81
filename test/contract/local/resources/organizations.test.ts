import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocalPostHog } from '../../../../src/testing.ts'
import { type Answer, callerOf, ORGANIZATION, refusal, type Send, startSender } from '../harness.ts'

const RESTRICTED = 'phx_restricted'
const ME = '018d2a6e-0000-7000-8000-000000000001'

let local: LocalPostHog
let send: Send

beforeAll(async () => {
  const keys = [{ value: RESTRICTED, kind: 'personal', scopes: ['*'], projectIds: [1] }] as const
  ;({ local, send } = await startSender({ keys }))
})
afterAll(() => local.close())

describe('organizations', () => {
  it('are listed with the organization of the user', async () => {
    const one = await send('GET /api/organizations/{id}/', { path: { id: ORGANIZATION } })
    expect(one).toMatchObject({ membership_level: 15, member_count: 2, projects: [{ id: 1 }] })
    const current = await send('GET /api/organizations/{id}/', { path: { id: '@current' } })
    expect(current.id).toBe(ORGANIZATION)
    const made = await send('POST /api/organizations/', { body: { name: 'Second' } })
    expect(made).toMatchObject({ name: 'Second', member_count: 1, projects: [] })
    expect((await send('GET /api/organizations/')).count).toBe(2)
    const path = { id: made.id }
    const change = { path, body: { enforce_2fa: true } }
    expect(await send('PATCH /api/organizations/{id}/', change)).toMatchObject({ enforce_2fa: true })
    await send('DELETE /api/organizations/{id}/', { path })
    expect(await refusal(send('GET /api/organizations/{id}/', { path }))).toMatchObject({ status: 404 })
    const first = send('DELETE /api/organizations/{id}/', { path: { id: ORGANIZATION } })
    expect(await refusal(first)).toMatchObject({ status: 409 })
  })

  it('reject keys that are restricted to projects', async () => {
    const answer = await callerOf(local)('GET', `/api/organizations/${ORGANIZATION}/members/`, {
      key: RESTRICTED,
    })
    expect(answer).toMatchObject({
      status: 403,
      body: { detail: 'API keys with scoped projects are only supported on project-based endpoints.' },
    })
  })

  it('respond 404 for an unknown id', async () => {
    const answer = await callerOf(local)('GET', '/api/organizations/none/members/')
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Organization not found.' } })
    expect((await callerOf(local)('GET', '/api/organizations/@current/members/')).status).toBe(200)
  })
})

describe('projects', () => {
  it('are created, changed, logged and deleted', async () => {
    const made = await send('POST O/projects/', { body: { name: 'Other', timezone: 'Europe/Berlin' } })
    expect(made).toMatchObject({ name: 'Other', timezone: 'Europe/Berlin', organization: ORGANIZATION })
    const path = { id: made.id }
    const change = { path, body: { app_urls: ['https://example.com'] } }
    expect(await send('PATCH O/projects/{id}/', change)).toMatchObject(change.body)
    expect(await send('GET O/projects/{id}/', { path })).toMatchObject(change.body)
    const { results } = await send('GET O/projects/')
    expect(results.map((one: Answer) => one.name)).toEqual(['Local project', 'Other'])
    expect(results[0]).not.toHaveProperty('app_urls')
    const activity = await send('GET O/projects/{id}/activity/', { path })
    expect(activity.results.map((entry: Answer) => entry.activity)).toEqual(['updated', 'created'])
    await send('DELETE O/projects/{id}/', { path })
    expect(await refusal(send('GET O/projects/{id}/', { path }))).toMatchObject({ status: 404 })
    const own = send('DELETE O/projects/{id}/', { path: { id: 1 } })
    expect(await refusal(own)).toMatchObject({ status: 409, code: 'conflict' })
  })

  it('reset and rotate tokens', async () => {
    const path = { id: 1 }
    const before = await send('GET O/projects/{id}/', { path })
    const { api_token } = await send('PATCH O/projects/{id}/reset_token/', { path })
    expect(api_token).toMatch(/^phc_\w{43}$/)
    expect(api_token).not.toBe(before.api_token)
    const shown = await callerOf(local)('GET', '/api/projects/1/')
    expect(shown.body).toMatchObject({ api_token, name: before.name })
    const first = await send('PATCH O/projects/{id}/rotate_secret_token/', { path })
    const second = await send('PATCH O/projects/{id}/rotate_secret_token/', { path })
    expect(second.secret_api_token_backup).toBe(first.secret_api_token)
    const after = await send('PATCH O/projects/{id}/delete_secret_token_backup/', { path })
    expect(after).toMatchObject({ secret_api_token: second.secret_api_token, secret_api_token_backup: null })
  })
})

describe('members and invites', () => {
  const lastNames = async (query: object): Promise<string[]> => {
    const { results } = await send('GET O/members/', { query: { ...query } })
    return results.map((member: Answer) => member.user.last_name)
  }

  it.each([
    [{ search: 'colleag' }, ['Colleague']],
    [{ search: 'LOCAL@example' }, ['User']],
    [{ search: 'coleague' }, ['Colleague']],
    [{ search: 'zzz' }, []],
    [{ levels: '15' }, ['User']],
    [{ levels: '1,8' }, ['Colleague']],
    [{ email_domain: 'Example.com', order: 'joined_at' }, ['User', 'Colleague']],
    [{ email_domain: 'ample.com' }, []],
  ])('are filtered by %o', async (query, expected) => {
    expect((await lastNames(query)).sort()).toEqual([...expected].sort())
  })

  it('are not searched by long texts, and not filtered by verified domains', async () => {
    expect(await refusal(lastNames({ search: 'x'.repeat(201) }))).toMatchObject({
      attr: 'search',
      detail: 'Search query must be 200 characters or fewer.',
    })
    const outside = lastNames({ outside_verified_domains: true })
    expect(await refusal(outside)).toMatchObject({ status: 400, attr: 'outside_verified_domains' })
  })

  it('are listed, changed and removed, except the caller', async () => {
    const { results } = await send('GET O/members/')
    expect(results).toHaveLength(2)
    const other = results.find((member: Answer) => member.user.uuid !== ME)
    const path = { user__uuid: other.user.uuid }
    expect(await send('PATCH O/members/{user__uuid}/', { path, body: { level: 8 } })).toMatchObject({
      level: 8,
    })
    const self = { path: { user__uuid: ME }, body: { level: 1 } }
    expect(await refusal(send('PATCH O/members/{user__uuid}/', self))).toMatchObject({ status: 403 })
    const leave = send('DELETE O/members/{user__uuid}/', { path: { user__uuid: ME } })
    expect(await refusal(leave)).toMatchObject({ status: 403 })
    await send('DELETE O/members/{user__uuid}/', { path })
    expect((await send('GET O/members/')).count).toBe(1)
  })

  it('are invited one by one or in bulk', async () => {
    const invite = await send('POST O/invites/', { body: { target_email: 'New@Example.com', level: 8 } })
    expect(invite).toMatchObject({ target_email: 'new@example.com', level: 8, is_expired: false })
    const body = [{ target_email: 'a@example.com' }, { target_email: 'b@example.com' }]
    expect(await send('POST O/invites/bulk/', { body })).toHaveLength(2)
    const half = [{ target_email: 'c@example.com' }, { target_email: 'nobody' }]
    expect(await refusal(send('POST O/invites/bulk/', { body: half }))).toMatchObject({ status: 400 })
    expect((await send('GET O/invites/')).count).toBe(3)
    await send('DELETE O/invites/{id}/', { path: { id: invite.id } })
    expect((await send('GET O/invites/')).count).toBe(2)
    const known = send('POST O/invites/', { body: { target_email: 'local@example.com' } })
    expect(await refusal(known)).toMatchObject({ status: 400 })
    const wrong = send('POST O/invites/', { body: { target_email: 'nobody' } })
    expect(await refusal(wrong)).toMatchObject({ attr: 'target_email' })
    expect(await refusal(send('POST O/invites/', { body: {} }))).toMatchObject({ code: 'required' })
  })
})

describe('roles', () => {
  it('are assigned to members', async () => {
    const role = await send('POST O/roles/', { body: { name: 'Engineering' } })
    const path = { role_id: role.id }
    const given = await send('POST O/roles/{role_id}/role_memberships/', { path, body: { user_uuid: ME } })
    expect(given).toMatchObject({ role_id: role.id, user: { uuid: ME }, organization_member: { level: 15 } })
    const again = send('POST O/roles/{role_id}/role_memberships/', { path, body: { user_uuid: ME } })
    expect(await refusal(again)).toMatchObject({ status: 400, attr: 'user_uuid' })
    const stranger = send('POST O/roles/{role_id}/role_memberships/', { path, body: { user_uuid: 'x' } })
    expect(await refusal(stranger)).toMatchObject({ status: 400, attr: 'user_uuid' })
    expect((await send('GET O/roles/{role_id}/role_memberships/', { path })).count).toBe(1)
    const one = await send('GET O/roles/{id}/', { path: { id: role.id } })
    expect(one.members).toMatchObject([{ user: { uuid: ME } }])
    const assignee = { type: 'role', id: role.id }
    const issue = (await send('GET P/error_tracking/issues/')).results[0]
    await send('PATCH P/error_tracking/issues/{id}/assign/', { path: { id: issue.id }, body: { assignee } })
    await send('DELETE O/roles/{role_id}/role_memberships/{id}/', { path: { ...path, id: given.id } })
    expect((await send('GET O/roles/{role_id}/role_memberships/', { path })).count).toBe(0)
  })

  it('have unique names', async () => {
    const { id } = await send('POST O/roles/', { body: { name: 'Sales' } })
    const same = send('POST O/roles/', { body: { name: 'Sales' } })
    expect(await refusal(same)).toMatchObject({ status: 400, attr: 'name' })
    const path = { id }
    expect(await send('PATCH O/roles/{id}/', { path, body: { name: 'Support' } })).toMatchObject({
      name: 'Support',
    })
    expect((await send('GET O/roles/')).results[0].name).toBe('Support')
    await send('DELETE O/roles/{id}/', { path })
    expect(await refusal(send('GET O/roles/{id}/', { path }))).toMatchObject({ status: 404 })
  })
})
