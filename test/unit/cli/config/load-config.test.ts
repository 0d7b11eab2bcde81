import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findConfig } from '../../../../src/cli/config/find-config.ts'
import { loadConfigModule } from '../../../../src/cli/config/load-config-module.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-config-'))
})
afterEach(() => rm(folder, { recursive: true }))

const put = async (name: string, text = ''): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

describe('findConfig', () => {
  it('finds the nearest file upwards, up to the root of the repository', async () => {
    await mkdir(join(folder, 'repository', '.git'), { recursive: true })
    await mkdir(join(folder, 'repository', 'app', 'src'), { recursive: true })
    const cwd = join(folder, 'repository', 'app', 'src')
    await put('typehog.config.json')
    expect(await findConfig(cwd, undefined)).toBeUndefined()
    const root = await put('repository/typehog.config.ts')
    expect(await findConfig(cwd, undefined)).toBe(root)
    const near = await put('repository/app/typehog.config.mjs')
    expect(await findConfig(cwd, undefined)).toBe(near)
    expect(await findConfig(cwd, '../other.json')).toBe(join(folder, 'repository', 'app', 'other.json'))
  })

  it('stays in the package outside of a repository', async () => {
    await mkdir(join(folder, 'app', 'src'), { recursive: true })
    await put('typehog.config.json')
    expect(await findConfig(join(folder, 'app'), undefined)).toBeUndefined()
    await put('package.json')
    expect(await findConfig(join(folder, 'app', 'src'), undefined)).toBe(join(folder, 'typehog.config.json'))
  })

  it('rejects two files in one folder', async () => {
    await put('typehog.config.json')
    await put('typehog.config.ts')
    await expect(findConfig(folder, undefined)).rejects.toThrow(
      /both typehog.config.json and typehog.config.ts/,
    )
  })
})

describe('loadConfigModule', () => {
  const useTypeScript = async (): Promise<void> => {
    await mkdir(join(folder, 'node_modules'))
    await symlink(resolve('node_modules/typescript'), join(folder, 'node_modules', 'typescript'))
  }

  it.each(['typehog.config.ts', 'typehog.config.mts'])('loads %s', async (name) => {
    await useTypeScript()
    await put('names.cjs', "module.exports = ['a', 'b']")
    const path = await put(
      name,
      `import type { TypehogConfig } from 'typehog'
import names from './names.cjs'
const projectId: number = 7
export default { projectId, endpoints: { names } } satisfies TypehogConfig`,
    )
    expect(await loadConfigModule(path, name)).toEqual({ projectId: 7, endpoints: { names: ['a', 'b'] } })
  })

  it.each(['typehog.config.mjs', 'typehog.config.js'])('loads %s', async (name) => {
    await put('package.json', '{ "type": "module" }')
    const path = await put(name, 'export default { projectId: 8 }')
    expect(await loadConfigModule(path, name)).toEqual({ projectId: 8 })
  })

  it.each([
    ['export const config = {}', /c\.ts has no default export/],
    ['export default (', /c\.ts failed/],
    ["throw new Error('no token')", /c\.ts failed: no token/],
    ["import './none.js'\nexport default {}", /c\.ts failed: .*none\.js/],
  ])('rejects %j', async (text, message) => {
    await useTypeScript()
    const path = await put('c.ts', text)
    await expect(loadConfigModule(path, 'c.ts')).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(message),
    })
  })
})
