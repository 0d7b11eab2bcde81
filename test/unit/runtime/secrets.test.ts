import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { resolveConfig } from '../../../src/runtime/config/resolve.ts'
import type { Platform } from '../../../src/runtime/platform.ts'
import { json, key } from '../fake-server.ts'
import { envelope, failure, sender } from './harness.ts'
import { virtualPlatform } from './virtual-platform.ts'

const everyView = (value: unknown): string =>
  [
    inspect(value, { depth: 10, showHidden: true }),
    JSON.stringify(value),
    value instanceof Error ? `${value.message}${value.stack}${value}` : '',
  ].join('\n')

const failing: readonly (readonly [string, (request: Request) => Response | Promise<Response>])[] = [
  [
    'an error response that repeats the key',
    () => envelope(401, 'authentication_failed', `The key ${key} is invalid.`),
  ],
  ['further fields that repeat the key', () => json({ error: 'x', sent: { header: `Bearer ${key}` } }, 400)],
  ['HTML that repeats the key', () => new Response(`<html>${key}</html>`, { status: 502 })],
  ['a failed connection', () => Promise.reject(new TypeError('fetch failed'))],
  [
    'a redirect elsewhere',
    () => new Response(null, { status: 302, headers: { location: 'https://evil.test/' } }),
  ],
]

describe('the key', () => {
  it.each(failing)('is not in any error: %s', async (_, fetch) => {
    const error = await failure(sender(virtualPlatform(fetch))())
    expect(everyView(error)).not.toContain('Secret0123')
    expect(error.name).not.toBe('Error')
  })

  it('is not in the error of an invalid key', async () => {
    const platform = virtualPlatform(() => json({}))
    for (const apiKey of [
      'phc_Secret0123',
      'phr_Secret0123',
      'phx_Secret0123 x',
      'phx_Secret0123\nx',
      'phx_Secret0123é',
    ]) {
      const attempted = Promise.resolve().then(() => sender(platform, { apiKey })())
      expect(everyView(await failure(attempted))).not.toContain('Secret0123')
      expect(everyView(await failure(sender(platform, { apiKey: () => apiKey })()))).not.toContain(
        'Secret0123',
      )
    }
  })

  it('is not in any log line', async () => {
    const lines: unknown[] = []
    const add = (...line: unknown[]): void => void lines.push(line)
    const logger = { debug: add, info: add, warn: add, error: add }
    let calls = 0
    const platform: Platform = virtualPlatform(() => {
      calls += 1
      return calls === 1 ? envelope(503, 'error', key) : json({})
    })
    await sender(platform, {
      logger,
      logLevel: 'debug',
      onRequest: () => {
        throw new Error(key)
      },
    })({ path: `/api/things/?personal_api_key=${key}` })
    expect(lines.length).toBeGreaterThan(4)
    expect(everyView(lines)).not.toContain('Secret0123')
  })

  it('is not in the configuration, however you print or copy it', () => {
    const config = resolveConfig({ apiKey: key }, {})
    expect(everyView(config)).not.toContain('Secret0123')
    expect(everyView({ ...config })).not.toContain('Secret0123')
    for (const part of [config, config.retry, config.headers, config.middleware, config.hooks]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
    expect(config.keyKind).toBe('personal')
  })
})
