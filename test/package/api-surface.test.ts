import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { apiSurface, apiSurfaceFile, changesOf } from './api-surface/api-surface.ts'
import { useProject } from './project.ts'

const entries = ['index', 'formats', 'node', 'projects', 'redis', 'testing', 'api', 'zod']

const small = `/** A store. */
interface Store$1 { get(key: string): Promise<string | undefined> }
declare class Broken extends Error { #state; private secret: number; readonly name: 'Broken' }
type Level<T> = T extends string ? T : never
declare function open(level?: Level<'low' | 'high'>): Store$1
export { Broken, type Level, type Store$1 as Store, open }
`

const project = useProject()

const surfaceOf = async (folder: string, index: string): Promise<string> => {
  for (const name of entries) await project().write(`${folder}/${name}.d.ts`, 'export {}\n')
  return apiSurface(dirname(await project().write(`${folder}/index.d.ts`, index)))
}

describe('the public API', () => {
  it(`matches ${apiSurfaceFile}, which \`npm run api\` updates`, async () => {
    const committed = await readFile(apiSurfaceFile, 'utf8')
    const built = apiSurface(join(project().folder, 'node_modules/typehog/dist'))
    expect(changesOf(committed, built)).toEqual([])
    expect(built === committed, 'The lines are the same, in another order.').toBe(true)
  })

  it('has the same text for any bundler names and any order of unions', async () => {
    const text = await surfaceOf('surface-1', small)
    expect(text).toContain('interface Store {\n  get(key: string): Promise<string | undefined>\n}')
    expect(text).toContain('class Broken extends Error {\n  new (message?: string): Broken')
    expect(text).toContain('readonly name: "Broken"\n}')
    expect(text).toContain('type Level<T> = T extends string ? T : never')
    expect(text).toContain('function open(level?: "high" | "low"): Store')
    expect(text).not.toMatch(/\$1|#state|secret/)
    expect(
      await surfaceOf('surface-2', small.replace(/\$1/g, '$aB').replace("'low' | 'high'", "'high' | 'low'")),
    ).toBe(text)
  })

  it('reports added, removed and changed exports', async () => {
    const before = await surfaceOf('surface-3', small)
    const after = await surfaceOf(
      'surface-4',
      small
        .replace('get(key: string)', 'has(key: string): boolean; get(key: string | number)')
        .replace('export { Broken, ', 'export { '),
    )
    expect(changesOf(before, after).sort()).toEqual([
      '+ typehog, interface Store: get(key: number | string): Promise<string | undefined>',
      '+ typehog, interface Store: has(key: string): boolean',
      '- typehog, class Broken: new (message?: string): Broken',
      '- typehog, class Broken: new (message?: string, options?: ErrorOptions): Broken',
      '- typehog, class Broken: readonly name: "Broken"',
      '- typehog, interface Store: get(key: string): Promise<string | undefined>',
      '- typehog: class Broken extends Error {',
    ])
  })
})
