import { describe, expect, it } from 'vitest'
import { useProject } from './project.ts'

const entries = [
  ['typehog', ['createClient', 'APIError', 'isPostHogError']],
  ['typehog/api', ['listCohorts', 'runEndpoint']],
  ['typehog/formats', ['parquet', 'arrow']],
  ['typehog/node', ['cliCredentials']],
  ['typehog/projects', ['compareProjects', 'copyProject']],
  ['typehog/redis', ['redisLimits']],
  ['typehog/testing', ['startLocalPostHog', 'faults', 'cloudFetch']],
  ['typehog/zod', ['zCohort']],
] as const

const defined = (names: readonly string[]): string =>
  `console.log(JSON.stringify(${JSON.stringify(names)}.map((name) => typeof entry[name])))`

const project = useProject()

describe('importing', () => {
  it.each(entries)('%s works in ES modules', async (entry, names) => {
    const printed = await project().node('a.mjs', `import * as entry from '${entry}'\n${defined(names)}`)
    expect(JSON.parse(printed)).not.toContain('undefined')
  })

  it.each(entries)('%s works in CommonJS', async (entry, names) => {
    const printed = await project().node('a.cjs', `const entry = require('${entry}')\n${defined(names)}`)
    expect(JSON.parse(printed)).not.toContain('undefined')
  })

  it('rejects a path that is not exported', async () => {
    await expect(project().node('b.mjs', `import 'typehog/dist/index.js'`)).rejects.toThrow(
      /ERR_PACKAGE_PATH_NOT_EXPORTED/,
    )
  })

  it.each(['typehog', 'typehog/api', 'typehog/formats', 'typehog/projects', 'typehog/redis', 'typehog/node'])(
    '%s reads no environment and leaves nothing running',
    async (entry) => {
      await project().write('empty.mjs', 'export {}')
      const printed = await project().node(
        'c.mjs',
        `let reads = []
      const watched = new Proxy({ POSTHOG_PERSONAL_API_KEY: 'phc_wrong' }, {
        get: (_, name) => void reads.push(String(name)),
        has: (_, name) => (reads.push(String(name)), false),
        ownKeys: () => (reads.push('all'), []),
      })
      Object.defineProperty(process, 'env', { get: () => watched })
      // Node's loader reads these variables for any module.
      await import('./empty.mjs')
      const loader = new Set(reads)
      reads = []
      const before = process.getActiveResourcesInfo().length
      await import('${entry}')
      const after = process.getActiveResourcesInfo().length
      console.log(JSON.stringify({ reads: reads.filter((name) => !loader.has(name)), more: after - before }))`,
      )
      expect(JSON.parse(printed)).toEqual({ reads: [], more: 0 })
    },
  )

  it('the entry reads the environment when it creates a client', async () => {
    const printed = await project().node(
      'd.mjs',
      `import { createClient } from 'typehog'
      process.env.POSTHOG_PERSONAL_API_KEY = 'phx_Secret0123456789'
      process.env.POSTHOG_PROJECT_ID = '7'
      const { config } = createClient()
      console.log(JSON.stringify([config.projectId, config.host]))`,
    )
    expect(JSON.parse(printed).map(String)).toEqual(['7', 'https://us.posthog.com'])
  })

  it.each(['index', 'api', 'formats', 'projects', 'redis'])(
    '%s and its chunks import only each other and call no require',
    async (name) => {
      const queue = [`${name}.js`]
      for (const file of queue) {
        const text = await project().read(`dist/${file}`)
        expect(text, file).not.toMatch(/['"]node:/)
        expect(text, file).not.toMatch(/\brequire\s*\(/)
        const froms = [...text.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
          ([, from = '']) => from,
        )
        expect(froms.filter((from) => !/^\.\/[\w-]+\.js$/.test(from))).toEqual([])
        for (const from of froms) if (!queue.includes(from.slice(2))) queue.push(from.slice(2))
      }
    },
  )

  it('warns of a deprecated method once for each call site', async () => {
    const printed = await project().node(
      'deprecated.mjs',
      `import { createClient } from 'typehog'
      const places = []
      const log = () => {}
      const posthog = createClient({
        apiKey: 'phx_Secret0123456789', projectId: 7, fetch: async () => Response.json({}),
        logger: { debug: log, info: log, error: log, warn: (text, { place }) => places.push(place) },
      })
      const first = () => posthog.events.get('a')
      const second = async () => await posthog.events.get('a')
      for (const _ of [1, 2]) await first()
      for (const _ of [1, 2]) await second()
      console.log(JSON.stringify(places.map((place) => /deprecated\\.mjs:\\d+/.exec(place)?.[0])))`,
    )
    expect(JSON.parse(printed)).toEqual(['deprecated.mjs:8', 'deprecated.mjs:9'])
  })

  it('validates with the zod of the project', async () => {
    const printed = await project().node(
      'e.mjs',
      `import { zCohortFilter } from 'typehog/zod'
      console.log(zCohortFilter.safeParse({ key: 'id', type: 'cohort', value: 1 }).success)
      console.log(zCohortFilter.safeParse({ key: 'id', type: 'cohort', value: 'x' }).success)`,
    )
    expect(printed).toBe('true\nfalse\n')
  })
})
