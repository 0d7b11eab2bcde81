import { describe, expect, it } from 'vitest'
import { ignoreEnvFile } from '../../../../src/cli/init/git-ignore.ts'
import { addScripts } from '../../../../src/cli/init/package-scripts.ts'

const scripts = { 'posthog:pull': 'typehog pull', 'posthog:check': 'typehog check' }

describe('addScripts', () => {
  it('adds members in the style of the file and changes nothing else', () => {
    const before = `{
\t"files": ["dist", "}"],
\t"config": { "scripts": { "x": 1 } },
\t"scripts": {
\t\t"build": "tsc && echo \\"}\\""
\t},
\t"private": true
}
`
    const { text, added } = addScripts(before, scripts) ?? {}
    expect(added).toEqual(['posthog:pull', 'posthog:check'])
    expect(text).toBe(
      before.replace(
        '\\"}\\""\n',
        '\\"}\\"",\n\t\t"posthog:pull": "typehog pull",\n\t\t"posthog:check": "typehog check"\n',
      ),
    )
  })

  it.each([
    ['{}'],
    ['{"name":"x"}'],
    ['{ "scripts": {} }'],
    ['{ "scripts": { "a": "b" }, "files": [] }'],
    ['{\n  "name": "x"\n}'],
    ['{\n  "scripts": {\n  }\n}\n'],
  ])('keeps the content of %j', (before) => {
    const manifest = JSON.parse(before)
    const { text = '' } = addScripts(before, scripts) ?? {}
    expect(JSON.parse(text)).toEqual({ ...manifest, scripts: { ...manifest.scripts, ...scripts } })
  })

  it('keeps line endings', () => {
    const { text } = addScripts('{\r\n    "name": "x"\r\n}\r\n', scripts) ?? {}
    expect(text).toBe(
      [
        '{',
        '    "name": "x",',
        '    "scripts": {',
        '        "posthog:pull": "typehog pull",',
        '        "posthog:check": "typehog check"',
        '    }',
        '}',
        '',
      ].join('\r\n'),
    )
  })

  it('keeps existing scripts of the same name', () => {
    const before = '{ "scripts": { "posthog:pull": "mine", "posthog:check": "too" } }'
    expect(addScripts(before, scripts)).toEqual({ text: before, added: [] })
  })

  it.each(['', 'null', '[]', '{', '{ "scripts": [] }'])('leaves %j alone', (text) => {
    expect(addScripts(text, scripts)).toBeUndefined()
  })
})

describe('ignoreEnvFile', () => {
  it.each([
    ['dist', 'dist\n.env.local\n'],
    ['dist\r\n', 'dist\r\n.env.local\r\n'],
    ['', '.env.local\n'],
    ['.env\n', '.env\n.env.local\n'],
  ])('adds a line to %j', (before, after) => {
    expect(ignoreEnvFile(before)).toBe(after)
  })

  it.each(['.env.local', '/.env.local\n', '.env*', '.env.*', '.env*.local', '*.local', '**/.env.local'])(
    'changes nothing when %j covers the file',
    (text) => {
      expect(ignoreEnvFile(text)).toBeUndefined()
    },
  )
})
