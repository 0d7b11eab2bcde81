import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/errors.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness

beforeAll(async () => {
  harness = await startCliHarness()
  const document = (paths: object): string =>
    JSON.stringify({ openapi: '3.0.3', info: { title: 'x', version: '1' }, paths })
  const operation = (operationId: string): object => ({
    get: { operationId, responses: { 200: { description: 'Fine' } } },
  })
  await writeFile(join(harness.folder, 'one.json'), document({ '/api/users/': operation('users_list') }))
  await writeFile(
    join(harness.folder, 'two.json'),
    document({ '/api/users/': operation('users_list'), '/api/teams/': operation('teams_list') }),
  )
})

afterAll(() => harness[Symbol.asyncDispose]())

describe('schema diff', () => {
  it('exits with 0 for an added operation and with 1 for a removed one', async () => {
    const added = await harness.run(['schema', 'diff', 'one.json', 'two.json'])
    expect(added.code).toBe(0)
    expect(added.out).toContain('0 breaking')
    const removed = await harness.run(['schema', 'diff', 'two.json', 'one.json', '--json'])
    expect(removed.code).toBe(1)
    expect(JSON.parse(removed.out)).toMatchObject({ ok: false, counts: { breaking: 1 } })
  })

  it('exits with 2 for a missing file', async () => {
    const { code, err } = await harness.run(['schema', 'diff', 'one.json', 'three.json'])
    expect(code).toBe(2)
    expect(err).toMatch(/three\.json.*\nFix: /)
  })
})

describe('dev', () => {
  const withDev = async (
    argv: readonly string[],
    action: (env: Record<string, string>) => Promise<void>,
  ): Promise<{ code: number; out: string; err: string }> => {
    const user = new AbortController()
    let out = ''
    let markReady: () => void = () => {}
    const ready = new Promise<void>((resolve) => {
      markReady = resolve
    })
    const stdout = {
      write: (text: string) => {
        out += text
        if (text.includes('POSTHOG_PERSONAL_API_KEY')) markReady()
      },
    }
    const running = harness.run(['dev', '--events', '100', ...argv], {
      signal: user.signal,
      stdout,
      isTTY: { stdout: false, stderr: true },
    })
    await Promise.race([ready, running])
    try {
      await action(
        Object.fromEntries(
          [...out.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
        ),
      )
    } finally {
      user.abort(new InterruptedError())
    }
    return { ...(await running), out }
  }

  it('serves two endpoints with the printed variables until interrupted', async () => {
    let names: string[] = []
    const { code } = await withDev(['--port', '0'], async (env) => {
      const { out } = await harness.run(['endpoints', 'ls', '--json'], { env })
      names = JSON.parse(out).map(({ name }: { name: string }) => name)
    })
    expect(names).toEqual(['plan-revenue', 'top-pages'])
    expect(code).toBe(0)
  })

  it('prints a new key for each start, or the key of --key', async () => {
    const keys: (string | undefined)[] = []
    for (const argv of [[], [], ['--key', 'phx_mine_1']]) {
      await withDev(['--port', '0', ...argv], async (env) => {
        keys.push(env['POSTHOG_PERSONAL_API_KEY'])
      })
    }
    expect(keys[0]).toMatch(/^phx_\w{40,}$/)
    expect(keys[1]).toMatch(/^phx_\w{40,}$/)
    expect(keys[1]).not.toBe(keys[0])
    expect(keys[2]).toBe('phx_mine_1')
  })

  it('serves more projects, and shows the progress of many sample events', async () => {
    const counts: unknown[] = []
    const { err } = await withDev(['--port', '0', '--projects', '2,3', '--events', '12000'], async (env) => {
      for (const project of ['1', '3']) {
        const argv = ['query', 'select count() as n from events', '--format', 'json', '--project', project]
        const { out } = await harness.run(argv, { env })
        counts.push(JSON.parse(out))
      }
    })
    expect(counts).toEqual([[{ n: 12_000 }], [{ n: 12_000 }]])
    expect(err).toMatch(/2,50\d rows {2}\[#+·+\] {2}20 %/)
    expect(err).toContain('More projects, each with its own sample data: 2, 3.')
  })

  it('exits with 2 for an invalid --key', async () => {
    const { code, err } = await harness.run(['dev', '--port', '0', '--key', 'phc_mine'])
    expect(code).toBe(2)
    expect(err).toContain('Pass phx_')
    expect(err).not.toContain('phc_mine')
  })

  it('exits with 2 when the port is in use', async () => {
    const { code, err } = await harness.run(['dev', '--port', new URL(harness.url).port, '--events', '100'])
    expect(code).toBe(2)
    expect(err).toContain('--port')
  })
})
