import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/errors.ts'
import { type CliHarness, hogql, startCliHarness } from './cli-harness.ts'

let harness: CliHarness

beforeAll(async () => {
  harness = await startCliHarness()
  for (const variable of [
    { name: 'country', type: 'String', default_value: 'US' },
    { name: 'min', type: 'Number' },
  ]) {
    await harness.api('POST', 'insight_variables/', variable)
  }
  await harness.api('POST', 'endpoints/', {
    name: 'by-country',
    description: 'Events of one country.',
    query: hogql(
      'select event, count() as n from events where properties.country = {variables.country} group by event',
    ),
  })
  await harness.api('POST', 'endpoints/', { name: 'numbers', query: hogql('select number from numbers(5)') })
  await harness.api('POST', 'endpoints/', {
    name: 'retired',
    query: hogql('select 1 as one'),
    is_active: false,
  })
})

afterAll(() => harness[Symbol.asyncDispose]())

beforeEach(async () => {
  for (const name of await readdir(harness.folder)) await rm(join(harness.folder, name), { recursive: true })
})

const read = (name: string): Promise<string> => readFile(join(harness.folder, name), 'utf8')
const module = 'posthog.endpoints.ts'
const lock = 'posthog.endpoints.lock.json'

describe('endpoints pull', () => {
  it('writes the module and the lock file and reports what is new', async () => {
    const { code, out, err } = await harness.run(['endpoints', 'pull'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n')).toEqual([
      '+ by-country v1',
      '+ numbers v1',
      '  retired skipped: inactive',
      '2 added, 0 changed, 0 unchanged, 0 removed',
      `Wrote ${module} and ${lock}.`,
      '',
    ])
    expect(await read(module)).toContain('by-country')
    expect(Object.keys(JSON.parse(await read(lock)).endpoints)).toEqual(['by-country', 'numbers'])
    expect((await readdir(harness.folder)).sort()).toEqual([lock, module])
  })

  it('writes nothing when both files are up to date, whatever the concurrency', async () => {
    await harness.run(['endpoints', 'pull', '--concurrency', '1'])
    const before = [await read(module), await read(lock)]
    const again = await harness.run(['endpoints', 'pull', '--concurrency', '4'])
    expect(again.out).toContain('0 added, 0 changed, 2 unchanged, 0 removed')
    expect(again.out).toContain('up to date')
    expect([await read(module), await read(lock)]).toEqual(before)
  })

  it('adds the endpoints to the registry of names, unless --no-registry is given; check accepts both', async () => {
    const registry =
      "declare module 'typehog' {\n  interface EndpointRegistry {\n    'by-country': typeof endpoints.byCountry\n    'numbers': typeof endpoints.numbers\n  }\n}\n"
    const checkModule = async (): Promise<unknown> =>
      JSON.parse((await harness.run(['endpoints', 'check', '--json'])).out).module
    await harness.run(['endpoints', 'pull'])
    expect((await read(module)).endsWith(registry)).toBe(true)
    expect(await checkModule()).toBe('current')
    await harness.run(['endpoints', 'pull', '--no-registry'])
    expect(await read(module)).not.toContain('EndpointRegistry')
    expect(await checkModule()).toBe('current')
  })

  it('never writes the key to a file', async () => {
    await harness.run(['endpoints', 'pull'])
    expect((await read(module)) + (await read(lock))).not.toContain(harness.posthog.personalApiKey)
  })

  it('prints one JSON document with --json', async () => {
    const { out } = await harness.run(['endpoints', 'pull', '--json'])
    expect(JSON.parse(out)).toEqual({
      host: harness.url,
      projectId: '1',
      module,
      lock,
      written: true,
      added: [
        { name: 'by-country', version: 1, identifier: 'byCountry' },
        { name: 'numbers', version: 1, identifier: 'numbers' },
      ],
      changed: [],
      unchanged: [],
      removed: [],
      moved: [],
      skipped: [{ name: 'retired', reason: 'inactive' }],
    })
  })

  it('prints nothing with --quiet', async () => {
    expect(await harness.run(['endpoints', 'pull', '--quiet'])).toEqual({ code: 0, out: '', err: '' })
  })

  it('pulls only named endpoints and reports the others as removed', async () => {
    await harness.run(['endpoints', 'pull'])
    const { code, out } = await harness.run(['endpoints', 'pull', 'numbers'])
    expect(code).toBe(0)
    expect(out).toContain('- by-country v1')
    expect(await read(module)).not.toContain('by-country')
  })

  it('pulls inactive endpoints with --include-inactive', async () => {
    await harness.run(['endpoints', 'pull', '--include-inactive'])
    expect(await read(lock)).toContain('retired')
  })

  it('writes the lock file next to --out, or to --lock', async () => {
    await harness.run(['endpoints', 'pull', '--out', 'src/hog.mts'])
    expect(await readdir(join(harness.folder, 'src'))).toEqual(['hog.lock.json', 'hog.mts'])
    await harness.run(['endpoints', 'pull', '--out', 'a.ts', '--lock', 'locks/b.json'])
    expect(await readdir(join(harness.folder, 'locks'))).toEqual(['b.json'])
  })

  it('writes an empty module for a project without endpoints', async () => {
    const empty = await startCliHarness()
    try {
      const { code, out } = await empty.run(['endpoints', 'pull'])
      expect(code).toBe(0)
      expect(out).toContain('No endpoints to pull')
      expect(await readdir(empty.folder)).toHaveLength(2)
    } finally {
      await empty[Symbol.asyncDispose]()
    }
  })
})

