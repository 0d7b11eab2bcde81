import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFiles } from '../../../src/cli/find-files.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-find-'))
  for (const file of [
    'a.yaml',
    'e/b.yaml',
    'e/c.yml',
    'e/d.txt',
    'e/f/g.yaml',
    'node_modules/h.yaml',
    'e/.i.yaml',
  ]) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), '')
  }
})

afterAll(() => rm(folder, { recursive: true }))

const find = (...paths: string[]): Promise<string[]> =>
  findFiles(folder, paths, (path) => /\.ya?ml$/.test(path))

describe('findFiles', () => {
  it.each([
    [['a.yaml'], ['a.yaml']],
    [['./e/d.txt'], ['e/d.txt']],
    [['e/'], ['e/.i.yaml', 'e/b.yaml', 'e/c.yml']],
    [['e/*.yaml'], ['e/b.yaml']],
    [['e/*.{yaml,yml}'], ['e/b.yaml', 'e/c.yml']],
    [['**/*.yaml'], ['a.yaml', 'e/b.yaml', 'e/f/g.yaml']],
    [['e/**'], ['e/b.yaml', 'e/c.yml', 'e/f/g.yaml']],
    [['e/?.yaml', 'e/b.yaml'], ['e/b.yaml']],
    [['missing/*.yaml'], []],
    [['e\\b.yaml'], ['e/b.yaml']],
    [['.\\e\\*.yaml'], ['e/b.yaml']],
    [['**\\*.yaml'], ['a.yaml', 'e/b.yaml', 'e/f/g.yaml']],
    [['e/f/../*.yaml'], ['e/f/../b.yaml']],
  ])('expands %j', async (paths, files) => {
    expect(await find(...paths)).toEqual(files)
  })

  it.each(['e/*.yaml', 'e/b.yaml', 'e'])('expands the absolute path of %s', async (path) => {
    const found = await find(`${folder}/${path}`)
    expect(found).toContain(`${folder}/e/b.yaml`)
  })

  it('rejects a path that does not exist', async () => {
    await expect(find('missing.yaml')).rejects.toThrow('missing.yaml does not exist.')
  })
})
