import { describe, expect, it } from 'vitest'
import { exitCodes } from '../../../src/cli/cli-io.ts'
import { describeError, suggestName } from '../../../src/cli/errors.ts'
import { LockError } from '../../../src/codegen/lock-file.ts'
import { TotalTimeoutError } from '../../../src/runtime/errors/call-errors.ts'
import { ConfigurationError } from '../../../src/runtime/errors/posthog-error.ts'

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

describe('describeError', () => {
  it.each([
    ['Check `host`.', 'Check `--host`.'],
    ['Check the `region` or `host` in use.', 'Check the `--host` in use.'],
    ['Check `projectId`, `region` and `host`.', 'Check `--project` and `--host`.'],
    ['Pass `orderBy`.', 'Pass `--order-by`.'],
    ['Use `.stream({ orderBy })`. `await` the query for its rows.', 'Use `--order-by`.'],
    ['Pass `overwrite: true`.', 'Pass `--overwrite`.'],
    ['Send its variables: run `typehog endpoints pull`.', 'Send its variables: see `typehog endpoints ls`.'],
    ['`cause` has the details.', '`--debug` has the details.'],
  ])('names flags in place of the options in %j', (fix, expected) => {
    expect(describeError(new ConfigurationError({ message: 'Wrong.', fix }))).toEqual({
      message: 'Wrong.',
      fix: expected,
      exitCode: exitCodes.usage,
    })
  })

  it('suggests no timeout option, since the CLI has none', () => {
    const { fix, exitCode } = describeError(new TotalTimeoutError('GET /api/', 10))
    expect(fix).toBe('Request less data, or run the command again.')
    expect(exitCode).toBe(exitCodes.failure)
  })

  it('exits with 2 for an invalid lock file', () => {
    const error = new LockError('x.lock.json', '', 'is not JSON', 'typehog queries pull')
    expect(describeError(error)).toEqual({
      message: 'x.lock.json is not JSON.',
      fix: 'Restore it from version control, or run `typehog queries pull` to recreate it.',
      exitCode: exitCodes.usage,
    })
  })

  it('exits with 2 for a file error', () => {
    const error = Object.assign(new Error('ENOENT: x'), { code: 'ENOENT', path: 'x' })
    expect(describeError(error)).toEqual({ message: 'ENOENT: x', fix: 'Check the path.', exitCode: 2 })
  })
})
