import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { type CliIo, exitCodes } from '../../../src/cli/cli-io.ts'
import { describeError, suggestName } from '../../../src/cli/errors.ts'
import { type Flags, flagsIn } from '../../../src/cli/library-fixes.ts'
import { flagsOf } from '../../../src/cli/options.ts'
import { createTerminal } from '../../../src/cli/output/terminal.ts'
import { createProgram } from '../../../src/cli/program.ts'
import { LockError } from '../../../src/codegen/lock-file.ts'
import { truncatedResultError } from '../../../src/resources/query/query-result.ts'
import {
  APIError,
  MissingVariablesError,
  NotFoundError,
  RateLimitError,
  WrongRegionError,
} from '../../../src/runtime/errors/api-errors.ts'
import {
  AttemptTimeoutError,
  IdleTimeoutError,
  TotalTimeoutError,
} from '../../../src/runtime/errors/call-errors.ts'
import { catalogue } from '../../../src/runtime/errors/fixes.ts'
import { ConfigurationError, type PostHogError } from '../../../src/runtime/errors/posthog-error.ts'
import { ResponseTooLargeError } from '../../../src/runtime/errors/result-errors.ts'

describe('suggestName', () => {
  it('suggests the closest name', () => {
    expect(suggestName('top-page', ['plan-revenue', 'top-pages'])).toBe('Did you mean "top-pages"?')
  })

  it('lists up to ten names when none is close', () => {
    const names = Array.from({ length: 12 }, (_, index) => `endpoint-${index}`)
    expect(suggestName('zzz', names)).toMatch(/^Available: endpoint-0, .*endpoint-9 and 2 more\.$/)
    expect(suggestName('zzz', names.slice(0, 2))).toBe('Available: endpoint-0, endpoint-1.')
    expect(suggestName('zzz', [])).toBe('There are no names to choose from.')
  })
})

/** A stream that drops its text. */
const nowhere = { write: () => true }
const io: CliIo = {
  argv: [],
  env: {},
  cwd: '/nonexistent',
  stdout: nowhere,
  stderr: nowhere,
  isTTY: { stdout: false, stderr: false },
  columns: undefined,
  signal: new AbortController().signal,
}

/** Commands without subcommands, by name, such as `endpoints run`. */
function leaves(command: Command, path: readonly string[] = []): (readonly [string, Flags])[] {
  if (command.commands.length === 0) return [[path.join(' '), flagsOf(command)]]
  return command.commands.flatMap((child) => leaves(child, [...path, child.name()]))
}

const commands = new Map(leaves(createProgram(io, createTerminal(io, new Set()), async () => {})))
const flagsFor = (name: string): Flags => {
  const flags = commands.get(name)
  if (flags === undefined) throw new Error(`There is no command ${name}.`)
  return flags
}
const query = flagsFor('query')
const run = flagsFor('endpoints run')

const facts = { message: 'Wrong.', operation: 'GET /api/', status: 400 }
const fixed = (fix: string): ConfigurationError => new ConfigurationError({ message: 'Wrong.', fix })

/** Errors of the library that have more than a fix. */
const typedErrors: readonly PostHogError[] = [
  new TotalTimeoutError('GET /api/', 10),
  new AttemptTimeoutError('GET /api/', 10),
  new IdleTimeoutError('GET /api/', 10),
  new ResponseTooLargeError('GET /api/', 'body', 10),
  truncatedResultError(100, [], { reason: 'row_limit', limit: 100 }),
  truncatedResultError(100, [], { reason: 'row_cap', limit: 50_000 }),
  new RateLimitError({ ...facts, fix: 'Wait until `retryAt`: all jobs share it.', retryAt: new Date(0) }),
  new MissingVariablesError({ ...facts, fix: 'Send every variable.', missing: ['plan', 'since'] }),
  new NotFoundError({
    ...facts,
    fix: 'The current version is 3: run `typehog endpoints pull`.',
    routeUnknown: false,
    currentVersion: 3,
  }),
  new WrongRegionError({
    ...facts,
    fix: "Pass `region: 'eu'`.",
    region: 'eu',
    host: 'https://us.posthog.com',
  }),
]