describe('endpoints pull that fails', () => {
  it.each([
    [['by-contry'], 'Did you mean "by-country"?'],
    [['zzz'], 'Available: by-country, numbers, retired.'],
    [['retired'], '--include-inactive'],
  ])('exits with 2 for the names %j', async (names, hint) => {
    const { code, err } = await harness.run(['endpoints', 'pull', ...names])
    expect(code).toBe(2)
    expect(err).toContain(hint)
    expect(await readdir(harness.folder)).toEqual([])
  })

  it('exits with 2 for a project secret key without sending a request', async () => {
    const env = { ...harness.env, POSTHOG_PERSONAL_API_KEY: '', POSTHOG_PROJECT_SECRET_API_KEY: 'phs_x' }
    const { code, err } = await harness.run(['endpoints', 'pull', '--host', 'http://127.0.0.1:9'], { env })
    expect(code).toBe(2)
    expect(err).toContain('endpoint:read')
  })

  it('exits with 3 for a wrong key, with a fix, and keeps existing files', async () => {
    await harness.run(['endpoints', 'pull'])
    const before = [await read(module), await read(lock)]
    const env = { ...harness.env, POSTHOG_PERSONAL_API_KEY: 'phx_wrong' }
    const { code, out, err } = await harness.run(['endpoints', 'pull', '--force'], { env })
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(err).toMatch(/^Error: .+\nFix: .+/)
    expect(err).not.toContain('phx_wrong')
    expect([await read(module), await read(lock)]).toEqual(before)
  })

  it('exits with 3 for an unreachable host', async () => {
    const { code, err } = await harness.run(['endpoints', 'pull', '--host', 'http://127.0.0.1:9'])
    expect(code).toBe(3)
    expect(err).toContain('Fix: ')
  })

  it('exits with 3 when the host returns HTML', async () => {
    const server = createServer((_, reply) => {
      reply.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      // A listening TCP server has an AddressInfo.
      const { port } = server.address() as AddressInfo
      const { code, err } = await harness.run(['endpoints', 'pull', '--host', `http://127.0.0.1:${port}`])
      expect(code).toBe(3)
      expect(err).toContain('text/html')
      expect(await readdir(harness.folder)).toEqual([])
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('keeps both files when one of several endpoints cannot be read', async () => {
    await harness.run(['endpoints', 'pull'])
    const before = [await read(module), await read(lock)]
    const server = createServer(async (message, reply) => {
      if (message.url?.includes('numbers/openapi.json')) {
        reply.writeHead(403, { 'content-type': 'application/json' })
        reply.end('{"type":"authentication_error","code":"permission_denied","detail":"No.","attr":null}')
        return
      }
      const response = await fetch(`${harness.url}${message.url}`, {
        headers: { authorization: message.headers.authorization ?? '' },
      })
      reply.writeHead(response.status, { 'content-type': 'application/json' }).end(await response.text())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      // A listening TCP server has an AddressInfo.
      const { port } = server.address() as AddressInfo
      const { code } = await harness.run(['endpoints', 'pull', '--host', `http://127.0.0.1:${port}`])
      expect(code).toBe(3)
      expect([await read(module), await read(lock)]).toEqual(before)
      expect(await readdir(harness.folder)).toHaveLength(2)
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('exits with 130 when interrupted and writes nothing', async () => {
    const user = new AbortController()
    const stderr = { write: () => user.abort(new InterruptedError()) }
    // On a terminal the first progress line follows the list request.
    const isTTY = { stdout: false, stderr: true }
    const { code } = await harness.run(['endpoints', 'pull'], { signal: user.signal, stderr, isTTY })
    expect(code).toBe(130)
    expect(await readdir(harness.folder)).toEqual([])
  })

  it('overwrites a file that it did not generate only with --force', async () => {
    await writeFile(join(harness.folder, module), 'export const mine = 1\n')
    const { code, err } = await harness.run(['endpoints', 'pull'])
    expect(code).toBe(2)
    expect(err).toContain('--force')
    expect(await readdir(harness.folder)).toEqual([module])
    expect((await harness.run(['endpoints', 'pull', '--force'])).code).toBe(0)
    expect(await read(module)).not.toContain('mine')
  })

  it.each(['{"name":"my-package"}', '<<<<<<< ours', '[]'])(
    'overwrites %s in the lock file only with --force',
    async (text) => {
      await writeFile(join(harness.folder, lock), text)
      const { code, err } = await harness.run(['endpoints', 'pull'])
      expect(code).toBe(2)
      expect(err).toContain('--force')
      expect(await readdir(harness.folder)).toEqual([lock])
      expect((await harness.run(['endpoints', 'pull', '--force'])).code).toBe(0)
    },
  )

  it('replaces a lock file with merge conflicts', async () => {
    await harness.run(['endpoints', 'pull'])
    const before = await read(lock)
    await writeFile(join(harness.folder, lock), `<<<<<<< ours\n${before}=======\n${before}>>>>>>> theirs\n`)
    const { code, err } = await harness.run(['endpoints', 'pull'])
    expect(code).toBe(0)
    expect(err).toContain('merge conflicts')
    expect(await read(lock)).toBe(before)
  })

  it('exits with 2 when --out is a folder', async () => {
    await harness.run(['endpoints', 'pull', '--out', 'dir.ts/inner.ts'])
    const { code, err } = await harness.run(['endpoints', 'pull', '--out', 'dir.ts'])
    expect(code).toBe(2)
    expect(err).toContain('not a folder')
  })
})
