import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { describe, expect, it } from 'vitest'
import type { Project } from '../project.ts'

const allowed =
  /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|THIRD-PARTY-NOTICES\.md|docs\/agents\.md|dist\/[\w.-]+\.(?:js|cjs|d\.ts|d\.cts))$/
/** Unpacked size at most, in bytes: the operations' types, twice. */
const maxUnpacked = 13_000_000

interface Judgement {
  readonly analysis: { readonly entrypoints: object }
  readonly problems?: Readonly<Record<string, { readonly resolutionKind?: string }[]>>
}

/** What is in the package, and what tools that judge packages say. */
export function describeContents(project: () => Project): void {
  describe('the contents', () => {
    it('are the build, the manifest and what readers look for', () => {
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
        ]),
      )
    })

    it('include the license of every bundled package', async () => {
      const check = promisify(execFile)('node_modules/.bin/tsx', [
        'scripts/third-party-notices.ts',
        '--check',
      ])
      await expect(check).resolves.toMatchObject({ stderr: '' })
    })

    it('stay small enough to install without a thought', async () => {
      const texts = await Promise.all(project().files.map((file) => project().read(file)))
      expect(texts.reduce((sum, text) => sum + text.length, 0)).toBeLessThan(maxUnpacked)
    })

    it('name no path and no folder of the machine that built them', async () => {
      for (const file of project().files) {
        const text = await project().read(file)
        expect(text.includes(process.cwd()), file).toBe(false)
      }
    })

    it('need no other package', () => {
      const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
      expect(manifest).not.toHaveProperty('dependencies')
      expect(manifest).not.toHaveProperty('optionalDependencies')
      for (const name of Object.keys(manifest.peerDependencies)) {
        expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true })
      }
    })

    it('have a file for each path that the manifest names', () => {
      const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'))
      const named = [...JSON.stringify([exports, bin]).matchAll(/"\.\/([^"]+\.\w+)"/g)].map(
        ([, file]) => file,
      )
      expect(named.length).toBeGreaterThan(16)
      expect(project().files).toEqual(expect.arrayContaining([...new Set(named)]))
    })

    it('have a command that a shell can start', async () => {
      const [first] = (await project().read('dist/cli.js')).split('\n')
      expect(first).toBe('#!/usr/bin/env node')
    })

    it('pass publint', async () => {
      const { messages } = await publint({ pkgDir: `${project().folder}/node_modules/typehog`, pack: false })
      expect(messages.filter(({ type }) => type !== 'suggestion')).toEqual([])
    })

    it('have types that fit the code for every way of resolving since Node 16', async () => {
      const args = [project().tarball, '--profile', 'node16', '--format', 'json']
      const { stdout } = await promisify(execFile)('node_modules/.bin/attw', args, {
        maxBuffer: 64 * 1024 * 1024,
      })
      // The tool's own format; it exits with an error when the profile has a problem.
      const { analysis, problems } = JSON.parse(stdout) as Judgement
      expect(Object.keys(analysis.entrypoints)).toEqual(
        expect.arrayContaining(['.', './api', './zod', './redis', './node', './testing']),
      )
      // The list has what the profile passes over as well: resolution before Node 16 knows no `exports`.
      const found = Object.values(problems ?? {}).flat()
      expect(found.filter(({ resolutionKind }) => resolutionKind !== 'node10')).toEqual([])
    })
  })
}