describe('describeError', () => {
  it.each([
    ['Check `host`.', 'Check `--host`.'],
    ['Check the `region` or `host` in use.', 'Check the `--host` in use.'],
    ['Check `projectId`, `region` and `host`.', 'Check `--project` and `--host`.'],
    ['Add a column to `orderBy`.', 'Add a column to `--order-by`.'],
    [
      'Choose another path, or pass `overwrite: true`.',
      'Pass another `--output`, or add `--overwrite` to replace the file.',
    ],
    [
      'Remove it: the stream returns all rows, and `break` ends it.',
      'Remove the LIMIT, or omit `--order-by`.',
    ],
    ['Check `host`; `cause` has the details.', 'Check `--host`; `--debug` shows the details.'],
  ])('names flags of query in place of the options in %j', (fix, expected) => {
    expect(describeError(fixed(fix), query)).toEqual({
      message: 'Wrong.',
      fix: expected,
      exitCode: exitCodes.usage,
    })
  })

  it('names flags of the command in hand only', () => {
    const error = truncatedResultError(100, [], { reason: 'row_limit', limit: 100 })
    expect(describeError(error, query).fix).toBe('Add a LIMIT, or read all rows with `--order-by`.')
    expect(describeError(error, run).fix).toBe('Add a LIMIT.')
  })

  const catalogued = catalogue.map(([, fix]) => new APIError({ ...facts, fix }))
  it.each([...commands.keys()])('names neither options nor other flags to %s', (name) => {
    const flags = flagsFor(name)
    for (const error of [...typedErrors, ...catalogued]) {
      const { fix = '' } = describeError(error, flags)
      expect(flagsIn(fix).filter((flag) => !flags.has(flag))).toEqual([])
      expect(fix).not.toMatch(
        /`(?:apiKey|region\b|host|projectId|retryAt|\w*[tT]imeout|cause|explain|oauth|\.(?:stream|asResponse))/,
      )
    }
  })

  it('uses the facts of the error in the fix', () => {
    expect(typedErrors.slice(6).map((error) => describeError(error, run).fix)).toEqual([
      'Wait until 1970-01-01T00:00:00.000Z, then run the command again: all jobs with this key share the limit.',
      'Pass `--var plan=…` and `--var since=…`.',
      'Pass `--ver 3`, or omit `--ver` for the latest version.',
      'Pass `--host https://eu.posthog.com`, or set POSTHOG_HOST to this URL.',
    ])
  })

  it('keeps the warning about a write with an unknown outcome', () => {
    const warning = 'PostHog may have processed the request: check before you send it again.'
    expect(describeError(fixed(`${warning} Request less data, or raise \`timeout\`.`), query).fix).toBe(
      `${warning} Request less data, or run the command again.`,
    )
  })

  it('suggests no timeout option, since the CLI has none', () => {
    const { fix, exitCode } = describeError(new TotalTimeoutError('GET /api/', 10), query)
    expect(fix).toBe('Request less data, or run the command again.')
    expect(exitCode).toBe(exitCodes.failure)
  })

  it('exits with 2 for an invalid lock file', () => {
    const error = new LockError('x.lock.json', '', 'is not JSON', 'typehog queries pull')
    expect(describeError(error, query)).toEqual({
      message: 'x.lock.json is not JSON.',
      fix: 'Restore it from version control, or run `typehog queries pull` to recreate it.',
      exitCode: exitCodes.usage,
    })
  })

  it('exits with 2 for a file error', () => {
    const error = Object.assign(new Error('ENOENT: x'), { code: 'ENOENT', path: 'x' })
    expect(describeError(error, query)).toEqual({ message: 'ENOENT: x', fix: 'Check the path.', exitCode: 2 })
  })
})
