import { describe, expect, it } from 'vitest'
import { createClient } from '../../../src/index.ts'
import { startAccount } from './harness.ts'

describe('scopesUsed', () => {
  it('lists the scopes that a program needs, which a key with only them proves', async () => {
    await using account = await startAccount({
      events: 50,
      keys: [
        { value: 'phx_exact', kind: 'personal', scopes: ['annotation:write', 'cohort:read', 'query:read'] },
        { value: 'phx_nothing', kind: 'personal', scopes: [] },
      ],
    })
    const { local } = account
    const program = async (apiKey: string): Promise<void> => {
      const posthog = createClient({
        apiKey,
        projectId: 1,
        host: 'http://local.test',
        fetch: (url, init) => local.handle(new Request(url, init)),
        retry: false,
      })
      await posthog.annotations.list()
      await posthog.annotations.create({ content: 'deployed' })
      await posthog.cohorts.list()
      await posthog.hogql`select 1`
    }
    expect(local.scopesUsed()).toEqual([])
    await program(local.personalApiKey)
    expect(local.scopesUsed()).toEqual(['annotation:write', 'cohort:read', 'query:read'])
    await program('phx_exact')
    await expect(program('phx_nothing')).rejects.toMatchObject({ status: 403 })
    await local.reset()
    expect(local.scopesUsed()).toEqual(['annotation:write', 'cohort:read', 'query:read'])
  })

  it('counts a refused call, and ignores unknown keys and routes', async () => {
    await using account = await startAccount({
      events: 0,
      keys: [{ value: 'phx_nothing', kind: 'personal', scopes: [] }],
    })
    await account.call('GET', '/api/projects/1/surveys/', { key: 'phx_nothing' })
    await account.call('GET', '/api/projects/1/actions/', { key: 'phx_unknown' })
    await account.call('GET', '/api/projects/1/nowhere/')
    expect(account.local.scopesUsed()).toEqual(['survey:read'])
  })
})
