import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createClient } from '../../../src/client/create-client.ts'
import { firstWindowMs } from '../../../src/resources/query/stream/time-windows.ts'
import { maxMemoryCharacters } from '../../../src/runtime/cache/cache.ts'
import { defaults } from '../../../src/runtime/config/defaults.ts'
import { engineRowCap } from '../../../src/runtime/rows/incomplete.ts'

const page = readFileSync('docs/configuration.md', 'utf8')
const table = page
  .slice(page.indexOf('\n## Defaults\n'), page.indexOf('\n## Retries'))
  .replace(/^.*\n[| -]+\n/m, '')
const shown = new Map(
  [...table.matchAll(/^\| `?([\w. ]+?)`? +\| `?([^`|]+?)`?(?: ms)? +\| [^|]+\|$/gm)].map(
    ([, name, value]) => [name, value],
  ),
)

/** Name and value of each default in the table. */
const rows: { readonly [Name in keyof typeof defaults]: readonly [name: string, value: unknown] } = {
  host: ['host', defaults.host],
  timeout: ['timeout', defaults.timeout],
  idleTimeout: ['idleTimeout', defaults.idleTimeout],
  totalTimeout: ['totalTimeout', defaults.totalTimeout],
  cacheTimeout: ['cacheTimeout', defaults.cacheTimeout],
  maxResponseBytes: ['maxResponseBytes', defaults.maxResponseBytes],
  maxAttempts: ['retry.maxAttempts', defaults.maxAttempts],
  initialDelay: ['retry.initialDelay', defaults.initialDelay],
  maxDelay: ['retry.maxDelay', defaults.maxDelay],
  retryBudget: [
    'retry budget',
    `${defaults.retryBudget.capacity}, +${defaults.retryBudget.perSuccess}, +${defaults.retryBudget.perSecond}/s`,
  ],
  maxRedirects: ['redirects', defaults.maxRedirects],
  maxConcurrentQueries: ['limits.maxConcurrentQueries', defaults.maxConcurrentQueries],
  maxConcurrentMaterializedRuns: [
    'limits.maxConcurrentMaterializedRuns',
    defaults.maxConcurrentMaterializedRuns,
  ],
  limitStoreTimeout: ['limits.storeTimeout', defaults.limitStoreTimeout],
  findRegion: ['findRegion', defaults.findRegion],
  prefetch: ['prefetch', defaults.prefetch],
  listConcurrency: ['concurrency', defaults.listConcurrency],
  validate: ['validate', defaults.validate],
  logLevel: ['logLevel', defaults.logLevel],
  onVersionDrift: ['onVersionDrift', defaults.onVersionDrift],
  deprecations: ['deprecations', defaults.deprecations],
}

/** Defaults that live beside their feature. */
const others: Readonly<Record<string, unknown>> = {
  'stream.pageSize': engineRowCap,
  'stream.window.size': firstWindowMs,
  ttl: 'none',
  'retry.decide': 'none',
  'memory cache': maxMemoryCharacters,
}

describe('the table of defaults', () => {
  it.each(Object.entries(rows))('documents the default of %s', (_, [name, value]) => {
    expect(shown.get(name)).toBe(String(value))
  })

  it.each(Object.entries(others))('documents the default of %s', (name, value) => {
    expect(shown.get(name)).toBe(String(value))
  })

  it.each([
    ['https://eu.posthog.com', 'count'],
    ['https://posthog.example.com', 'learn'],
  ])('documents the initial limit mode for %s', async (host, mode) => {
    const fetch = async (): Promise<Response> => new Response('{"results":[]}')
    const posthog = createClient({ apiKey: 'phx_readme00000000', projectId: 1, host, fetch })
    await posthog.request('GET /api/projects/{project_id}/cohorts/')
    const counted = (await posthog.limits()).some(({ windows }) => windows.length > 0)
    expect(counted ? 'count' : 'learn').toBe(mode)
    expect(table).toMatch(/`limits.mode` +\| `count` +\| .*`learn`/)
  })

  it('names each default once', () => {
    expect(shown.size).toBe(Object.keys(defaults).length + Object.keys(others).length + 1)
  })
})
