import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeHost, regionHost, regionOf } from '../../../../src/runtime/config/host.ts'

describe('normalizeHost', () => {
  it.each([
    ['app.posthog.com', 'https://us.posthog.com'],
    ['https://app.posthog.com/', 'https://us.posthog.com'],
    ['us.i.posthog.com', 'https://us.posthog.com'],
    ['https://us-assets.i.posthog.com', 'https://us.posthog.com'],
    ['http://eu.i.posthog.com/flags', 'https://eu.posthog.com'],
    ['EU.posthog.com', 'https://eu.posthog.com'],
    ['https://us.posthog.com/project/12/insights', 'https://us.posthog.com'],
    [' posthog.acme.dev ', 'https://posthog.acme.dev'],
    ['posthog.acme.dev:8443', 'https://posthog.acme.dev:8443'],
    ['https://acme.dev/posthog//', 'https://acme.dev/posthog'],
    ['http://posthog.internal', 'http://posthog.internal'],
    ['localhost', 'http://localhost'],
    ['localhost:8000/', 'http://localhost:8000'],
    ['127.0.0.1:8000', 'http://127.0.0.1:8000'],
    ['[::1]:8000', 'http://[::1]:8000'],
    ['https://localhost:8443', 'https://localhost:8443'],
    ['localhost.acme.dev', 'https://localhost.acme.dev'],
    ['eu.posthog.com.evil.test', 'https://eu.posthog.com.evil.test'],
  ])('normalizes %s to %s', (input, expected) => {
    expect(normalizeHost(input)).toBe(expected)
  })

  it.each([
    '',
    '   ',
    'ftp://posthog.acme.dev',
    'file:///etc/passwd',
    'https://',
    'https://me:secret@posthog.acme.dev',
    'me@posthog.acme.dev',
    'https://posthog.acme.dev?x=1',
    'https://posthog.acme.dev/#x',
    'not a host',
    'https://[::1',
  ])('rejects "%s"', (input) => {
    expect(() => normalizeHost(input)).toThrow(/expected an http\(s\) URL/)
  })

  it('never shows a password', () => {
    expect(() => normalizeHost('https://me:hunter2@acme.dev')).toThrow(/^(?!.*hunter2)/)
  })

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        const once = normalizeHost(url)
        return normalizeHost(once) === once && !once.endsWith('/')
      }),
    )
  })
})

describe('regions', () => {
  it('map to hosts and back', () => {
    expect(regionOf(regionHost('us'))).toBe('us')
    expect(regionOf(regionHost('eu'))).toBe('eu')
    expect(regionOf('https://posthog.acme.dev')).toBeUndefined()
  })
})
