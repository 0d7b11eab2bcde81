import { describe, expect, it } from 'vitest'
import { checkKey, classifyKey } from '../../../../src/runtime/auth/credential.ts'

describe('classifyKey', () => {
  it.each([
    ['phx_a', 'personal'],
    ['phs_a', 'project_secret'],
    ['pha_a', 'oauth'],
    ['phc_a', 'project_token'],
    ['phr_a', 'oauth_refresh'],
    ['e0123456789', 'unknown'],
    ['PHX_a', 'unknown'],
    ['', 'unknown'],
    ['constructor', 'unknown'],
  ])('classifies %s as %s', (key, kind) => {
    expect(classifyKey(key)).toBe(kind)
  })
})

describe('checkKey', () => {
  it('trims a key, and accepts old ones without a prefix', () => {
    expect(checkKey(' phx_abc\n')).toBe('phx_abc')
    expect(checkKey('e0123456789abcdef')).toBe('e0123456789abcdef')
  })

  it('explains a project token and the required key', () => {
    expect(() => checkKey('phc_abc')).toThrow(
      expect.objectContaining({
        message: '`apiKey` is a project token (phc_), which can only send events.',
        fix: expect.stringContaining('Settings > Personal API keys'),
      }),
    )
  })

  it.each([
    ['phr_abc', /refresh token/],
    ['', /empty/],
    ['  \n', /empty/],
    [undefined, /not a string/],
    [null, /not a string/],
    [42, /not a string/],
    ['phx_a b', /a space/],
    ['phx_a\nb', /a space/],
    ['phx_a\u200bb', /a space/],
    ['phx_ä', /a space/],
  ])('rejects %j', (key, message) => {
    expect(() => checkKey(key)).toThrow(message)
  })

  it('names the variable of the key', () => {
    expect(() => checkKey('phc_a', 'POSTHOG_PERSONAL_API_KEY')).toThrow(/^POSTHOG_PERSONAL_API_KEY is/)
  })
})
