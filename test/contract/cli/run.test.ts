import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliHarness, hogql, startCliHarness } from './cli-harness.ts'

let harness: CliHarness

beforeAll(async () => {
  harness = await startCliHarness()
  for (const [name, type] of [
    ['n', 'Number'],
    ['flag', 'Boolean'],
    ['word', 'String'],
  ]) {
    await harness.api('POST', 'insight_variables/', { name, type })
  }
  await harness.api('POST', 'endpoints/', {
    name: 'echo',
    query: hogql(
      'select toTypeName({variables.n}) as n, toTypeName({variables.flag}) as flag, {variables.word} as word',
    ),
  })
  await harness.api('POST', 'endpoints/', {
    name: 'numbers',
    query: hogql(`select number, concat('a,', toString(number)) as text from numbers(1000) order by number`),
  })
})

afterAll(() => harness[Symbol.asyncDispose]())

const run = (...argv: string[]): ReturnType<CliHarness['run']> => harness.run(['endpoints', 'run', ...argv])

describe('endpoints run', () => {
  it('converts variables to their declared types', async () => {
    const { code, out } = await run(
      'echo',
      '--var',
      'n=5',
      '--var',
      'flag=true',
      '--var',
      'word=5',
      '--format',
      'json',
    )
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual([
      { n: expect.stringMatching(/Int|Float/), flag: expect.stringMatching(/Bool|UInt8/), word: '5' },
    ])
  })

  it('sends text with a project secret key and warns', async () => {
    const env = {
      ...harness.env,
      POSTHOG_PERSONAL_API_KEY: '',
      POSTHOG_PROJECT_SECRET_API_KEY: harness.posthog.projectSecretKey,
    }
    const argv = [
      'endpoints',
      'run',
      'echo',
      '--var',
      'n=5',
      '--var-json',
      'flag=true',
      '--var',
      'word=x',
      '--format',
      'json',
    ]
    const { code, out, err } = await harness.run(argv, { env })
    expect(code).toBe(0)
    expect(JSON.parse(out)[0].n).toContain('String')
    expect(err).toContain('sent as text')
  })

  it('prints a table to stdout and a summary to stderr', async () => {
    const { out, err } = await run('numbers', '--limit', '2')
    expect(out).toBe(['number  text', '------  ----', '     0  a,0', '     1  a,1', ''].join('\n'))
    expect(err).toBe(
      '2 rows, version 1, not materialized, more rows follow after the limit of 2 (continue with --offset)\n',
    )
  })

  it('prints CSV, NDJSON and JSON', async () => {
    const page = ['numbers', '--limit', '2', '--offset', '3', '--format']
    expect((await run(...page, 'csv')).out).toBe('number,text\r\n3,"a,3"\r\n4,"a,4"\r\n')
    expect((await run(...page, 'ndjson')).out).toBe('{"number":3,"text":"a,3"}\n{"number":4,"text":"a,4"}\n')
    expect(JSON.parse((await run(...page, 'json')).out)).toHaveLength(2)
  })

  it('prints the full result with --json', async () => {
    const { out } = await run('numbers', '--limit', '1', '--json')
    expect(JSON.parse(out)).toMatchObject({
      rows: [{ number: 0, text: 'a,0' }],
      columns: ['number', 'text'],
      complete: { reason: 'page', limit: 1 },
      version: 1,
    })
  })

  it('warns about missing rows even with --quiet', async () => {
    expect((await run('numbers', '--quiet')).err).toMatch(/^100 rows.*INCOMPLETE.*--limit\)\n$/)
    expect((await run('numbers', '--limit', '1000', '--quiet')).err).toBe('')
    expect((await run('numbers', '--limit', '2', '--quiet')).err).toBe('')
  })

  it('runs the version of --ver', async () => {
    await harness.api('POST', 'endpoints/', { name: 'two', query: hogql('select 1 as one') })
    await harness.api('PATCH', 'endpoints/two/', { query: hogql('select 2 as two') })
    expect((await run('two', '--format', 'csv')).out).toBe('two\r\n2\r\n')
    expect((await run('two', '--ver', '1', '--format', 'csv')).out).toBe('one\r\n1\r\n')
    const missing = await run('two', '--ver', '9')
    expect(missing.code).toBe(3)
    expect(missing.err).toContain('9')
  })

  it('prints items of an insight, which has no columns', async () => {
    await harness.api('POST', 'endpoints/', {
      name: 'trend',
      query: { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: '$pageview' }] },
    })
    const { code, out } = await run('trend', '--format', 'ndjson')
    expect(code).toBe(0)
    expect(JSON.parse(out.split('\n')[0] ?? '')).toHaveProperty('data')
    expect((await run('trend')).out.split('\n')[0]).toContain('data')
  })

  it.each([
    [['nmbers'], 2, 'Did you mean "numbers"?'],
    [['zzz'], 2, 'typehog endpoints ls'],
    [['echo', '--var', 'n=five'], 2, 'to be a number'],
    [['echo', '--var', 'flag=yes'], 2, 'to be a boolean'],
    [['echo', '--var', 'wrd=x'], 3, 'Did you mean "word"?'],
    [['numbers', '--refresh', 'direct'], 3, 'refresh'],
    [['two words'], 2, 'no endpoint'],
  ])('%j exits with %i', async (argv, expected, hint) => {
    const { code, out, err } = await run(...argv)
    expect({ code, out }).toEqual({ code: expected, out: '' })
    expect(err).toContain(hint)
  })
})

describe('endpoints ls', () => {
  it('lists all endpoints', async () => {
    const { code, out } = await harness.run(['endpoints', 'ls'])
    expect(code).toBe(0)
    const [head, , ...rows] = out.trimEnd().split('\n')
    expect(head?.split(/ {2,}/)).toEqual([
      'name',
      'version',
      'kind',
      'materialized',
      'active',
      'variables',
      'last run',
    ])
    expect(rows.find((row) => row.startsWith('echo'))).toMatch(/HogQLQuery +no +yes +n, flag, word +\S/)
  })

  it('prints JSON', async () => {
    const { out } = await harness.run(['endpoints', 'ls', '--json'])
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({ name: 'echo', version: 1, variables: ['n', 'flag', 'word'], active: true }),
    )
  })
})
