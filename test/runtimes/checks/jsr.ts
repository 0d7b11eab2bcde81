import { cp, readFile, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Project } from '../../package/project.ts'
import { binaries } from '../binaries.ts'
import { runProgram } from '../run-program.ts'
import { denoEnv } from './deno.ts'

const main = { '.': './src/index.ts' }
const all = {
  ...main,
  './api': './src/generated/api.gen.ts',
  './node': './src/node.ts',
  './redis': './src/redis.ts',
  './testing': './src/testing.ts',
  './zod': './src/generated/zod.gen.ts',
}

/** The registry that takes TypeScript as it is. Nothing is sent there: its own tool judges what would be. */
export function describeJsr(project: () => Project): void {
  describe('the sources, published to JSR for practice', () => {
    const folder = (): string => join(project().folder, 'jsr')
    beforeAll(async () => {
      await cp('src', join(folder(), 'src'), { recursive: true })
      await symlink(resolve('node_modules'), join(folder(), 'node_modules'))
      const { peerDependencies: dependencies } = JSON.parse(await readFile('package.json', 'utf8'))
      await project().write('jsr/package.json', JSON.stringify({ dependencies }))
    })

    it.each([
      ['the main entry, with no type that has to be inferred', main, []],
      ['every entry', all, ['--allow-slow-types']],
    ])('pass with %s', async (_, exports, options) => {
      const manifest = { name: '@typehog/typehog', version: '0.0.0', license: 'MIT', exports }
      await project().write('jsr/jsr.json', JSON.stringify(manifest))
      const command = [binaries.Deno(), 'publish', '--dry-run', '--allow-dirty', ...options] as const
      const { complaints } = await runProgram(command, { folder: folder(), env: denoEnv(project().folder) })
      expect(complaints).toMatch(/Success Dry run complete\n$/)
    })
  })
}
