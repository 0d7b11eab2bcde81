import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type LocalPostHog, startLocalPostHog } from '../../../src/testing.ts'
import { accountOf } from '../../package/account.ts'
import type { Project } from '../../package/project.ts'
import { startProgram } from '../../package/start-program.ts'
import { binaries } from '../binaries.ts'
import { runProgram } from '../run-program.ts'
import { denoEnv } from './deno.ts'

const offline = ['--no-prompt', '--no-remote', '--cached-only', '--no-lock', '--node-modules-dir=manual']
const purchases = 'deno/export-purchases.ts'
const edge = 'supabase/functions/top-pages/index.ts'

/** The examples for Deno and Bun, as they are, by the runtime's own compiler. */
export function describeRuntimeExamples(project: () => Project): void {
  const folder = (): string => join(project().folder, 'examples')
  const start = async (): Promise<{ local: LocalPostHog; env: Readonly<Record<string, string>> }> => {
    const now = (): Date => new Date('2026-04-01T00:00:00Z')
    const local = await startLocalPostHog({ events: 2_000, throttle: false, now })
    return { local, env: { ...accountOf(local, (await local.listen()).url), ...denoEnv(project().folder) } }
  }

  describe('the examples', () => {
    beforeAll(async () => {
      for (const name of ['deno', 'bun', 'supabase']) {
        await cp(`examples/${name}`, join(folder(), name), { recursive: true })
      }
    })

    it.each([purchases, edge])('%s: Deno compiles it', async (name) => {
      const args = ['check', '--no-remote', '--no-lock', '--node-modules-dir=manual', name] as const
      const env = denoEnv(project().folder)
      expect((await runProgram([binaries.Deno(), ...args], { folder: folder(), env })).lines).toEqual([''])
    })

    it('deno: writes the purchases to a file, and requires dates', async () => {
      const { local, env } = await start()
      await using _ = local
      const leave = [
        '--allow-net=127.0.0.1',
        '--allow-env',
        `--allow-read=${folder()}`,
        `--allow-write=${folder()}`,
      ]
      const command = [binaries.Deno(), 'run', ...offline, ...leave, purchases] as const
      const { lines } = await runProgram([...command, '2026-01-01', '2026-04-01', 'purchases.csv'], {
        folder: folder(),
        env,
      })
      expect(lines).toEqual([expect.stringMatching(/^53 purchases, \d{4} bytes$/)])
      const written = (await readFile(join(folder(), 'purchases.csv'), 'utf8')).trimEnd().split('\r\n')
      expect(written).toHaveLength(54)
      await expect(runProgram(command, { folder: folder(), env })).rejects.toThrow(/ended with 2: Usage/)
    })

    it('supabase: the edge function answers requests', async () => {
      const { local, env } = await start()
      await using _ = local
      const leave = ['--allow-net=127.0.0.1', '--allow-env']
      const command = [binaries.Deno(), 'run', ...offline, ...leave, edge] as const
      const address = { DENO_SERVE_ADDRESS: 'tcp:127.0.0.1:0' }
      await using server = await startProgram(command, folder(), { ...env, ...address })
      // What the function answers.
      type Answer = { rows: unknown[]; complete: unknown }
      const ask = async (limit: number): Promise<Answer> =>
        (await (await fetch(`${server.url}?limit=${limit}`)).json()) as Answer
      const { rows, complete } = await ask(10)
      expect([rows.length, complete]).toEqual([6, true])
      expect((await ask(2)).complete).toEqual({ reason: 'limit', limit: 2 })
      expect((await fetch(`${server.url}?limit=0`)).status).toBe(400)
    })

    it('bun: writes the key figures to a file', async () => {
      const { local, env } = await start()
      await using _ = local
      const command = [binaries.Bun(), 'bun/kpis.ts', 'kpis.json'] as const
      const { lines } = await runProgram(command, { folder: folder(), env })
      expect(lines).toEqual(['kpis.json: 2 plans'])
      const { people, revenue } = JSON.parse(await readFile(join(folder(), 'kpis.json'), 'utf8'))
      expect(people).toBe(98)
      expect(revenue).toEqual([
        { plan: 'free', usd: 810 },
        { plan: 'pro', usd: 348 },
      ])
    })
  })
}
