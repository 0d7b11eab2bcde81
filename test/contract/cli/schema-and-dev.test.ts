import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/interrupted-error.ts'
import { startWorkbench, type Workbench } from './workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await startWorkbench()
  const document = (paths: object): string =>
    JSON.stringify({ openapi: '3.0.3', info: { title: 'x', version: '1' }, paths })
  const operation = (operationId: string): object => ({
    get: { operationId, responses: { 200: { description: 'Fine' } } },
  })
  await writeFile(join(bench.folder, 'one.json'), document({ '/api/users/': operation('users_list') }))
  await writeFile(
    join(bench.folder, 'two.json'),
    document({ '/api/users/': operation('users_list'), '/api/teams/': operation('teams_list') }),
  )
})

afterAll(() => bench[Symbol.asyncDispose]())

describe('schema check', () => {
  it('ends with 0 when something is added and with 1 when something is gone', async () => {
    const added = await bench.run(['schema', 'check', 'one.json', 'two.json'])
    expect(added.code).toBe(0)
    expect(added.out).toContain('0 breaking')
    const gone = await bench.run(['schema', 'check', 'two.json', 'one.json', '--json'])
    expect(gone.code).toBe(1)
    expect(JSON.parse(gone.out)).toMatchObject({ ok: false, counts: { breaking: 1 } })
  })

  it('ends with 2 for a file that is not there', async () => {
    const { code, err } = await bench.run(['schema', 'check', 'one.json', 'three.json'])
    expect(code).toBe(2)
    expect(err).toMatch(/three\.json.*\nFix: /)
  })
})

describe('schema pull', () => {
  it('writes document and lock', async () => {
    const { code, out } = await bench.run(['schema', 'pull', 'one.json', '--out', 'openapi'])
    expect(code).toBe(0)
    expect(out).toContain('1 operations')
    expect(await readdir(join(bench.folder, 'openapi'))).toEqual(['lock.json', 'posthog.json'])
  })

  it('ends with 3 when the host has none, and writes nothing', async () => {
    const { code, err } = await bench.run(['schema', 'pull', bench.url, '--out', 'elsewhere'])
    expect(code).toBe(3)
    expect(err).toContain('Fix: ')
    expect(await readdir(bench.folder)).not.toContain('elsewhere')
  })
})

describe('dev', () => {
  const devUntil = async (
    argv: readonly string[],
    meanwhile: (env: Record<string, string>) => Promise<void>,
  ): Promise<{ code: number; out: string; err: string }> => {
    const user = new AbortController()
    let out = ''
    let announced: () => void = () => {}
    const ready = new Promise<void>((resolve) => {
      announced = resolve
    })
    const stdout = {
      write: (text: string) => {
        out += text
        if (text.includes('POSTHOG_PERSONAL_API_KEY')) announced()
      },
    }
    const running = bench.run(['dev', '--events', '100', ...argv], { signal: user.signal, stdout })
    await Promise.race([ready, running])
    try {
      await meanwhile(
        Object.fromEntries(
          [...out.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
        ),
      )
    } finally {
      user.abort(new InterruptedError())
    }
    return { ...(await running), out }
  }

  it('serves two endpoints with what it prints to export, until it is interrupted', async () => {
    let names: string[] = []
    const { code } = await devUntil(['--port', '0'], async (env) => {
      const { out } = await bench.run(['endpoints', 'ls', '--json'], { env })
      names = JSON.parse(out).map(({ name }: { name: string }) => name)
    })
    expect(names).toEqual(['plan-revenue', 'top-pages'])
    expect(code).toBe(0)
  })

  it('prints another key for each start, and the given one with --key', async () => {
    const keys: (string | undefined)[] = []
    for (const argv of [[], [], ['--key', 'phx_mine_1']]) {
      await devUntil(['--port', '0', ...argv], async (env) => {
        keys.push(env['POSTHOG_PERSONAL_API_KEY'])
      })
    }
    expect(keys[0]).toMatch(/^phx_\w{40,}$/)
    expect(keys[1]).toMatch(/^phx_\w{40,}$/)
    expect(keys[1]).not.toBe(keys[0])
    expect(keys[2]).toBe('phx_mine_1')
  })

  it('ends with 2 for a --key that is none', async () => {
    const { code, err } = await bench.run(['dev', '--port', '0', '--key', 'phc_mine'])
    expect(code).toBe(2)
    expect(err).toContain('begins with phx_')
    expect(err).not.toContain('phc_mine')
  })

  it('ends with 2 when the port is in use', async () => {
    const { code, err } = await bench.run(['dev', '--port', new URL(bench.url).port, '--events', '100'])
    expect(code).toBe(2)
    expect(err).toContain('--port')
  })
})
