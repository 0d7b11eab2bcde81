import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface LockEntry {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
}

/** chDB for other platforms, whose hashes some registry mirrors do not provide. */
const withoutIntegrity = [
  'node_modules/@chdb/lib-darwin-arm64',
  'node_modules/@chdb/lib-darwin-x64',
  'node_modules/@chdb/lib-linux-arm64-gnu',
]

describe.each(['.', 'bench', 'test/runtimes'])('the lock file in %s', (folder) => {
  const { packages } = readJson(`${folder}/package-lock.json`) as { packages: Record<string, LockEntry> }
  const entries = Object.entries(packages).filter(([path]) => path !== '')

  it('has an integrity hash for every package', () => {
    expect(entries.length).toBeGreaterThan(5)
    const missing = entries.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'))
    expect(missing.map(([path]) => path).filter((path) => !withoutIntegrity.includes(path))).toEqual([])
  })

  it('names no registry', () => {
    expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
    expect(JSON.stringify(packages)).not.toMatch(/https?:\/\/[^"]*\.tgz/)
  })

  it('matches the exact versions in package.json', () => {
    const manifest = readJson(`${folder}/package.json`) as Record<string, Record<string, string>>
    const declared = Object.entries({
      ...manifest['dependencies'],
      ...manifest['devDependencies'],
      ...manifest['optionalDependencies'],
    })
    expect(declared.length).toBeGreaterThan(3)
    const locked = declared.map(([name]) => [name, packages[`node_modules/${name}`]?.version])
    expect(locked).toEqual(declared.map(([name, version]) => [name, version.replace(/^npm:.+@/, '')]))
  })
})

describe('the repository', () => {
  const { homepage, repository, bugs } = JSON.parse(readFileSync('package.json', 'utf8'))
  const [, organization = ''] =
    /^git\+https:\/\/github\.com\/([\w-]+)\/typehog\.git$/.exec(repository.url) ?? []

  it('is the same in each field of package.json', () => {
    expect(organization).not.toBe('')
    expect(homepage).toBe(`https://github.com/${organization}/typehog#readme`)
    expect(bugs.url).toBe(`https://github.com/${organization}/typehog/issues`)
  })

  it('is named only in the files that `set-organization` writes', () => {
    const files = execFileSync('git', ['grep', '-lIiF', `${organization}/typehog`], { encoding: 'utf8' })
    expect(files.trim().split('\n')).toEqual([
      'docs/.vitepress/config.ts',
      'package.json',
      'src/runtime/errors/posthog-error.ts',
    ])
  })
})

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
