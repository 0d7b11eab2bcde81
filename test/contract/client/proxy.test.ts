import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalPostHog, type LocalServer, startLocalPostHog } from '../../../src/testing.ts'
import { type ForwardProxy, startForwardProxy } from './forward-proxy.ts'

// The programs of docs/jobs/proxy.md, each in a process of its own, through a proxy on 127.0.0.1.

const run = promisify(execFile)
const page = readFileSync('docs/jobs/proxy.md', 'utf8')
const [everywhere = '', oneClient = ''] = [...page.matchAll(/^```ts no-run\n([\s\S]*?)^```$/gm)].map(
  ([, code = '']) => code,
)
const list = `import { createClient } from 'typehog'
console.log((await createClient().cohorts.list()).items.length)`
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const readsProxyVariables = major >= 24 || (major === 22 && minor >= 21)

let local: LocalPostHog
let server: LocalServer

beforeAll(async () => {
  local = await startLocalPostHog({ seed: false })
  server = await local.listen()
})

afterAll(async () => local.close())

/** Runs a program with the package from `src`. Returns its output, or the error that ended it. */
async function output(program: string, env: Readonly<Record<string, string>>): Promise<string> {
  const code = program.replace("'typehog'", `'${pathToFileURL(resolve('src/index.ts'))}'`)
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code]
  const variables = {
    PATH: process.env['PATH'] ?? '',
    POSTHOG_HOST: server.url,
    POSTHOG_PERSONAL_API_KEY: local.personalApiKey,
    POSTHOG_PROJECT_ID: String(local.projectId),
    TYPEHOG_LOG: 'off',
  }
  const child = await run(process.execPath, args, { env: { ...variables, ...env } }).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ stdout: stdout + stderr }),
  )
  return child.stdout
}

/** The environment of a proxy. */
const through = ({ url }: Pick<ForwardProxy, 'url'>): Record<string, string> => ({ HTTP_PROXY: url })

describe('a client behind a proxy', () => {
  it('sends every request through it, with the agent of undici', async () => {
    await using proxy = await startForwardProxy()
    expect(await output(everywhere, through(proxy))).toBe('0\n')
    expect(proxy.requests).toHaveLength(1)
    expect(proxy.requests[0]?.[1]).toContain(new URL(server.url).host)
  })

  it('sends past it to hosts in NO_PROXY', async () => {
    await using proxy = await startForwardProxy()
    expect(await output(everywhere, { ...through(proxy), NO_PROXY: '127.0.0.1' })).toBe('0\n')
    expect(proxy.requests).toEqual([])
  })

  it('sends with an agent of its own, whose credentials go to the proxy alone', async () => {
    await using proxy = await startForwardProxy()
    const env = { POSTHOG_PROXY: proxy.url.replace('//', '//ada:secret@') }
    expect(await output(oneClient, env)).toBe('0\n')
    expect(proxy.requests).toEqual([
      ['CONNECT', new URL(server.url).host, `Basic ${Buffer.from('ada:secret').toString('base64')}`],
    ])
    expect(local.requests.at(-1)).toMatchObject({ status: 200 })
  })

  it('sends a form as a form', async () => {
    await using proxy = await startForwardProxy()
    const echo = createServer((message, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      void text(message).then((body) => response.end(JSON.stringify({ body })))
    })
    await new Promise<void>((listening) => echo.listen(0, '127.0.0.1', listening))
    const program = oneClient.replace(
      /console.log.*/,
      `const body = new FormData()
       body.append('name', 'ada')
       console.log((await posthog.post('/api/form/', { body })).body)`,
    )
    // A server that listens on a port has an address.
    const { port } = echo.address() as AddressInfo
    const env = { POSTHOG_PROXY: proxy.url, POSTHOG_HOST: `http://127.0.0.1:${port}` }
    expect(await output(program, env)).toMatch(/name="name"\s+ada\s/)
    expect(proxy.requests).toHaveLength(1)
    echo.closeAllConnections()
    echo.close()
  })

  it.runIf(readsProxyVariables)('sends through it with NODE_USE_ENV_PROXY alone', async () => {
    await using proxy = await startForwardProxy()
    expect(await output(list, { ...through(proxy), NODE_USE_ENV_PROXY: '1' })).toBe('0\n')
    expect(proxy.requests).toHaveLength(1)
  })

  it('fails with a ConnectionError when the proxy refuses or does not exist', async () => {
    await using proxy = await startForwardProxy(407)
    const refused = await output(oneClient, { POSTHOG_PROXY: proxy.url })
    expect(refused).toContain('ConnectionError')
    expect(refused).toContain('UND_ERR_ABORTED')
    expect(refused).toContain('407')
    const missing = await output(oneClient, { POSTHOG_PROXY: 'http://127.0.0.1:1' })
    expect(missing).toContain('ECONNREFUSED')
    expect(refused + missing).not.toContain(local.personalApiKey)
  })
})
