import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import { clientOf, scriptedServer } from '../fake-server.ts'

const upload = 'POST /api/projects/{project_id}/warehouse_tables/file/'
const flags = 'GET /api/projects/{project_id}/feature_flags/'
const create = 'POST /api/projects/{project_id}/feature_flags/'

/** What a shell hands to curl. */
function argumentsOf(curl: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${curl}`
  const env = { POSTHOG_PERSONAL_API_KEY: 'from-the-environment' }
  return execFileSync('bash', ['--norc', '--noprofile', '-c', script], { env, encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)
}

async function curlOf(body: unknown, options: ClientOptions = {}): Promise<string> {
  return (await clientOf(scriptedServer(), options).explain(upload, { body } as never)).curl
}

/** Arguments that make curl read a file: `-F name=@path`, `-F name=<path`, `;headers=@path` and `@path` alone. */
function filesRead(parts: readonly string[]): string[] {
  return parts.flatMap((part, at) => {
    const option = parts[at - 1]
    if (option === '-F') return [...part.matchAll(/(?:=|;headers=)[@<]([^;]*)/g)].map(([, path = '']) => path)
    return option !== undefined && ['--data-binary', '-d', '-H'].includes(option) && part.startsWith('@')
      ? [part.slice(1)]
      : []
  })
}

describe('the curl command of explain', () => {
  it('sends form fields unchanged, whatever their first character', async () => {
    const parts = argumentsOf(await curlOf({ name: '@/etc/passwd', format: '</etc/passwd', a: 'x;type=@y' }))
    expect(filesRead(parts)).toEqual([])
    expect(parts).toContain('name=@/etc/passwd')
    expect(parts).toContain('format=</etc/passwd')
    expect(parts.filter((part) => part === '--form-string')).toHaveLength(3)
  })

  it('has a placeholder for each file, whatever its name', async () => {
    const form = new FormData()
    form.append(
      'file',
      new File(['x'], '/etc/passwd"; filename=@/etc/shadow\n\\', { type: 'text/csv;headers=@/etc/hosts' }),
    )
    form.append('x=@/etc/passwd;y', new File(['x'], 'b.csv', { type: 'text/csv' }))
    const curl = await curlOf(form)
    expect(filesRead(argumentsOf(curl))).toEqual(['PATH_TO_FILE_1', 'PATH_TO_FILE_2'])
    expect(curl).toContain('# Replace PATH_TO_FILE_2 with the path of "b.csv".')
    expect(argumentsOf(curl).join()).toContain('b.csv";type=text/csv')
    expect(argumentsOf(curl).join()).not.toContain('headers=')
  })

  it('has a placeholder for a binary body', async () => {
    const { curl } = await clientOf(scriptedServer()).explain('POST /batch/', {
      body: new Blob(['x']) as never,
    })
    expect(curl).toContain('# Replace PATH_TO_BODY with the path of the body.')
    expect(filesRead(argumentsOf(curl))).toEqual(['PATH_TO_BODY'])
  })

  it.each([
    "it's $(touch x) `id` \\ !! $HOME",
    'two\nlines\r\nand \t tabs',
    "\u001b[31m'red\u0007 \u0085 \u007f\\",
    '-K /etc/passwd',
    '# no comment',
  ])('passes the hostile string %j unchanged', async (text) => {
    const parts = argumentsOf(await curlOf({ name: text }))
    expect(parts).toContain(`name=${text}`)
    const body = { key: text, name: text }
    const { curl } = await clientOf(scriptedServer()).explain(create, { body } as never)
    expect(argumentsOf(curl).at(-1)).toBe(JSON.stringify(body))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal obeys these
    expect(curl).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })

  it('warns that a command line cannot contain NUL', async () => {
    const curl = await curlOf({ name: 'a\0b' })
    expect(curl).toMatch(/^# .*NUL/)
    expect(argumentsOf(curl)).toContain('name=ab')
  })

  it('shows no cookie, key or other secret', async () => {
    const posthog = clientOf(scriptedServer(), {
      apiKey: 'LegacyKeyWithoutPrefix',
      headers: { Cookie: 'session=COOKIE', 'X-Tenant-Token': 'TENANT', 'X-Team': 'a' },
    })
    const input = { query: { personal_api_key: 'OtherLegacyKey', search: 'LegacyKeyWithoutPrefix' } }
    const headers = { Authorization: 'Bearer phx_Secret123', 'Proxy-Authorization': 'Basic cHJveHk=' }
    const read = await posthog.explain(flags, input as never, { headers })
    const body = {
      key: 'a',
      name: 'LegacyKeyWithoutPrefix',
      filters: { note: 'phx_Secret123', cookie: 'COOKIE' },
    }
    const write = await posthog.explain(create, { body } as never, { headers })
    for (const shown of [read.curl, read.url, write.curl]) {
      expect(shown).not.toMatch(/LegacyKey|Secret123|session=|TENANT|cHJveHk/)
    }
    const parts = argumentsOf(read.curl)
    expect(parts).toContain('Authorization: Bearer from-the-environment')
    expect(parts).toContain('cookie: [redacted]')
    expect(parts).toContain('x-team: a')
    expect(parts.filter((part) => /^authorization:/i.test(part))).toHaveLength(1)
    expect(read.url).toContain('personal_api_key=REDACTED')
  })

  it('keeps an empty header', async () => {
    const { curl } = await clientOf(scriptedServer(), { headers: { 'X-Empty': '' } }).explain(flags)
    expect(argumentsOf(curl)).toContain('x-empty;')
  })
})
