import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../src/cli/errors.ts'
import { type CliHarness, startCliHarness, terminal } from './cli-harness.ts'

const reader = 'phx_reader00000000000000000000000000000000000000'
let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness([{ value: reader, kind: 'personal', scopes: ['person:read'] }])
})
beforeEach(async () => {
  await harness.posthog.reset()
  const set = (email: string, plan: string): Record<string, unknown> => ({ $set: { email, plan } })
  await harness.posthog.events.insert([
    { event: 'x', distinctId: 'u-1', properties: set('one@example.com', 'pro') },
    { event: 'x', distinctId: 'u-2', properties: set('two@example.com', 'free') },
    { event: 'x', distinctId: 'u-3', properties: set('two@example.com', 'pro') },
    { event: '$identify', distinctId: 'u-1', properties: { $anon_distinct_id: 'anon-1' } },
  ])
})
afterAll(() => harness[Symbol.asyncDispose]())

const persons = (...argv: string[]): ReturnType<CliHarness['run']> => harness.run(['persons', ...argv])
const deletions = (): unknown[] =>
  harness.posthog.requests.filter(({ path }) => path.includes('bulk_delete')).map(({ body }) => body)

describe('persons get', () => {
  it('finds a person by distinct id, email address and UUID', async () => {
    const { code, out } = await persons('get', 'anon-1', '--json')
    expect(code).toBe(0)
    const person = JSON.parse(out)
    expect(person).toMatchObject({ properties: { email: 'one@example.com', plan: 'pro' } })
    expect(person.distinct_ids.toSorted()).toEqual(['anon-1', 'u-1'])
    for (const id of [person.uuid, 'one@example.com', 'u-1']) {
      expect(JSON.parse((await persons('get', id, '--json')).out).uuid).toBe(person.uuid)
    }
  })

  it('prints distinct ids and properties', async () => {
    const { code, out } = await persons('get', 'u-2')
    expect(code).toBe(0)
    expect(out).toMatch(/^name {10}two@example.com\nuuid {10}[\da-f-]{36}\ncreated {7}\d{4}-/)
    expect(out).toContain('\ndistinct ids  u-2\n')
    expect(out).toMatch(/properties\n {2}email {2}two@example.com\n {2}plan {3}free\n$/)
  })

  it('finds a person whose distinct id is a UUID', async () => {
    const distinctId = '018f3c1e-0000-7000-8000-00000000abcd'
    await harness.posthog.events.insert([{ event: 'x', distinctId, properties: {} }])
    expect(JSON.parse((await persons('get', distinctId, '--json')).out).distinct_ids).toEqual([distinctId])
  })

  it('lists the UUIDs of several persons with one email address', async () => {
    const { code, out, err } = await persons('get', 'two@example.com')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('Several persons have the email address "two@example.com".')
    expect(err).toMatch(/Pass the UUID of one: [\da-f-]{36}, [\da-f-]{36}\./)
  })

  it.each([
    ['nobody', /no person with the distinct id, email address or UUID "nobody"/],
    ['no@example.com', /Distinct ids are case-sensitive/],
    ['018f3c1e-0000-7000-8000-000000000000', /no person/],
    [' ', /got none/],
  ])('exits with 2 for %j', async (id, message) => {
    const { code, err } = await persons('get', id)
    expect(code).toBe(2)
    expect(err).toMatch(message)
  })
})

