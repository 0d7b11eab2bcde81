import { describe, expect, it } from 'vitest'
import { evaluatesFlag, runtimeOf } from '../../../src/local/ingest/request-runtime.ts'

const request = (headers: Record<string, string>): Request =>
  new Request('http://local.test/flags/', { headers })

describe('runtimeOf', () => {
  it.each([
    ['a server SDK', { 'user-agent': 'posthog-node/4.2.0' }, 'server'],
    ['a client SDK', { 'user-agent': 'posthog-react-native/2.5.0' }, 'client'],
    ['an SDK without a version', { 'user-agent': 'posthog-node/' }, undefined],
    ['a browser', { 'user-agent': 'Mozilla/5.0 (X11) Firefox/130.0' }, 'client'],
    ['curl', { 'user-agent': 'curl/8.0' }, 'server'],
    ['another client', { 'user-agent': 'node' }, undefined],
    ['another client with a referer', { 'user-agent': 'node', referer: 'http://a.test/' }, 'client'],
  ])('reads the headers of %s', (_, headers, runtime) => {
    expect(runtimeOf(request(headers), undefined)).toBe(runtime)
  })

  it('prefers the body, and takes an unknown name for all', () => {
    const browser = request({ 'user-agent': 'Mozilla/5.0' })
    expect(runtimeOf(browser, 'SERVER')).toBe('server')
    expect(runtimeOf(browser, 'edge')).toBe('all')
  })
})

describe('evaluatesFlag', () => {
  it('evaluates only flags for all when the runtime is unknown', () => {
    expect(['all', '', null, 'client', 'server'].map((flag) => evaluatesFlag(undefined, flag))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
})
