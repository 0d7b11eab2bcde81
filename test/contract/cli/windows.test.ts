import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/errors.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness()
  for (const folder of ['queries', 'endpoints']) await mkdir(join(harness.folder, folder))
})
afterAll(() => harness[Symbol.asyncDispose]())

const write = (name: string, text: string | Uint8Array): Promise<void> =>
  writeFile(join(harness.folder, name), text)

/** Converts files of the folder to the line endings of Windows, as Git does on a checkout. */
async function convertToCrlf(...names: string[]): Promise<void> {
  for (const name of names) {
    const text = await readFile(join(harness.folder, name), 'utf8')
    await write(name, text.replaceAll('\n', '\r\n'))
  }
}

describe('files with the line endings of Windows', () => {
  it('are unchanged queries, module and lock file', async () => {
    await write(
      'queries/top.sql',
      '-- Events.\nselect event,\n  count() as n\nfrom events group by event limit 9\n',
    )
    expect((await harness.run(['queries', 'pull'])).code).toBe(0)
    await convertToCrlf('queries/top.sql', 'posthog.queries.ts', 'posthog.queries.lock.json')
    expect(await harness.run(['queries', 'check', '--strict'])).toMatchObject({ code: 0 })
    expect(await harness.run(['queries', 'check', '--offline', '--strict'])).toMatchObject({ code: 0 })
  })

  it('are unchanged endpoint files', async () => {
    await write(
      'endpoints/crlf.yaml',
      'name: crlf\nquery: |\n  select event,\n    1 as n\n  from events limit 3\n',
    )
    expect((await harness.run(['endpoints', 'push', '--yes'])).code).toBe(0)
    await convertToCrlf('endpoints/crlf.yaml')
    expect(await harness.run(['endpoints', 'diff'])).toMatchObject({ code: 0 })
    expect((await harness.run(['endpoints', 'run', 'crlf', '--format', 'csv'])).code).toBe(0)
  })

  it('are unchanged endpoint modules', async () => {
    expect((await harness.run(['endpoints', 'pull'])).code).toBe(0)
    await convertToCrlf('posthog.endpoints.ts', 'posthog.endpoints.lock.json')
    expect(await harness.run(['endpoints', 'check', '--strict'])).toMatchObject({ code: 0 })
  })

  it('are a valid configuration', async () => {
    await write('typehog.config.json', '{\r\n  "queries": {}\r\n}\r\n')
    expect(await harness.run(['check'])).toMatchObject({ code: 0 })
  })
})

describe('a query file of Windows', () => {
  const query = 'select 1 as n\r\n'
  it.each([
    ['line endings', query],
    ['a byte order mark', `\ufeff${query}`],
    ['UTF-16', Buffer.from(`\ufeff${query}`, 'utf16le')],
  ])('can have %s', async (_, bytes) => {
    await write('q.sql', bytes)
    expect((await harness.run(['query', '--file', 'q.sql', '--format', 'ndjson'])).out).toBe('{"n":1}\n')
  })
})

describe('dev on Windows', () => {
  it('prints variables for PowerShell', async () => {
    const user = new AbortController()
    let out = ''
    const stdout = {
      write: (text: string): void => {
        out += text
        if (out.includes('POSTHOG_PERSONAL_API_KEY')) user.abort(new InterruptedError())
      },
    }
    const argv = ['dev', '--port', '0', '--events', '10', '--key', 'phx_windows']
    const { code } = await harness.run(argv, { os: 'win32', stdout, signal: user.signal })
    expect(code).toBe(0)
    expect(out).toMatch(/^\$env:POSTHOG_HOST = 'http:\/\/127\.0\.0\.1:\d+'\n/)
    expect(out).toContain("$env:POSTHOG_PERSONAL_API_KEY = 'phx_windows'\n")
  })
})
