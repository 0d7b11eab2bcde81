import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { describe, expect, it } from 'vitest'
import { useProject } from './project.ts'

const allowed =
  /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|THIRD-PARTY-NOTICES\.md|docs\/agents\.md|dist\/[\w.-]+\.(?:js|cjs|d\.ts|d\.cts)|dist\/schema\.json\.br|dist\/config\.schema\.json|dist\/page\.(?:css|svg))$/
/** Maximum unpacked size in bytes. Most of it are the types of operations, and their validators. */
const maxUnpacked = 15_000_000

interface AttwReport {
  readonly analysis: { readonly entrypoints: object }
  readonly problems?: Readonly<Record<string, { readonly resolutionKind?: string }[]>>
}

const project = useProject()

describe('the package', () => {
  it('contains the build, the manifest and the documents, and nothing else', () => {
    expect(project().files.filter((file) => !allowed.test(file))).toEqual([])
    expect(project().files).toEqual(
      expect.arrayContaining([
        'package.json',
        'README.md',
        'LICENSE',
        'CHANGELOG.md',
        'THIRD-PARTY-NOTICES.md',
        'docs/agents.md',
        'dist/cli.js',
        'dist/config.schema.json',
        'dist/page.css',
        'dist/page.js',
      ]),
    )
  })

  it(`is smaller than ${maxUnpacked / 1_000_000} MB`, async () => {
    const texts = await Promise.all(project().files.map((file) => project().read(file)))
    expect(texts.reduce((sum, text) => sum + text.length, 0)).toBeLessThan(maxUnpacked)
  })

  it('contains no path of the machine that built it', async () => {
    for (const file of project().files) {
      const text = await project().read(file)
      expect(text.includes(process.cwd()), file).toBe(false)
    }
  })

  it('includes the license of every bundled package', async () => {
    const check = promisify(execFile)('node_modules/.bin/tsx', ['scripts/third-party-notices.ts', '--check'])
    await expect(check).resolves.toMatchObject({ stderr: '' })
  })

  it('has no required dependencies', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest).not.toHaveProperty('optionalDependencies')
    expect(Object.keys(manifest.peerDependencies).length).toBeGreaterThan(0)
    for (const name of Object.keys(manifest.peerDependencies)) {
      expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true })
    }
  })

  it('contains each file that the manifest names', () => {
    const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'))
    const named = [...JSON.stringify([exports, bin]).matchAll(/"\.\/([^"]+\.\w+)"/g)].map(([, file]) => file)
    expect(named.length).toBeGreaterThan(16)
    expect(project().files).toEqual(expect.arrayContaining([...new Set(named)]))
  })

  it('has a command with a shebang line', async () => {
    const [first] = (await project().read('dist/cli.js')).split('\n')
    expect(first).toBe('#!/usr/bin/env node')
  })

  it('passes publint', async () => {
    const { messages } = await publint({ pkgDir: `${project().folder}/node_modules/typehog`, pack: false })
    expect(messages.filter(({ type }) => type !== 'suggestion')).toEqual([])
  })

  it('has correct types for each module resolution since Node 16', async () => {
    const args = [project().tarball, '--profile', 'node16', '--format', 'json']
    const { stdout } = await promisify(execFile)('node_modules/.bin/attw', args, {
      maxBuffer: 64 * 1024 * 1024,
    })
    // attw's own format. It exits with an error when the profile has a problem.
    const { analysis, problems } = JSON.parse(stdout) as AttwReport
    expect(Object.keys(analysis.entrypoints)).toEqual(
      expect.arrayContaining([
        '.',
        './api',
        './formats',
        './zod',
        './projects',
        './redis',
        './node',
        './testing',
      ]),
    )
    // The list includes problems that the profile ignores: resolution before Node 16 does not know `exports`.
    const found = Object.values(problems ?? {}).flat()
    expect(found.filter(({ resolutionKind }) => resolutionKind !== 'node10')).toEqual([])
  })
})
