import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { operationOf, pagingOf, scopesOf } from '../../../../src/client/operation.ts'
import { hashTree } from '../../../../src/codegen/generate/hash-tree.ts'
import type { OpenApiDocument } from '../../../../src/codegen/schema/document.ts'
import { readSnapshot } from '../../../../src/codegen/schema/snapshot/read-snapshot.ts'
import { type LocatedOperation, operationsOf } from '../../../../src/codegen/schema/walk/operations.ts'
import { resolveSchema } from '../../../../src/codegen/schema/walk/resolve-schema.ts'
import { responseValidators } from '../../../../src/generated/response-validators.gen.ts'
import { formBodies, readingPosts } from '../../../../src/generated/rules.gen.ts'
import { ratesOf } from '../../../../src/runtime/limits/rates.ts'

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
  const upper = ({ method }: LocatedOperation): string => method.toUpperCase()
  const marked = (key: string): LocatedOperation[] => operations.filter(({ operation }) => key in operation)

  it('says which may be sent again after an unknown outcome', () => {
    let posts = 0
    for (const one of operations) {
      const safe =
        one.method === 'get' || (one.method === 'post' && one.operation['x-typehog-retry'] === 'safe')
      if (safe && one.method === 'post') posts += 1
      expect(operationOf(routeOf(one)).call.replay === 'safe', routeOf(one)).toBe(safe)
    }
    expect(posts).toBeGreaterThan(20)
    expect(readingPosts.size).toBe(posts)
  })

  it('says which take a form', () => {
    for (const one of operations) {
      const form = Object.keys(one.operation.requestBody?.content ?? {}).includes('multipart/form-data')
      expect(operationOf(routeOf(one)).form, routeOf(one)).toBe(form)
    }
    expect(formBodies.size).toBeGreaterThan(5)
  })

  it('says which answer an object or a list, which no other answer of 2xx contradicts', () => {
    const primitives = ['string', 'number', 'integer', 'boolean', 'null']
    let structured = 0
    for (const one of operations) {
      const successes = Object.entries(one.operation.responses ?? {}).filter(([status]) => /^2/.test(status))
      const answers =
        successes.length > 0 && successes.every(([, { content }]) => content?.['application/json'])
      const types = successes.map(([, { content }]) => {
        const schema = content?.['application/json']?.schema
        return schema && resolveSchema(document, schema).type
      })
      if (answers)
        expect(
          types.filter((type) => primitives.includes(String(type))),
          routeOf(one),
        ).toEqual([])
      const captures = ['/batch/', '/i/v0/e/'].includes(one.path)
      if (answers && !captures) structured += 1
      expect(operationOf(routeOf(one)).structured, routeOf(one)).toBe(answers && !captures)
    }
    expect(structured).toBeGreaterThan(700)
    expect(operationOf('GET /api/projects/{project_id}/feature_flags/new/').structured).toBe(false)
  })

  it('says which rate limit counts each, by a name that the runtime has numbers for', () => {
    for (const one of operations) {
      const name = one.operation['x-typehog-throttle'] ?? 'default'
      const throttle = operationOf(routeOf(one)).call.throttle ?? 'default'
      expect(throttle, routeOf(one)).toBe(name === 'endpoints' ? 'query' : name)
      // No key's limit counts the public routes.
      expect(ratesOf(throttle).length > 0, throttle).toBe(throttle !== 'public')
    }
    expect(marked('x-typehog-throttle').length).toBeGreaterThan(50)
  })

  it('says which scopes each needs, and nothing where the document does not tell', () => {
    let told = 0
    for (const one of operations) {
      const scopes = one.operation['x-typehog-scopes']
      const expected = Array.isArray(scopes) && scopes.length > 0 ? scopes : undefined
      if (expected !== undefined) told += 1
      expect(scopesOf(upper(one), one.path), routeOf(one)).toEqual(expected)
    }
    expect(told).toBeGreaterThan(400)
  })

  it('says how each list goes on', () => {
    const flagged = marked('x-typehog-paging-next')
    expect(flagged.length).toBeGreaterThan(1)
    for (const one of operations.filter(({ method }) => method === 'get')) {
      expect(pagingOf(routeOf(one)), routeOf(one)).toBe(flagged.includes(one) ? 'flag' : 'link')
    }
  })

  it('says which PostHog is about to remove', () => {
    for (const one of operations) {
      expect(operationOf(routeOf(one)).deprecated, routeOf(one)).toBe(one.operation.deprecated === true)
    }
    expect(operations.filter(({ operation }) => operation.deprecated === true).length).toBeGreaterThan(1)
  })

  it('says which resources an older server knows under environments only', () => {
    const known = marked('x-typehog-environments')
    expect(known.length).toBeGreaterThan(100)
    for (const one of known) expect(operationOf(routeOf(one)).call.underEnvironments, routeOf(one)).toBe(true)
    const resources = new Set(known.map(({ path }) => path.split('/')[4]))
    for (const { path } of operations) {
      if (!operationOf(`GET ${path}`).call.underEnvironments) continue
      expect(resources).toContain(path.split('/')[4])
      expect(path).toMatch(/^\/api\/projects\/\{project_id\}\//)
    }
  })

  it('says of a POST that creates, changes or deletes that it is not repeated', () => {
    for (const path of readingPosts)
      expect(path).not.toMatch(/create|delete|update|upload|enable|disable|restore/)
  })

  it('has a validator for every answer that has a JSON body', () => {
    let answers = 0
    for (const one of operations) {
      const bodies = Object.entries(one.operation.responses ?? {}).filter(
        ([status, response]) =>
          status.startsWith('2') && 'application/json' in (Object(response).content ?? {}),
      )
      if (bodies.length === 0) continue
      answers += 1
      expect(responseValidators(routeOf(one)), routeOf(one)).toBeDefined()
    }
    expect(answers).toBeGreaterThan(500)
    expect(responseValidators('GET /nowhere/')).toBeUndefined()
    expect(responseValidators('constructor')).toBeUndefined()
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
