import { cp, readFile, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { useProject } from '../package/project.ts'
import { binaries } from './install.ts'
import { denoEnv, runProgram } from './run-program.ts'

const main = { '.': './src/index.ts' }
const all = {
  ...main,
  './api': './src/generated/api.gen.ts',
  './node': './src/node.ts',
  './projects': './src/projects.ts',
  './redis': './src/redis.ts',
  './testing': './src/testing.ts',
  './zod': './src/generated/zod.gen.ts',
}

// JSR publishes TypeScript sources. A dry run checks them and sends nothing.
const project = useProject()

describe('a dry run of publishing the sources to JSR', () => {
  const folder = (): string => join(project().folder, 'jsr')
  beforeAll(async () => {
    await cp('src', join(folder(), 'src'), { recursive: true })
    await symlink(resolve('node_modules'), join(folder(), 'node_modules'))
    const { peerDependencies: dependencies } = JSON.parse(await readFile('package.json', 'utf8'))
    await project().write('jsr/package.json', JSON.stringify({ dependencies }))
  })

  it.each([
    ['the main entry, whose types are all explicit', main, []],
    ['every entry', all, ['--allow-slow-types']],
  ])('passes with %s', async (_, exports, options) => {
    const manifest = { name: '@typehog/typehog', version: '0.0.0', license: 'MIT', exports }
    await project().write('jsr/jsr.json', JSON.stringify(manifest))
    const command = [binaries.Deno(), 'publish', '--dry-run', '--allow-dirty', ...options] as const
    const { warnings } = await runProgram(command, { folder: folder(), env: denoEnv(project().folder) })
    expect(warnings).toMatch(/Success Dry run complete\n$/)
  })
})
