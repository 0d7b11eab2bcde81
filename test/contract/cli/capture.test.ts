import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

const bare = 'phx_bare0000000000000000000000000000000000000000'
let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness([{ value: bare, kind: 'personal', scopes: ['query:read'] }])
})
beforeEach(() => harness.posthog.faults.clear())
afterAll(() => harness[Symbol.asyncDispose]())

const capture = (...argv: string[]): ReturnType<CliHarness['run']> => harness.run(['capture', ...argv])
const uuid = '018f3c1e-0000-7000-8000-00000000abcd'

async function rowsOf(event: string, columns: string): Promise<unknown> {
  const query = `select ${columns} from events where event = '${event}'`
  const { results } = (await harness.api('POST', 'query/', { query: { kind: 'HogQLQuery', query } })) as {
    results: unknown
  }
  return results
}

describe('capture', () => {
  it('captures the event and prints what it sent', async () => {
    const { code, out, err } = await capture(
      'signed up',
      ...[
        '--distinct-id',
        'cli-1',
        '--property',
        'plan=pro',
        '--property',
        'seats=3',
        '--property',
        'trial=false',
      ],
      ...['--timestamp', '2026-01-31T12:00:00+01:00', '--uuid', uuid],
    )
    expect(code).toBe(0)
    expect(out).toBe(
      [
        `Sent to project 1 on ${harness.url}:`,
        'event        signed up',
        'distinct id  cli-1',
        'time         2026-01-31T11:00:00.000Z',
        `uuid         ${uuid}`,
        '  plan       pro',
        '  seats      3',
        '  trial      false',
        '',
      ].join('\n'),
    )
    expect(err).toBe('PostHog processes events later: it shows this one within a minute or so.\n')
    const columns = 'distinct_id, toString(uuid), properties.plan, properties.seats, toString(timestamp)'
    expect(await rowsOf('signed up', columns)).toEqual([
      ['cli-1', uuid, 'pro', expect.anything(), expect.stringContaining('2026-01-31')],
    ])
  })

  it('sets properties of the person', async () => {
    await capture('person set', '--distinct-id', 'cli-2', '--set', 'plan=pro', '--set-once', 'source=ads')
    await capture('person set', '--distinct-id', 'cli-2', '--set', 'plan=free', '--set-once', 'source=mail')
    const { out } = await harness.run(['persons', 'get', 'cli-2', '--json'])
    expect(JSON.parse(out).properties).toEqual({ plan: 'free', source: 'ads' })
  })

  it('reads properties from JSON, a file and stdin; --property takes precedence', async () => {
    await writeFile(join(harness.folder, 'properties.json'), '{"from":"file","n":0}')
    const stdin = async (): Promise<string> => '{"from":"stdin","n":0}'
    const sources = [
      ['{"from":"text","n":0}', { from: 'text', n: 1 }],
      ['@properties.json', { from: 'file', n: 1 }],
      ['-', { from: 'stdin', n: 1 }],
    ] as const
    for (const [source, expected] of sources) {
      const argv = [
        'capture',
        'x',
        '--distinct-id',
        'a',
        '--properties',
        source,
        '--property',
        'n=1',
        '--dry-run',
      ]
      const { out } = await harness.run([...argv, '--json'], { stdin })
      expect(JSON.parse(out).event.properties).toEqual(expected)
    }
  })

  it('adds --set to $set of --properties', async () => {
    const argv = [
      'x',
      '--distinct-id',
      'a',
      '--properties',
      '{"$set":{"a":1,"b":1}}',
      '--set',
      'b=2',
      '--dry-run',
    ]
    const { out } = await capture(...argv, '--json')
    expect(JSON.parse(out).event.properties).toEqual({ $set: { a: 1, b: 2 } })
  })

  it('sends nothing with --dry-run, and needs no key', async () => {
    const before = harness.posthog.requests.length
    const argv = [
      'capture',
      'signed up',
      '--distinct-id',
      'cli-1',
      '--property',
      'n=0',
      '--dry-run',
      '--json',
    ]
    const { code, out, err } = await harness.run(argv, { env: {} })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(out)).toEqual({
      ok: true,
      dryRun: true,
      event: {
        event: 'signed up',
        distinctId: 'cli-1',
        timestamp: expect.any(String),
        uuid: expect.any(String),
        properties: { n: 0 },
      },
    })
    expect(harness.posthog.requests.length).toBe(before)
  })

  it('uses --token in place of the scope project:read', async () => {
    const env = { ...harness.env, POSTHOG_PERSONAL_API_KEY: bare }
    const argv = ['capture', 'by token', '--distinct-id', 'cli-3']
    const missing = await harness.run(argv, { env })
    expect(missing.code).toBe(3)
    expect(missing.err).toContain('project:read')
    const [project] = await tokens()
    const { code, out, err } = await harness.run([...argv, '--token', project ?? ''], { env })
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Sent to the project of --token') })
    expect(err).toContain('PostHog also accepts unknown tokens, and drops their events.')
    expect(await rowsOf('by token', 'distinct_id')).toEqual([['cli-3']])
  })

  it('needs no key with --token', async () => {
    const [project = ''] = await tokens()
    const env = { POSTHOG_HOST: harness.env['POSTHOG_HOST'] }
    const argv = ['capture', 'without key', '--distinct-id', 'cli-4']
    expect(await harness.run(argv, { env })).toMatchObject({
      code: 2,
      err: expect.stringContaining('No API key'),
    })
    const { code, out } = await harness.run([...argv, '--token', project], { env })
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Sent to the project of --token') })
    expect(await rowsOf('without key', 'distinct_id')).toEqual([['cli-4']])
  })

  async function tokens(): Promise<string[]> {
    const response = await fetch(`${harness.url}/api/projects/`, {
      headers: { authorization: `Bearer ${harness.posthog.personalApiKey}` },
    })
    const { results } = (await response.json()) as { results: { api_token: string }[] }
    return results.map(({ api_token }) => api_token)
  }

  it('says how to send an event again without a duplicate', async () => {
    harness.posthog.faults.add({ path: '/batch/', status: 400, body: 'invalid', times: 5 })
    const { code, out, err } = await capture('lost', '--distinct-id', 'cli-4', '--uuid', uuid)
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(err).toContain('Error: The event was not captured: POST /batch/ returned 400')
    expect(err).toMatch(new RegExp(`without a duplicate, add --uuid ${uuid} --timestamp 20\\d\\d-`))
  })

  it.each([
    [['x'], 2, "required option '--distinct-id <id>'"],
    [[' ', '--distinct-id', 'a'], 2, 'the name of the event not to be empty'],
    [['x', '--distinct-id', ''], 2, '--distinct-id not to be empty'],
    [['x', '--distinct-id', 'a', '--property', 'plan'], 2, 'Expected --property name=value'],
    [['x', '--distinct-id', 'a', '--set', 'p=1', '--set', 'p=2'], 2, 'Got --set p twice'],
    [['x', '--distinct-id', 'a', '--property', 'n=12345678901234567890'], 2, '"123"'],
    [['x', '--distinct-id', 'a', '--properties', '{"a":{"b":[12345678901234567890]}}'], 2, 'too large'],
    [['x', '--distinct-id', 'a', '--properties', '[1]'], 2, 'to be a JSON object, got [1]'],
    [['x', '--distinct-id', 'a', '--properties', '{'], 2, 'is not valid JSON'],
    [['x', '--distinct-id', 'a', '--properties', '@none.json'], 2, 'none.json'],
    [['x', '--distinct-id', 'a', '--timestamp', '2026-02-30'], 2, 'time with a time zone'],
    [['x', '--distinct-id', 'a', '--timestamp', '2026-02-01T12:00:00'], 2, 'time with a time zone'],
    [['x', '--distinct-id', 'a', '--uuid', '7'], 2, 'Expected --uuid to be a UUID'],
    [['x', '--distinct-id', 'a', '--token', 'phx_abcdefgh'], 2, 'Expected `--token` to be the public token'],
  ])('%j exits with %i', async (argv, expected, message) => {
    const before = harness.posthog.requests.length
    const { code, out, err } = await capture(...argv)
    expect({ code, out }).toEqual({ code: expected, out: '' })
    expect(err).toContain(message)
    expect(harness.posthog.requests.length).toBe(before)
  })

  it('rejects a wrong key, and a project secret key without --token', async () => {
    const run = (env: Readonly<Record<string, string>>): ReturnType<CliHarness['run']> =>
      harness.run(['capture', 'x', '--distinct-id', 'a'], { env: { ...harness.env, ...env } })
    expect(await run({ POSTHOG_PERSONAL_API_KEY: 'phx_nobody' })).toMatchObject({
      code: 3,
      err: expect.stringContaining('Check that the key still exists'),
    })
    const { projectSecretKey } = harness.posthog
    const secret = { POSTHOG_PERSONAL_API_KEY: '', POSTHOG_PROJECT_SECRET_API_KEY: projectSecretKey }
    expect(await run(secret)).toMatchObject({ code: 2, err: expect.stringContaining('Pass --token phc_…') })
  })
})
