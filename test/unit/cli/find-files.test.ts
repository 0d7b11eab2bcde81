import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findFiles } from '../../../src/cli/find-files.ts'

let folder = ''
const files = [
  'a.sql',
  'q/b.sql',
  'q/deep/er/c.sql',
  'q/d.txt',
  'q/(e)+.sql',
  'q/node_modules/f.sql',
  'src/g.tsx',
]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-find-'))
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), '')
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it.each([
  ['**/*.sql', ['a.sql', 'q/(e)+.sql', 'q/b.sql', 'q/deep/er/c.sql']],
  ['*.sql', ['a.sql']],
  ['q/*.sql', ['q/(e)+.sql', 'q/b.sql']],
  ['./q/**/*.sql', ['q/(e)+.sql', 'q/b.sql', 'q/deep/er/c.sql']],
  ['q/**/c.sql', ['q/deep/er/c.sql']],
  ['q', ['q/(e)+.sql', 'q/b.sql', 'q/deep/er/c.sql']],
  ['q/(e)+.*', ['q/(e)+.sql']],
  ['q/?.{sql,txt}', ['q/b.sql', 'q/d.txt']],
  ['src/**/*.{ts,tsx}', ['src/g.tsx']],
  ['q/b.sql', ['q/b.sql']],
  ['missing/**/*.sql', []],
])('finds the files of %s', async (pattern, expected) => {
  expect(await findFiles(folder, [pattern], '.sql')).toEqual(expected)
})

it('lists a file once and rejects a path that does not exist', async () => {
  expect(await findFiles(folder, ['q/b.sql', 'q/b*'], '.sql')).toEqual(['q/b.sql'])
  await expect(findFiles(folder, ['missing.sql'], '.sql')).rejects.toThrow('missing.sql does not exist.')
})
