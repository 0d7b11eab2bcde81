import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashTree, replaceFiles, replaceFolder } from '../../../src/codegen/files.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'typehog-tree-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const writeFiles = async (folder: string, files: Record<string, string>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

describe('replaceFiles', () => {
  it('restores the first file when the second cannot be replaced', async () => {
    await writeFile(join(root, 'a'), 'old')
    await mkdir(join(root, 'b', 'inside'), { recursive: true })
    const files = [
      { path: join(root, 'a'), text: 'new' },
      { path: join(root, 'b'), text: 'new' },
    ]
    await expect(replaceFiles(files)).rejects.toThrow()
    expect(await readFile(join(root, 'a'), 'utf8')).toBe('old')
    expect((await readdir(root)).filter((name) => name.includes('.new-'))).toEqual([])
  })

  it('removes a new first file when the second cannot be replaced', async () => {
    await mkdir(join(root, 'b'))
    const files = [
      { path: join(root, 'fresh', 'a'), text: 'new' },
      { path: join(root, 'b'), text: 'new' },
    ]
    await expect(replaceFiles(files)).rejects.toThrow()
    expect(await readdir(join(root, 'fresh'))).toEqual([])
  })
})

describe('replaceFolder', () => {
  it('creates a missing folder and its parents', async () => {
    const folder = join(root, 'a', 'b')
    await replaceFolder(folder, (fresh) => writeFiles(fresh, { 'one.txt': '1' }))
    expect(await readFile(join(folder, 'one.txt'), 'utf8')).toBe('1')
    expect(await readdir(join(root, 'a'))).toEqual(['b'])
  })

  it('removes the previous content', async () => {
    const folder = join(root, 'tree')
    await writeFiles(folder, { 'old.txt': 'old', 'sub/old.txt': 'old' })
    await replaceFolder(folder, async (fresh) => {
      expect(await readdir(fresh)).toEqual([])
      await writeFiles(fresh, { 'new.txt': 'new' })
    })
    expect(await readdir(folder, { recursive: true })).toEqual(['new.txt'])
    expect(await readdir(root)).toEqual(['tree'])
  })

  it('leaves the folder unchanged and no temporary files when writing fails', async () => {
    const folder = join(root, 'tree')
    await writeFiles(folder, { 'old.txt': 'old' })
    const failing = replaceFolder(folder, async (fresh) => {
      await writeFiles(fresh, { 'new.txt': 'new' })
      throw new Error('half way')
    })
    await expect(failing).rejects.toThrow('half way')
    expect(await readFile(join(folder, 'old.txt'), 'utf8')).toBe('old')
    expect(await readdir(root, { recursive: true })).toEqual(expect.arrayContaining(['tree', 'tree/old.txt']))
    expect(await readdir(root)).toEqual(['tree'])
  })

  it('restores the old folder when the new one cannot be renamed', async () => {
    const folder = join(root, 'tree')
    await writeFiles(folder, { 'old.txt': 'old' })
    const failing = replaceFolder(folder, (fresh) => rm(fresh, { recursive: true }))
    await expect(failing).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await readFile(join(folder, 'old.txt'), 'utf8')).toBe('old')
    expect(await readdir(root)).toEqual(['tree'])
  })

  it('throws the first error when there was no old folder', async () => {
    const failing = replaceFolder(join(root, 'tree'), (fresh) => rm(fresh, { recursive: true }))
    await expect(failing).rejects.toThrow(/rename .*fresh/)
    expect(await readdir(root)).toEqual([])
  })
})

describe('hashTree', () => {
  const hashOf = async (files: Record<string, string>): Promise<string> => {
    const folder = await mkdtemp(join(root, 'hash-'))
    await writeFiles(folder, files)
    return hashTree(folder)
  }

  it('does not depend on the order in which files were written', async () => {
    expect(await hashOf({ b: '2', 'a/c': '1' })).toBe(await hashOf({ 'a/c': '1', b: '2' }))
  })

  it.each<[string, Record<string, string>]>([
    ['other content', { a: '1', b: '3' }],
    ['another name', { a: '1', c: '2' }],
    ['another path', { a: '1', 'sub/b': '2' }],
    ['another number of files', { a: '1', b: '2', c: '' }],
    ['the boundary between two files', { a: '12', b: '' }],
  ])('changes with %s', async (_, files) => {
    expect(await hashOf(files)).not.toBe(await hashOf({ a: '1', b: '2' }))
  })

  it('is the hash of an empty folder for a missing one', async () => {
    expect(await hashTree(join(root, 'none'))).toBe(await hashOf({}))
  })
})
