import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type LocalPostHog, startLocalPostHog } from '../../src/testing.ts'
import { environmentOf, startServer, toJavaScript } from './programs.ts'
import { useProject } from './project.ts'

/** Folders of programs, by whether this file tests them. The tests of runtimes cover Deno and Bun. */
const folders = {
  here: ['github-action', 'hono', 'next', 'slack-digest'],
  elsewhere: ['bun', 'deno', 'jobs', 'quickstart', 'supabase'],
}

const project = useProject()

/** Writes a program of `examples` as JavaScript. Returns its name in the project. */
const prepare = async (name: string): Promise<string> => {
  const program = `examples/${name}.mjs`
  await project().write(program, toJavaScript(readFileSync(`examples/${name}.ts`, 'utf8')))
  return program
}
const start = async (): Promise<{ local: LocalPostHog; env: Readonly<Record<string, string>> }> => {
  const local = await startLocalPostHog({ events: 2_000, throttle: false })
  return { local, env: environmentOf(local, (await local.listen()).url) }
}

describe('an example', () => {
  it('is in each folder, has a test and starts with a description', () => {
    const entries = readdirSync('examples', { withFileTypes: true })
    const found = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    expect(found.sort()).toEqual([...folders.here, ...folders.elsewhere].sort())
    const list = readFileSync('examples/README.md', 'utf8')
    for (const name of found) expect(list).toContain(`[\`${name}\`](${name}`)
    const programs = readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter((name) => {
      return /\.(?:ts|yml)$/.test(name) && !/^(?:jobs|quickstart)\b/.test(name)
    })
    expect(programs.length).toBeGreaterThanOrEqual(8)
    for (const name of programs) {
      expect(readFileSync(join('examples', name), 'utf8'), name).toMatch(/^(?:\/\/|#) [A-Z].{30}/)
    }
  })

  it('hono: serves typed rows and rejects a wrong query string', async () => {
    const { local, env } = await start()
    await using _ = local
    const program = [process.execPath, await prepare('hono/server')] as const
    await using server = await startServer(program, project().folder, { ...env, PORT: '0' })
    const rows = (await (await fetch(`${server.url}?days=90`)).json()) as unknown[]
    expect(rows).toHaveLength(6)
    expect(rows[0]).toEqual({ path: '/', views: expect.any(Number) })
    const rejected = await fetch(`${server.url}?days=many`)
    expect([rejected.status, await rejected.json()]).toEqual([400, { error: expect.stringMatching(/days/) }])
    local.faults.add({ status: 402, body: {}, path: '/query/' })
    const failed = await fetch(`${server.url}?days=80`)
    expect([failed.status, await failed.json()]).toEqual([502, { error: 'The numbers are not available.' }])
    expect(server.printed()).toContain('quota_exceeded')
  })

  it('next: the route returns rows', async () => {
    const { local, env } = await start()
    await using _ = local
    await prepare('next/app/api/top-pages/route')
    const runner = `import { GET } from './app/api/top-pages/route.mjs'
      const responses = []
      for (const query of ['', '?country=DE', "?country='"]) {
        const response = await GET(new Request('http://localhost/api/top-pages' + query))
        responses.push([response.status, await response.json()])
      }
      console.log(JSON.stringify(responses))`
    const [all, german, nowhere] = JSON.parse(await project().node('examples/next/run.mjs', runner, env))
    expect(all).toEqual([200, expect.arrayContaining([{ path: '/pricing', views: expect.any(Number) }])])
    expect(german[1][0].views).toBeLessThan(all[1][0].views)
    expect(nowhere).toEqual([200, []])
  })

  it('next: the route turns a rate limit into 503 with `Retry-After`', async () => {
    const { local, env } = await start()
    await using _ = local
    local.faults.add({ status: 429, headers: { 'retry-after': '3600' }, body: {}, path: '/query/' })
    await prepare('next/app/api/top-pages/route')
    const runner = `import { GET } from './app/api/top-pages/route.mjs'
      const response = await GET(new Request('http://localhost/api/top-pages'))
      console.log(response.status, response.headers.get('retry-after'))`
    expect(await project().node('examples/next/limit.mjs', runner, env)).toBe('503 3600\n')
  })

  it('github-action: the script of the workflow marks the deployment', async () => {
    const { local, env } = await start()
    await using _ = local
    const workflow = parse(readFileSync('examples/github-action/deploy.yml', 'utf8'))
    const step = workflow.jobs.deploy.steps.find((each: { run?: string }) =>
      /mark-deploy/.test(each.run ?? ''),
    )
    expect(step).toMatchObject({ run: 'node mark-deploy.ts', 'continue-on-error': true })
    expect(Object.keys(step.env)).toEqual(['POSTHOG_PERSONAL_API_KEY', 'POSTHOG_PROJECT_ID'])
    const github = {
      GITHUB_SHA: '0123456789abcdef',
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_SERVER_URL: 'https://github.com',
    }
    const script = `await import('./github-action/mark-deploy.mjs')`
    await prepare('github-action/mark-deploy')
    const run = (more: Readonly<Record<string, string>>): Promise<string> =>
      project().node('examples/mark.mjs', script, { ...github, ...more })
    expect(await run(env)).toMatch(/^Marked 0123456 by annotation \d+\.\n$/)
    expect(local.requests.map(({ method, body }) => [method, body])).toEqual([
      ['POST', expect.objectContaining({ scope: 'project' })],
    ])
    const content = 'Deployed 0123456: https://github.com/acme/shop/commit/0123456789abcdef'
    expect(local.requests[0]?.body).toMatchObject({ content })
    expect(await run({ POSTHOG_PERSONAL_API_KEY: '' })).toBe('No key: nothing was marked.\n')
  })

  it('slack-digest: posts figures that compare two weeks', async () => {
    const { local, env } = await start()
    await using _ = local
    const posted: string[] = []
    const slack = createServer(async (request, response) => {
      request.setEncoding('utf8')
      posted.push((await request.toArray()).join(''))
      response.end('ok')
    })
    await new Promise<void>((listening) => slack.listen(0, '127.0.0.1', listening))
    const { port } = slack.address() as AddressInfo
    try {
      await prepare('slack-digest/digest')
      const printed = await project().node(
        'examples/digest.mjs',
        `await import('./slack-digest/digest.mjs')`,
        {
          ...env,
          SLACK_WEBHOOK_URL: `http://127.0.0.1:${port}/services/T0/B0/x`,
        },
      )
      expect(printed).toBe('The digest was sent.\n')
    } finally {
      slack.close()
    }
    const [{ text }] = posted.map((body) => JSON.parse(body)) as [{ text: string }]
    expect(text.split('\n')).toEqual([
      'Last week:',
      expect.stringMatching(/^• People: \*[1-9]\d*\* \([+-]\d+ %\)$/),
      expect.stringMatching(/^• Sign-ups: \*\d+\*/),
      expect.stringMatching(/^• Revenue, USD: \*[\d,.]+\*/),
    ])
  })
})
