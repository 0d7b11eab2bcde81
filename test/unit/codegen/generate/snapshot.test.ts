import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { hashTree } from '../../../../src/codegen/generate/hash-tree.ts'
import type { OpenApiDocument } from '../../../../src/codegen/schema/document.ts'
import { readSnapshot } from '../../../../src/codegen/schema/snapshot/read-snapshot.ts'
import { type LocatedOperation, operationsOf } from '../../../../src/codegen/schema/walk/operations.ts'
import { formBodies, readingPosts } from '../../../../src/generated/rules.gen.ts'

let document: OpenApiDocument
let operations: readonly LocatedOperation[]
beforeAll(async () => {
  document = (await readSnapshot('openapi')).document
  operations = [...operationsOf(document)]
})

const text = (name: string): string => readFileSync(`src/generated/${name}`, 'utf8')
const routeOf = ({ method, path }: LocatedOperation): string => `${method.toUpperCase()} ${path}`

/** Names that an entry exports, values or types. */
function exported(name: string, keyword: 'export' | 'export type'): string[] {
  const blocks = text(name).matchAll(new RegExp(`^${keyword} \\{\\n([^}]*)\\} from`, 'gm'))
  return [...blocks].flatMap(([, names = '']) => names.match(/\w+/g) ?? [])
}

describe('the committed generated code', () => {
  it('is what was generated last, from the snapshot that is committed', async () => {
    const { generator } = JSON.parse(readFileSync('openapi/lock.json', 'utf8'))
    const snapshot = createHash('sha256').update(readFileSync('openapi/posthog.json')).digest('hex')
    expect(generator.input).toBe(snapshot)
    expect(await hashTree('src/generated')).toBe(generator.output)
  })

  it('has every operation of the document in its map, and no other', () => {
    const keys = [...text('operations.gen.ts').matchAll(/^ {2}'(.+)': Operation</gm)].map(([, key]) => key)
    expect(operations.length).toBeGreaterThan(1_000)
    expect(keys.sort()).toEqual(operations.map(routeOf).sort())
  })
})

describe('the table of rules, against every operation', () => {
  it('has the POSTs that are marked as safe to repeat, and no other path', () => {
    const safe = operations.filter(
      ({ method, operation }) => method === 'post' && operation['x-typehog-retry'] === 'safe',
    )
    expect(safe.length).toBeGreaterThan(20)
    expect([...readingPosts].sort()).toEqual(safe.map(({ path }) => path).sort())
  })

  it('has the operations whose body is a form, and no other', () => {
    const forms = operations.filter(({ operation }) =>
      Object.keys(operation.requestBody?.content ?? {}).includes('multipart/form-data'),
    )
    expect(forms.length).toBeGreaterThan(5)
    expect([...formBodies].sort()).toEqual(forms.map(routeOf).sort())
  })

  it('says of a POST that creates, changes or deletes that it is not repeated', () => {
    for (const path of readingPosts)
      expect(path).not.toMatch(/create|delete|update|upload|enable|disable|restore/)
  })
})

describe('what typehog/api exports', () => {
  it('is one function for each operation, called as the document calls it', () => {
    const functions = exported('api.gen.ts', 'export')
    expect(new Set(functions).size).toBe(functions.length)
    // The generator writes letters after a digit large: `start2fa` becomes `start2Fa`.
    const lower = (names: readonly (string | undefined)[]): string[] =>
      names.map((name = '') => name.toLowerCase()).sort()
    expect(lower(functions)).toEqual(lower(operations.map(({ operation }) => operation.operationId)))
  })

  it('has no function and no type with a number at its end', () => {
    const names = [...exported('api.gen.ts', 'export'), ...exported('api.gen.ts', 'export type')]
    expect(names.filter((name) => /[a-z_]\d+$/.test(name))).toEqual([])
  })

  it('has nothing that is marked as internal, and no validator of it', () => {
    const internal = Object.entries(document.components?.schemas ?? {})
      .filter(([, schema]) => schema['x-typehog-internal'] === true)
      .map(([name]) => name)
    expect(internal.length).toBeGreaterThan(50)
    const shown = new Set([
      ...exported('api.gen.ts', 'export type'),
      ...exported('zod.gen.ts', 'export').map((name) => name.slice(1)),
    ])
    const leaked = internal.flatMap((name) => [name, `${name}Writable`]).filter((name) => shown.has(name))
    expect(leaked).toEqual([])
  })
})
