import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { findDrift } from '../../../../src/resources/endpoints/endpoint-result.ts'
import { BadRequestError, QueryError } from '../../../../src/runtime/errors/api-errors.ts'
import {
  AttemptTimeoutError,
  CallError,
  ConnectionError,
  IdleTimeoutError,
  TimeoutError,
  TotalTimeoutError,
} from '../../../../src/runtime/errors/call-errors.ts'
import {
  ConfigurationError,
  isPostHogError,
  PostHogError,
} from '../../../../src/runtime/errors/posthog-error.ts'

describe('every error', () => {
  it('is an Error with a name, a kind, a fix and its cause', () => {
    const cause = new Error('inner')
    const error = new ConfigurationError({ message: 'What.', fix: 'How.', cause })
    expect(error).toBeInstanceOf(PostHogError)
    expect(error).toMatchObject({ name: 'ConfigurationError', kind: 'configuration', fix: 'How.', cause })
    expect(String(error)).toBe('ConfigurationError: What.')
    expect(new ConfigurationError({ message: 'x' }).fix).toBeUndefined()
    expect('cause' in new ConfigurationError({ message: 'x' })).toBe(false)
  })

  it('is recognized by its brand, from any realm or copy of the package', () => {
    expect(isPostHogError(new ConfigurationError({ message: 'x' }))).toBe(true)
    expect(isPostHogError(runInNewContext("({ [Symbol.for('typehog.error')]: true })"))).toBe(true)
    for (const other of [new Error('x'), { name: 'ConfigurationError' }, 'x', null, undefined]) {
      expect(isPostHogError(other)).toBe(false)
    }
  })

  it('serializes to plain JSON without cause and stack', () => {
    const error = new ConnectionError({
      operation: 'GET /',
      message: 'x',
      cause: new Error('inner'),
      code: 'ECONNRESET',
    })
    expect(error.toJSON()).toEqual({
      name: 'ConnectionError',
      kind: 'connection',
      message: 'x',
      operation: 'GET /',
      attempts: [],
      code: 'ECONNRESET',
      unsent: false,
      transient: true,
    })
  })
})

describe('single errors', () => {
  it('of a timeout name the timeout and its option', () => {
    const options = { attempt: '`timeout`', idle: '`idleTimeout`', total: '`totalTimeout`' }
    for (const Class of [AttemptTimeoutError, IdleTimeoutError, TotalTimeoutError]) {
      const error = new Class('GET /', 5)
      const { phase } = error
      expect(error).toBeInstanceOf(TimeoutError)
      expect(error).toBeInstanceOf(CallError)
      expect(error.message).toMatch(/^GET \/: .* after 5 ms\.$/)
      expect(error.fix).toContain(options[phase])
      expect(error.name).not.toBe('AbortError')
    }
  })

  it('of version drift have both versions', () => {
    const error = findDrift({ name: 'mau' }, 2, { version: 3 })
    expect(error).toMatchObject({ kind: 'version_drift', endpoint: 'mau', pinned: 2, served: 3 })
    expect(error?.message).toBe('Endpoint "mau" is pinned to version 2, but PostHog ran version 3.')
  })
})

describe('toJSON', () => {
  it('omits only values that JSON cannot represent', () => {
    const extra: Record<string, unknown> = { kept: 1, big: 12n, call: () => {} }
    extra['self'] = extra
    const error = new BadRequestError({ operation: 'GET /', status: 400, message: 'x', extra })
    Object.defineProperty(error, 'broken', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    expect(error.toJSON()).toMatchObject({ message: 'x', status: 400, extra: { kept: 1, big: '12' } })
    expect(JSON.stringify(error)).not.toContain('self')
  })

  it('serializes headers to an object, and redacts the values of a query', () => {
    const error = new QueryError({
      operation: 'POST /',
      status: 400,
      message: 'x',
      headers: new Headers({ 'Cf-Ray': 'r' }),
      query: 'select {a}',
      values: { a: 'private' },
      executionId: 'e',
    })
    expect(error.values).toEqual({ a: 'private' })
    expect(error.toJSON()).toMatchObject({
      headers: { 'cf-ray': 'r' },
      query: 'select {a}',
      values: { a: '[redacted]' },
      executionId: 'e',
    })
  })
})
