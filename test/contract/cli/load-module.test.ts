import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder: string
let loader: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-load-'))
  loader = join(folder, 'loader.mjs')
  const entry = new URL('../../../src/cli/load-module.ts', import.meta.url).pathname
  await build({ entryPoints: [entry], outfile: loader, bundle: true, platform: 'node', format: 'esm' })
})

afterAll(() => rm(folder, { recursive: true }))

/** Loads a module in a process without the test runner, which compiles TypeScript itself. */
async function load(path: string): Promise<unknown> {
  const program = `import { loadModule } from ${JSON.stringify(loader)}
try { console.log(JSON.stringify({ ...await loadModule(${JSON.stringify(path)}) })) }
catch ({ name, message, fix }) { console.log(JSON.stringify({ name, message, fix })) }`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
  return JSON.parse(stdout)
}

async function write(name: string, text: string): Promise<string> {
  await mkdir(dirname(join(folder, name)), { recursive: true })
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

describe('loadModule', () => {
  it('loads TypeScript and the TypeScript that it imports', async () => {
    const compiler = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
    await mkdir(join(folder, 'typed/node_modules'), { recursive: true })
    await symlink(compiler, join(folder, 'typed/node_modules/typescript'))
    await write('typed/shared.ts', 'export const base: string = "select 1"\n')
    const path = await write(
      'typed/endpoints.ts',
      `import { base } from './shared.ts'\ninterface A { readonly x: number }\nexport const value: A = { x: base.length }\n`,
    )
    expect(await load(path)).toEqual({ value: { x: 8 } })
  }, 60_000)

  it('says which module of a module is missing', async () => {
    const path = await write('broken.mjs', `import 'not-installed'\n`)
    expect(await load(path)).toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining("Cannot find package 'not-installed'"),
      fix: expect.stringContaining('Install the package'),
    })
  }, 60_000)
})
