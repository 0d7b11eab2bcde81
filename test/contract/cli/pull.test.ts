import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/interrupted-error.ts'
import { hogql, startWorkbench, type Workbench } from './workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await startWorkbench()
  for (const variable of [
    { name: 'country', type: 'String', default_value: 'US' },
    { name: 'least', type: 'Number' },
  ]) {
    await bench.api('POST', 'insight_variables/', variable)
  }
  await bench.api('POST', 'endpoints/', {
    name: 'by-country',
    description: 'Events of one country.',
    query: hogql(
      'select event, count() as n from events where properties.country = {variables.country} group by event',
    ),
  })
  await bench.api('POST', 'endpoints/', { name: 'numbers', query: hogql('select number from numbers(5)') })
  await bench.api('POST', 'endpoints/', {
    name: 'retired',
    query: hogql('select 1 as one'),
    is_active: false,
  })
})

afterAll(() => bench[Symbol.asyncDispose]())

beforeEach(async () => {
  for (const name of await readdir(bench.folder)) await rm(join(bench.folder, name), { recursive: true })
})

const read = (name: string): Promise<string> => readFile(join(bench.folder, name), 'utf8')
const module = 'posthog.endpoints.ts'
const lock = 'posthog.endpoints.lock.json'

describe('endpoints pull', () => {
  it('writes the module and the lock and says what is new', async () => {
    const { code, out, err } = await bench.run(['endpoints', 'pull'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n')).toEqual([
      '+ by-country v1',
      '+ numbers v1',
      '  retired left out: inactive',
      '2 added, 0 changed, 0 unchanged, 0 removed',
      `Wrote ${module} and ${lock}.`,
      '',
    ])
    expect(await read(module)).toContain('by-country')
    expect(Object.keys(JSON.parse(await read(lock)).endpoints)).toEqual(['by-country', 'numbers'])
    expect((await readdir(bench.folder)).sort()).toEqual([lock, module])
  })

  it('writes the same bytes again, whatever the concurrency, and then nothing', async () => {
    await bench.run(['endpoints', 'pull', '--concurrency', '1'])
    const before = [await read(module), await read(lock)]
    const again = await bench.run(['endpoints', 'pull', '--concurrency', '4'])
    expect(again.out).toContain('0 added, 0 changed, 2 unchanged, 0 removed')
    expect(again.out).toContain('up to date')
    expect([await read(module), await read(lock)]).toEqual(before)
  })

  it('writes no key', async () => {
    await bench.run(['endpoints', 'pull'])
    expect((await read(module)) + (await read(lock))).not.toContain(bench.posthog.personalApiKey)
  })

  it('prints one JSON document with --json', async () => {
    const { out } = await bench.run(['endpoints', 'pull', '--json'])
    expect(JSON.parse(out)).toEqual({
      host: bench.url,
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

  it('says nothing with --quiet', async () => {
    expect(await bench.run(['endpoints', 'pull', '--quiet'])).toEqual({ code: 0, out: '', err: '' })
  })

  it('takes named endpoints only, and says that the others are removed', async () => {
    await bench.run(['endpoints', 'pull'])
    const { code, out } = await bench.run(['endpoints', 'pull', 'numbers'])
    expect(code).toBe(0)
    expect(out).toContain('- by-country v1')
    expect(await read(module)).not.toContain('by-country')
  })

  it('takes inactive endpoints when it is told to', async () => {
    await bench.run(['endpoints', 'pull', '--include-inactive'])
    expect(await read(lock)).toContain('retired')
  })

  it('puts the lock beside --out, and where --lock says', async () => {
    await bench.run(['endpoints', 'pull', '--out', 'src/hog.mts'])
    expect(await readdir(join(bench.folder, 'src'))).toEqual(['hog.lock.json', 'hog.mts'])
    await bench.run(['endpoints', 'pull', '--out', 'a.ts', '--lock', 'locks/b.json'])
    expect(await readdir(join(bench.folder, 'locks'))).toEqual(['b.json'])
  })

  it('writes an empty module for a project without endpoints', async () => {
    const empty = await startWorkbench()
    try {
      const { code, out } = await empty.run(['endpoints', 'pull'])
      expect(code).toBe(0)
      expect(out).toContain('There are no endpoints to pull')
      expect(await readdir(empty.folder)).toHaveLength(2)
    } finally {
      await empty[Symbol.asyncDispose]()
    }
  })
})

describe('endpoints pull that fails', () => {
  it.each([
    [['by-contry'], 'Did you mean "by-country"?'],
    [['zzz'], 'There are by-country, numbers, retired.'],
    [['retired'], '--include-inactive'],
  ])('ends with 2 for the names %j', async (names, hint) => {
    const { code, err } = await bench.run(['endpoints', 'pull', ...names])
    expect(code).toBe(2)
    expect(err).toContain(hint)
    expect(await readdir(bench.folder)).toEqual([])
  })

  it('ends with 2 for a project secret key, before any request', async () => {
    const env = { ...bench.env, POSTHOG_PERSONAL_API_KEY: '', POSTHOG_PROJECT_SECRET_API_KEY: 'phs_x' }
    const { code, err } = await bench.run(['endpoints', 'pull', '--host', 'http://127.0.0.1:9'], { env })
    expect(code).toBe(2)
    expect(err).toContain('endpoint:read')
  })

  it('leaves old files untouched when the key is wrong, ends with 3 and tells the fix', async () => {
    await bench.run(['endpoints', 'pull'])
    const before = [await read(module), await read(lock)]
    const env = { ...bench.env, POSTHOG_PERSONAL_API_KEY: 'phx_wrong' }
    const { code, out, err } = await bench.run(['endpoints', 'pull', '--force'], { env })
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(err).toMatch(/^Error: .+\nFix: .+/)
    expect(err).not.toContain('phx_wrong')
    expect([await read(module), await read(lock)]).toEqual(before)
  })

  it('ends with 3 when nothing listens', async () => {
    const { code, err } = await bench.run(['endpoints', 'pull', '--host', 'http://127.0.0.1:9'])
    expect(code).toBe(3)
    expect(err).toContain('Fix: ')
  })

  it('ends with 3 when the host answers HTML', async () => {
    const server = createServer((_, reply) => {
      reply.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      // A TCP server that listens has an address of this form.
      const { port } = server.address() as AddressInfo
      const { code, err } = await bench.run(['endpoints', 'pull', '--host', `http://127.0.0.1:${port}`])
      expect(code).toBe(3)
      expect(err).toContain('text/html')
      expect(await readdir(bench.folder)).toEqual([])
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('leaves both files untouched when one endpoint of several cannot be read', async () => {
    await bench.run(['endpoints', 'pull'])
    const before = [await read(module), await read(lock)]
    const server = createServer(async (message, reply) => {
      if (message.url?.includes('numbers/openapi.json')) {
        reply.writeHead(403, { 'content-type': 'application/json' })
        reply.end('{"type":"authentication_error","code":"permission_denied","detail":"No.","attr":null}')
        return
      }
      const response = await fetch(`${bench.url}${message.url}`, {
        headers: { authorization: message.headers.authorization ?? '' },
      })
      reply.writeHead(response.status, { 'content-type': 'application/json' }).end(await response.text())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      // A TCP server that listens has an address of this form.
      const { port } = server.address() as AddressInfo
      const { code } = await bench.run(['endpoints', 'pull', '--host', `http://127.0.0.1:${port}`])
      expect(code).toBe(3)
      expect([await read(module), await read(lock)]).toEqual(before)
      expect(await readdir(bench.folder)).toHaveLength(2)
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('ends with 130 when it is interrupted half-way, and writes nothing', async () => {
    const user = new AbortController()
    const stderr = { write: () => user.abort(new InterruptedError()) }
    // On a terminal the first progress line comes when the list has been read.
    const isTTY = { stdout: false, stderr: true }
    const { code } = await bench.run(['endpoints', 'pull'], { signal: user.signal, stderr, isTTY })
    expect(code).toBe(130)
    expect(await readdir(bench.folder)).toEqual([])
  })

  it('does not write over a file that it did not write, unless forced', async () => {
    await writeFile(join(bench.folder, module), 'export const mine = 1\n')
    const { code, err } = await bench.run(['endpoints', 'pull'])
    expect(code).toBe(2)
    expect(err).toContain('--force')
    expect(await readdir(bench.folder)).toEqual([module])
    expect((await bench.run(['endpoints', 'pull', '--force'])).code).toBe(0)
    expect(await read(module)).not.toContain('mine')
  })

  it.each(['{"name":"my-package"}', '<<<<<<< ours', '[]'])(
    'does not write over %s in place of a lock, unless forced',
    async (text) => {
      await writeFile(join(bench.folder, lock), text)
      const { code, err } = await bench.run(['endpoints', 'pull'])
      expect(code).toBe(2)
      expect(err).toContain('--force')
      expect(await readdir(bench.folder)).toEqual([lock])
      expect((await bench.run(['endpoints', 'pull', '--force'])).code).toBe(0)
    },
  )

  it('writes a lock with merge conflicts anew', async () => {
    await bench.run(['endpoints', 'pull'])
    const before = await read(lock)
    await writeFile(join(bench.folder, lock), `<<<<<<< ours\n${before}=======\n${before}>>>>>>> theirs\n`)
    const { code, err } = await bench.run(['endpoints', 'pull'])
    expect(code).toBe(0)
    expect(err).toContain('merge conflicts')
    expect(await read(lock)).toBe(before)
  })

  it('ends with 2 when a folder is in the way', async () => {
    await bench.run(['endpoints', 'pull', '--out', 'dir.ts/inner.ts'])
    const { code, err } = await bench.run(['endpoints', 'pull', '--out', 'dir.ts'])
    expect(code).toBe(2)
    expect(err).toContain('not a folder')
  })
})
