import { describe, expect, it } from 'vitest'
import { setVariable, shellQuote } from '../../../src/cli/output/shell.ts'

describe('shellQuote', () => {
  it.each([
    ['plan=pro', 'plan=pro', 'plan=pro'],
    ['ids=[1,2]', '"ids=[1,2]"', '"ids=[1,2]"'],
    ['src/**/*.ts', '"src/**/*.ts"', '"src/**/*.ts"'],
    ['n="5"', `'n="5"'`, '"n=\\"5\\""'],
    ['e=$pageview', "'e=$pageview'", '"e=$pageview"'],
    [`n="it's"`, `'n="it'\\''s"'`, `"n=\\"it's\\""`],
  ])('quotes %j', (text, posix, windows) => {
    expect(shellQuote(text, 'linux')).toBe(posix)
    expect(shellQuote(text, 'win32')).toBe(windows)
  })
})

describe('setVariable', () => {
  it('has the syntax of the shell', () => {
    expect(setVariable('POSTHOG_PROJECT_ID', '1', 'darwin')).toBe('export POSTHOG_PROJECT_ID=1')
    expect(setVariable('POSTHOG_PROJECT_ID', '1', 'win32')).toBe("$env:POSTHOG_PROJECT_ID = '1'")
  })
})
