import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createLogger, isLogLevel, type LogLevel } from '../../../../src/runtime/observe/logger.ts'
import { redact, redactValue } from '../../../../src/runtime/observe/redact.ts'

function recorder(): { lines: unknown[][]; logger: ReturnType<typeof createLogger> } {
  const lines: unknown[][] = []
  const add =
    (level: string) =>
    (...line: unknown[]): void =>
      void lines.push([level, ...line])
  return { lines, logger: { debug: add('debug'), info: add('info'), warn: add('warn'), error: add('error') } }
}

describe('createLogger', () => {
  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['off', []],
  ] as const)('at level %s writes %j', (level, written) => {
    const { lines, logger } = recorder()
    const log = createLogger(logger, level)
    log.debug('x')
    log.info('x')
    log.warn('x')
    log.error('x')
    expect(lines.map(([name]) => name)).toEqual(written)
  })

  it('does no work for lines below its level', () => {
    const { logger } = recorder()
    let looked = 0
    const fields = {
      get costly() {
        looked += 1
        return 1
      },
    }
    createLogger(logger, 'info').debug('x', fields)
    expect(looked).toBe(0)
    createLogger(logger, 'debug').debug('x', fields)
    expect(looked).toBe(1)
  })

  it('redacts keys in messages and fields', () => {
    const { lines, logger } = recorder()
    createLogger(logger, 'debug').warn('sent phx_abcdef', {
      url: 'https://a.test/?k=phs_abcdef&x=1',
      headers: { Authorization: 'Basic abc', 'x-a': 'Bearer abcdef' },
      apiKey: 'old-key-without-prefix',
      count: 1n,
    })
    expect(lines).toEqual([
      [
        'warn',
        'sent phx_[redacted]',
        {
          url: 'https://a.test/?k=phs_[redacted]&x=1',
          headers: { Authorization: '[redacted]', 'x-a': 'Bearer [redacted]' },
          apiKey: '[redacted]',
          count: '1',
        },
      ],
    ])
  })

  it('omits only fields that JSON cannot represent', () => {
    const circle: Record<string, unknown> = {
      kept: 1,
      big: 2n,
      none: undefined,
      call() {},
      sign: Symbol('x'),
    }
    circle['self'] = circle
    circle['list'] = [circle, () => {}, 3n]
    circle['date'] = new Date(Number.NaN)
    circle['throws'] = { toJSON: () => JSON.parse('{') as unknown }
    Object.defineProperty(circle, 'getter', { enumerable: true, get: () => JSON.parse('{') as unknown })
    const unreadable = {
      ownKeys: () => {
        throw new Error('no')
      },
    }
    circle['proxy'] = new Proxy({}, unreadable)
    expect(redactValue(circle)).toEqual({ kept: 1, big: '2', list: [null, null, '3'], date: null })
    expect(redactValue(undefined)).toBeUndefined()
  })

  it('serializes errors and headers in fields', () => {
    const fields = {
      error: Object.assign(new TypeError('x'), { code: 'E' }),
      headers: new Headers({ cookie: 'a' }),
    }
    expect(redactValue(fields)).toEqual({
      error: { name: 'TypeError', message: 'x', code: 'E' },
      headers: { cookie: '[redacted]' },
    })
  })

  it('ignores a target that throws or rejects', async () => {
    const broken = vi.fn((): never => {
      throw new Error('disk full')
    })
    const log = createLogger(
      { debug: broken, info: async () => broken(), warn: broken, error: broken },
      'debug',
    )
    log.debug('x')
    log.info('x')
    log.error('x')
    await new Promise((resolve) => setImmediate(resolve))
    expect(broken).toHaveBeenCalledTimes(3)
  })

  it('knows its levels', () => {
    const names: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'off']
    expect(names.every(isLogLevel)).toBe(true)
    expect(['', 'DEBUG', null, 3].some(isLogLevel)).toBe(false)
  })
})

describe('redact', () => {
  it('does not redact key prefixes and public tokens', () => {
    const text = 'Use a personal key (phx_), not phc_publictoken.'
    expect(redact(text)).toBe(text)
  })

  it('redacts every private key, at any position', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{20,40}$/)
    fc.assert(
      fc.property(
        fc.constantFrom('phx_', 'phs_', 'pha_', 'phr_', 'Bearer '),
        secret,
        fc.string(),
        (prefix, key, after) => {
          return !redact(`at "${prefix}${key}" ${after}`).includes(key)
        },
      ),
    )
  })
})
