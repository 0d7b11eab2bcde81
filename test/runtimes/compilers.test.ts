import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installPackage, type Project } from '../package/project.ts'
import { commonJsConsumer, consumer } from './consumer.ts'
import { ensureInstalled, installedFile } from './install.ts'
import { newestTypeScript, oldestTypeScript } from './typescript-versions.ts'

/** What each version is started by. */
const compilers: Readonly<Record<string, () => string>> = {
  [oldestTypeScript]: () => installedFile(`typescript-${oldestTypeScript}/bin/tsc`),
  '5.6': () => installedFile('typescript-5.6/bin/tsc'),
  '5.9': () => installedFile('typescript-5.9/bin/tsc'),
  '6.0': () => resolve('node_modules/typescript/bin/tsc'),
  [newestTypeScript]: () => installedFile(`typescript-${newestTypeScript}/bin/tsc`),
}

/** How consumers let the compiler find packages, and the programs that each way allows. */
const resolutions = {
  node16: { module: 'node16', files: ['consumer.mts', 'consumer.cts'] },
  nodenext: { module: 'nodenext', files: ['consumer.mts', 'consumer.cts'] },
  bundler: { module: 'esnext', files: ['consumer.mts'] },
} as const

let project: Project
beforeAll(async () => {
  await ensureInstalled()
  project = await installPackage()
  await project.write('consumer.mts', consumer)
  await project.write('consumer.cts', commonJsConsumer)
})
afterAll(() => project?.remove())

/** What a compiler says of the programs and of all declarations that they read. */
async function compile(version: string, moduleResolution: keyof typeof resolutions): Promise<string> {
  const { module, files } = resolutions[moduleResolution]
  const config = await project.write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2022'],
        types: ['node'],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        noEmit: true,
      },
      files,
    }),
  )
  const compiler = compilers[version]?.() ?? version
  const args = [compiler, '-p', config, '--pretty', 'false']
  try {
    return (await promisify(execFile)(process.execPath, args, { timeout: 60_000 })).stdout
  } catch (error) {
    // A compiler that finds something ends with an error and has printed what; one that printed nothing broke.
    const { stdout } = Object(error)
    if (stdout) return stdout
    throw error
  }
}

describe('a strict program with every declaration checked', () => {
  it.each(Object.keys(compilers))('compiles with TypeScript %s', async (version) => {
    expect(await compile(version, 'nodenext')).toBe('')
  })

  describe.each([oldestTypeScript, newestTypeScript])('compiles with TypeScript %s', (version) => {
    it.each(['node16', 'bundler'] as const)('and moduleResolution %s', async (resolution) => {
      expect(await compile(version, resolution)).toBe('')
    })
  })
})
