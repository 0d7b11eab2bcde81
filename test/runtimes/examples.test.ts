import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type LocalPostHog, startLocalPostHog } from '../../src/testing.ts'
import { environmentOf, startServer } from '../package/programs.ts'
import { useProject } from '../package/project.ts'
import { binaries } from './install.ts'
import { denoEnv, runProgram } from './run-program.ts'

const offline = ['--no-prompt', '--no-remote', '--cached-only', '--no-lock', '--node-modules-dir=manual']
const purchases = 'deno/export-purchases.ts'
const edge = 'supabase/functions/top-pages/index.ts'

const project = useProject()

const folder = (): string => join(project().folder, 'examples')
const start = async (): Promise<{ local: LocalPostHog; env: Readonly<Record<string, string>> }> => {
  const now = (): Date => new Date('2026-04-01T00:00:00Z')
  const local = await startLocalPostHog({ events: 2_000, throttle: false, now })
  return { local, env: { ...environmentOf(local, (await local.listen()).url), ...denoEnv(project().folder) } }
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

  it('deno: writes the purchases of a span to a file and rejects a missing span', async () => {
    const { local, env } = await start()
    await using _ = local
    const permissions = [
      '--allow-net=127.0.0.1',
      '--allow-env',
      `--allow-read=${folder()}`,
      `--allow-write=${folder()}`,
    ]
    const command = [binaries.Deno(), 'run', ...offline, ...permissions, purchases] as const
    const { lines } = await runProgram([...command, '2026-01-01', '2026-04-01', 'purchases.csv'], {
      folder: folder(),
      env,
    })
    expect(lines).toEqual([expect.stringMatching(/^53 purchases, \d{4} bytes$/)])
    const written = (await readFile(join(folder(), 'purchases.csv'), 'utf8')).trimEnd().split('\r\n')
    expect(written).toHaveLength(54)
    await expect(runProgram(command, { folder: folder(), env })).rejects.toThrow(/ended with 2: Usage/)
  })

  it('supabase: the edge function returns rows', async () => {
    const { local, env } = await start()
    await using _ = local
    const permissions = ['--allow-net=127.0.0.1', '--allow-env']
    const command = [binaries.Deno(), 'run', ...offline, ...permissions, edge] as const
    const address = { DENO_SERVE_ADDRESS: 'tcp:127.0.0.1:0' }
    await using server = await startServer(command, folder(), { ...env, ...address })
    // The response of the function.
    type Body = { rows: unknown[]; complete: unknown }
    const request = async (limit: number): Promise<Body> =>
      (await (await fetch(`${server.url}?limit=${limit}`)).json()) as Body
    const { rows, complete } = await request(10)
    expect([rows.length, complete]).toEqual([6, true])
    expect((await request(2)).complete).toEqual({ reason: 'limit', limit: 2 })
    expect((await fetch(`${server.url}?limit=0`)).status).toBe(400)
  })

  it('bun: writes the KPIs to a file', async () => {
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
