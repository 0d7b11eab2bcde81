import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cliCredentials } from '../../../src/node/cli-credentials.ts'
import { failure } from '../runtime/harness.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-credentials-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(content: unknown): ReturnType<typeof cliCredentials> {
  const path = join(folder, 'credentials.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return cliCredentials({ path })
}

describe('cliCredentials', () => {
  it('returns options of createClient', async () => {
    expect(await read({ host: 'https://eu.posthog.com', token: 'phx_a', env_id: '12' })).toEqual({
      apiKey: 'phx_a',
      projectId: '12',
      host: 'https://eu.posthog.com',
    })
  })

  it.each([null, undefined, ''])('defaults to US Cloud for the host %j', async (host) => {
    expect((await read({ host, token: 'phx_a', env_id: 12 }))?.host).toBe('https://us.posthog.com')
  })

  it('returns undefined without a login', async () => {
    expect(await cliCredentials({ path: join(folder, 'none.json') })).toBeUndefined()
    expect(await cliCredentials({ path: join(folder, 'credentials.json', 'below') })).toBeUndefined()
  })

  it.each([
    ['invalid JSON', 'phx_secret', 'not a JSON object'],
    ['a list', ['phx_secret'], 'not a JSON object'],
    ['a missing token', { env_id: '1' }, '`token`'],
    ['a missing project', { token: 'phx_secret' }, '`env_id`'],
    ['a project ID that is not a number', { token: 'phx_secret', env_id: 'mine' }, '`env_id`'],
    ['a host that is not a string', { token: 'phx_secret', env_id: '1', host: 7 }, '`host`'],
    ['a host that is not an HTTP URL', { token: 'phx_secret', env_id: '1', host: 'ftp://x' }, '`host`'],
  ])('rejects %s without showing the key', async (_, content, named) => {
    const error = await failure(read(content))
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(named) })
    expect(JSON.stringify(error) + error.message).not.toContain('secret')
  })

  it('rejects an unreadable file', async () => {
    expect((await failure(cliCredentials({ path: folder }))).message).toContain('EISDIR')
  })
})
