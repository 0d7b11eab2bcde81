import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, ORGANIZATION, startAccount } from './harness.ts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 200, projects: [2] })
})
afterAll(() => account.local.close())

const countOf = async (project: number, table = 'events'): Promise<unknown> => {
  const { body } = await account.call('POST', `/api/projects/${project}/query/`, {
    body: { query: { kind: 'HogQLQuery', query: `select count() from ${table}` } },
  })
  return body['results']
}

const theirEndpoint = { name: 'theirs', kind: 'HogQLQuery', materialized: false, columns: [] }

const created = (): Promise<{ id: number; api_token: string }> =>
  account
    .call('POST', `/api/organizations/${ORGANIZATION}/projects/`, { body: { name: 'Staging' } })
    .then(({ body }) => body as unknown as { id: number; api_token: string })

describe('projects of the options', () => {
  it('have sample data of their own', async () => {
    const firstEvent = async (project: number): Promise<unknown> => {
      const { body } = await account.call('POST', `/api/projects/${project}/query/`, {
        body: { query: { kind: 'HogQLQuery', query: 'select uuid from events order by timestamp limit 1' } },
      })
      return body['results']
    }
    expect([await countOf(1), await countOf(2)]).toEqual([[[200]], [[200]]])
    expect(await firstEvent(1)).not.toEqual(await firstEvent(2))
  })
})

describe('a project created by the API', () => {
  it('starts empty, and has records, endpoints and a token of its own', async () => {
    const project = await created()
    expect([await countOf(project.id), await countOf(project.id, 'persons')]).toEqual([[[0]], [[0]]])
    await account.call('POST', `/api/projects/${project.id}/annotations/`, { body: { content: 'Theirs' } })
    await account.call('POST', `/api/projects/${project.id}/endpoints/`, {
      body: { name: 'theirs', query: { kind: 'HogQLQuery', query: 'select count() as n from events' } },
    })
    const issues = await account.call('GET', `/api/projects/${project.id}/warehouse_tables/`)
    expect(issues.body).toMatchObject({ count: 0 })
    expect((await account.posthog.annotations.list()).items).toEqual([])
    await expect(account.posthog.endpoints.get('theirs')).rejects.toMatchObject({ status: 404 })

    await account.send('/capture/', { api_key: project.api_token, event: 'opened', distinct_id: 'ada' })
    const theirs = account.posthog.project(project.id)
    expect((await theirs.endpoints.run(theirEndpoint)).rows).toEqual([{ n: 1 }])
    expect((await theirs.annotations.list()).items).toMatchObject([{ content: 'Theirs' }])
    expect(await countOf(1)).toEqual([[200]])
  })

  it('is in the lists of projects, and gone when it is deleted', async () => {
    const { id } = await created()
    const { body } = await account.call('GET', '/api/projects/')
    expect(body['results']).toContainEqual(expect.objectContaining({ id, name: 'Staging' }))
    const user = await account.call('GET', '/api/users/@me/')
    expect(user.body).toMatchObject({
      organization: { projects: expect.arrayContaining([expect.objectContaining({ id })]) },
    })
    await account.call('DELETE', `/api/organizations/${ORGANIZATION}/projects/${id}/`)
    expect((await account.call('GET', `/api/projects/${id}/annotations/`)).status).toBe(404)
  })

  it('belongs to the organization that it was created in', async () => {
    const organization = await account.call('POST', '/api/organizations/', { body: { name: 'Second' } })
    const made = await account.call('POST', `/api/organizations/${organization.body['id']}/projects/`, {
      body: { name: 'Elsewhere' },
    })
    const read = await account.call('GET', `/api/projects/${made.body['id']}/`)
    expect(read.body).toMatchObject({ name: 'Elsewhere', organization: organization.body['id'] })
  })
})
