import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { startLocalPostHog } from '../../../src/testing.ts'
import type { Project } from '../project.ts'

/** Lines that a job may have. */
const mostLines = 15
const folder = 'examples/jobs'

/** A job, and what is to come of it. */
interface Job {
  /** What it prints. */
  readonly printed: RegExp
  /** What runs it, when it is no program by itself. */
  readonly run?: string
  /** Where the 90 days of sample events end. Default: now. */
  readonly now?: string
}

const jobs: Readonly<Record<string, Job>> = {
  'typed-rows-route': {
    printed: /^\[\{"path":"[^"]+","views":\d+\}(?:,\{"path":"[^"]+","views":\d+\}){4}\]\n$/,
    run: `const { GET } = await import('./typed-rows-route.mjs')
      console.log(await (await GET(new Request('http://localhost/top-pages?days=90'))).text())`,
  },
  'kpi-digest': {
    printed: /^Last week: [1-9]\d* people, [1-9]\d* page views, \d+\.\d\d in revenue\n$/,
  },
  'export-events': { printed: /^2000 events, \d{6} bytes\n$/, now: '2026-04-01T00:00:00Z' },
}

/** Jobs that people have, as short programs that run against a PostHog. */
export function describeJobs(project: () => Project): void {
  describe('a job', () => {
    it('is each file of the folder', () => {
      expect(readdirSync(folder).sort()).toEqual(
        Object.keys(jobs)
          .sort()
          .map((name) => `${name}.ts`),
      )
    })

    it.each(Object.entries(jobs))(
      '%s does what it says, in a few lines',
      async (name, { printed, run, now }) => {
        const clock = now === undefined ? {} : { now: () => new Date(now) }
        await using local = await startLocalPostHog({ events: 2_000, throttle: false, ...clock })
        const { url } = await local.listen()
        const env = {
          POSTHOG_HOST: url,
          POSTHOG_PROJECT_ID: '1',
          POSTHOG_PERSONAL_API_KEY: local.personalApiKey,
        }
        const text = readFileSync(join(folder, `${name}.ts`), 'utf8')
        expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(mostLines)
        const { outputText } = ts.transpileModule(text, {
          compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
        })
        await project().write(`${name}.mjs`, outputText)
        expect(await project().node(`run-${name}.mjs`, run ?? `await import('./${name}.mjs')`, env)).toMatch(
          printed,
        )
        if (name === 'export-events') {
          const lines = (await readFile(join(project().folder, 'events.csv'), 'utf8')).trimEnd().split('\r\n')
          expect(lines).toHaveLength(2_001)
          expect(new Set(lines).size).toBe(2_001)
        }
      },
    )
  })
}