describe('persons erase', () => {
  it('lists the persons with --dry-run and erases none', async () => {
    const { code, out, err } = await persons('erase', 'u-1', 'anon-1', 'nobody', 'u-2', '--dry-run')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(`2 persons of project 1 on ${harness.url}, with their events and recordings:\n`)
    expect(out).toMatch(/^one@example.com {2}[\da-f-]{36} {2}u-1, anon-1 {2}/m)
    expect(out).toMatch(/No person has the distinct id nobody\nNothing was erased.\n$/)
    const json = JSON.parse((await persons('erase', 'u-1', 'nobody', '--dry-run', '--json')).out)
    expect(json).toMatchObject({ ok: true, dryRun: true, unknownIds: ['nobody'] })
    expect(json.persons).toMatchObject([{ name: 'one@example.com', distinctIds: ['u-1'] }])
    expect(deletions()).toEqual([])
  })

  it('erases with --yes and prints the receipt', async () => {
    const { code, out, err } = await persons('erase', 'u-1', 'u-1', 'nobody', '--yes')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n').slice(0, 5)).toEqual([
      'requested   2 distinct ids',
      'found       1 person',
      'deleted     1 person',
      'events      queued: PostHog deletes them on Sundays at 5:00 UTC',
      'recordings  queued',
    ])
    expect((await persons('get', 'u-1')).code).toBe(2)
    expect((await persons('get', 'u-2')).code).toBe(0)
  })

  it('keeps events and recordings on request, and prints the whole receipt with --json', async () => {
    const argv = ['erase', 'u-3', '--keep-events', '--keep-recordings', '--yes', '--json']
    const { code, out } = await persons(...argv)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      ok: true,
      dryRun: false,
      requested: 1,
      found: 1,
      deleted: 1,
      queued: 0,
      unreported: 0,
      eventsQueued: false,
      recordingsQueued: false,
      refused: [],
      failed: [],
      at: expect.any(String),
    })
    const kept = { delete_events: false, delete_recordings: false, keep_person: false }
    expect(deletions()).toEqual([{ distinct_ids: ['u-3'], ...kept }])
  })

  it('asks on a terminal, and refuses without one', async () => {
    const refused = await persons('erase', 'u-1')
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('Add --yes to apply them') })
    expect((await persons('erase', 'u-1', '--json')).code).toBe(2)
    const declined = await harness.run(['persons', 'erase', 'u-1'], terminal('no'))
    expect(declined).toMatchObject({
      code: 0,
      out: expect.stringMatching(/one@example.com.*\nNothing was erased.\n$/),
    })
    expect(deletions()).toEqual([])
    const confirmed = await harness.run(['persons', 'erase', 'u-1'], terminal('yes'))
    expect(confirmed).toMatchObject({ code: 0, out: expect.stringMatching(/deleted.*1 person\n/) })
    expect(deletions()).toHaveLength(1)
  })

  it('asks nothing if there is no person', async () => {
    const { code, out } = await persons('erase', 'nobody')
    expect({ code, out }).toEqual({
      code: 0,
      out: 'No person has the distinct id nobody\nNothing was erased.\n',
    })
  })

  it('exits with 3 and names the scope that the key lacks', async () => {
    const env = { ...harness.env, POSTHOG_PERSONAL_API_KEY: reader }
    const { code, out, err } = await harness.run(['persons', 'erase', 'u-1', '--yes'], { env })
    expect(code).toBe(3)
    expect(out).toContain('deleted     0 persons')
    expect(err).toContain('The request for 1 distinct id failed. It is safe to erase them again:\n  u-1\n')
    expect(err).toContain('person:write')
    const json = JSON.parse((await harness.run(['persons', 'erase', 'u-1', '--yes', '--json'], { env })).out)
    expect(json).toMatchObject({ ok: false, failed: [{ ids: ['u-1'], error: { fix: expect.any(String) } }] })
    expect((await persons('get', 'u-1')).code).toBe(0)
  })

  it('says that persons may be erased after Ctrl-C', async () => {
    harness.posthog.faults.add({ stall: 'headers', path: '/bulk_delete/' })
    const interruption = new AbortController()
    const running = harness.run(['persons', 'erase', 'u-1', '--yes'], { signal: interruption.signal })
    await expect.poll(deletions).toHaveLength(1)
    interruption.abort(new InterruptedError())
    expect(await running).toEqual({
      code: 130,
      out: '',
      err: 'PostHog may have erased some of the persons. It is safe to run the command again.\nInterrupted.\n',
    })
  })

  it.each([
    [['erase'], {}, 2, /missing required argument/],
    [['erase', 'u-1', ' ', '--yes'], {}, 2, /got an empty one/],
    [['erase', 'u-1', '--yes', '--project', '@current'], {}, 2, /got @current/],
    [['get', 'u-1'], { POSTHOG_PERSONAL_API_KEY: 'phx_nobody' }, 3, /Check that the key still exists/],
    [
      ['erase', 'u-1', '--yes'],
      { POSTHOG_PERSONAL_API_KEY: '', POSTHOG_PROJECT_SECRET_API_KEY: 'phs_secret' },
      2,
      /with the scope person:write/,
    ],
  ])('%j with %j exits with %i', async (argv, env, expected, message) => {
    const { code, err } = await harness.run(['persons', ...argv], { env: { ...harness.env, ...env } })
    expect(code).toBe(expected)
    expect(err).toMatch(message)
    expect(deletions()).toEqual([])
  })
})
