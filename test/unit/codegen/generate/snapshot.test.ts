import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { operationOf, pagingOf, scopesOf } from '../../../../src/client/operation.ts'
import { pathOperationOf } from '../../../../src/client/path-operation.ts'
import { hashTree } from '../../../../src/codegen/files.ts'
import {
  type LocatedOperation,
  type OpenApiDocument,
  operationsOf,
} from '../../../../src/codegen/schema/document.ts'
import { readSnapshot } from '../../../../src/codegen/schema/snapshot/read-snapshot.ts'
import { resolveSchema } from '../../../../src/codegen/schema/walk/references.ts'
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

/** The names that an entry exports as values or types. */
function exported(name: string, keyword: 'export' | 'export type'): string[] {
  const blocks = text(name).matchAll(new RegExp(`^${keyword} \\{\\n([^}]*)\\} from`, 'gm'))
  return [...blocks].flatMap(([, names = '']) => names.match(/\w+/g) ?? [])
}

describe('the committed generated code', () => {
  it('matches the hashes of the last generation', async () => {
    const { generator } = JSON.parse(readFileSync('openapi/lock.json', 'utf8'))
    const snapshot = createHash('sha256').update(readFileSync('openapi/posthog.json')).digest('hex')
    expect(generator.input).toBe(snapshot)
    expect(await hashTree('src/generated')).toBe(generator.output)
  })

  it('maps exactly the operations of the document', () => {
    const keys = [...text('operations.gen.ts').matchAll(/^ {2}'(.+)': Operation</gm)].map(([, key]) => key)
    expect(operations.length).toBeGreaterThan(1_000)
    expect(keys.sort()).toEqual(operations.map(routeOf).sort())
  })
})

describe('the table of rules, against every operation', () => {
  const upper = ({ method }: LocatedOperation): string => method.toUpperCase()
  const marked = (key: string): LocatedOperation[] => operations.filter(({ operation }) => key in operation)

  it('lists the operations that are safe to retry', () => {
    let posts = 0
    for (const located of operations) {
      const safe =
        located.method === 'get' ||
        (located.method === 'post' && located.operation['x-typehog-retry'] === 'safe')
      if (safe && located.method === 'post') posts += 1
      expect(operationOf(routeOf(located)).call.replay === 'safe', routeOf(located)).toBe(safe)
    }
    expect(posts).toBeGreaterThan(20)
    expect(readingPosts.size).toBe(posts)
  })

  it('lists the operations with a form body', () => {
    for (const located of operations) {
      const form = Object.keys(located.operation.requestBody?.content ?? {}).includes('multipart/form-data')
      expect(operationOf(routeOf(located)).form, routeOf(located)).toBe(form)
    }
    expect(formBodies.size).toBeGreaterThan(5)
  })

  it('lists the operations whose 2xx responses are all objects or lists', () => {
    const primitives = ['string', 'number', 'integer', 'boolean', 'null']
    let structured = 0
    for (const located of operations) {
      const successes = Object.entries(located.operation.responses ?? {}).filter(([status]) =>
        /^2/.test(status),
      )
      const isJson =
        successes.length > 0 &&
        successes.every(([, { content }]) => {
          const schema = content?.['application/json']?.schema
          return schema !== undefined && !primitives.includes(String(resolveSchema(document, schema).type))
        })
      const ingestsEvents = ['/batch/', '/i/v0/e/'].includes(located.path)
      // The response to a DELETE may be anything or nothing.
      const isStructured = isJson && !ingestsEvents && located.method !== 'delete'
      if (isStructured) structured += 1
      expect(operationOf(routeOf(located)).structured, routeOf(located)).toBe(isStructured)
    }
    expect(structured).toBeGreaterThan(1_500)
    // A route that the schema lacks counts as structured. `posthog.get()` and its siblings read any response.
    expect(operationOf('GET /api/projects/{project_id}/feature_flags/new/').structured).toBe(true)
  })

  it('assigns a rate limit that the runtime knows to each operation', () => {
    for (const located of operations) {
      const name = located.operation['x-typehog-throttle'] ?? 'default'
      const throttle = operationOf(routeOf(located)).call.throttle ?? 'default'
      expect(throttle, routeOf(located)).toBe(name === 'endpoints' ? 'query' : name)
      // Public routes do not count against the limits of a key.
      expect(ratesOf(throttle).length > 0, throttle).toBe(throttle !== 'public')
    }
    expect(marked('x-typehog-throttle').length).toBeGreaterThan(50)
  })

  it('lists the known scopes of each operation', () => {
    let count = 0
    for (const located of operations) {
      const scopes = located.operation['x-typehog-scopes']
      const expected = Array.isArray(scopes) && scopes.length > 0 ? scopes : undefined
      if (expected !== undefined) count += 1
      expect(scopesOf(upper(located), located.path), routeOf(located)).toEqual(expected)
    }
    expect(count).toBeGreaterThan(400)
  })

  it('lists the pagination of each list', () => {
    const flagged = marked('x-typehog-paging-next')
    expect(flagged.length).toBeGreaterThan(1)
    for (const located of operations.filter(({ method }) => method === 'get')) {
      expect(pagingOf(routeOf(located)), routeOf(located)).toBe(flagged.includes(located) ? 'flag' : 'link')
    }
  })

  it('lists the deprecated operations', () => {
    for (const located of operations) {
      const { deprecated, 'x-typehog-replacement': replacement } = located.operation
      expect(operationOf(routeOf(located)).deprecation, routeOf(located)).toEqual(
        deprecated === true ? { replacement } : undefined,
      )
    }
    expect(operations.filter(({ operation }) => operation.deprecated === true).length).toBeGreaterThan(1)
  })

  it('lists the resources that older servers serve only under environments', () => {
    const known = marked('x-typehog-environments')
    expect(known.length).toBeGreaterThan(100)
    for (const located of known)
      expect(operationOf(`GET ${located.path}`).call.underEnvironments, routeOf(located)).toBe(true)
    const resources = new Set(known.map(({ path }) => path.split('/')[4]))
    const listed = operations.filter(({ path }) => operationOf(`GET ${path}`).call.underEnvironments)
    expect(new Set(listed.map(({ path }) => path.split('/')[4]))).toEqual(resources)
    expect(listed.filter(({ path }) => !path.startsWith('/api/projects/{project_id}/'))).toEqual([])
  })

  it('never marks a POST that creates, changes or deletes as safe to retry', () => {
    const writes = /create|delete|update|upload|enable|disable|restore/
    expect([...readingPosts].filter((path) => writes.test(path))).toEqual([])
  })

  it('has a validator for every JSON response', () => {
    let responses = 0
    for (const located of operations) {
      const bodies = Object.entries(located.operation.responses ?? {}).filter(
        ([status, response]) =>
          status.startsWith('2') && 'application/json' in (Object(response).content ?? {}),
      )
      if (bodies.length === 0) continue
      responses += 1
      expect(responseValidators(routeOf(located)), routeOf(located)).toBeDefined()
    }
    expect(responses).toBeGreaterThan(500)
    expect(responseValidators('GET /nowhere/')).toBeUndefined()
    expect(responseValidators('constructor')).toBeUndefined()
  })
})

describe('what typehog/api exports', () => {
  it('is one function per operation, named like the operation', () => {
    const functions = exported('api.gen.ts', 'export')
    expect(new Set(functions).size).toBe(functions.length)
    // The generator capitalizes letters after a digit: `start2fa` becomes `start2Fa`.
    const lower = (names: readonly (string | undefined)[]): string[] =>
      names.map((name = '') => name.toLowerCase()).sort()
    expect(lower(functions)).toEqual(lower(operations.map(({ operation }) => operation.operationId)))
  })

  it('has no name that ends in a number', () => {
    const names = [...exported('api.gen.ts', 'export'), ...exported('api.gen.ts', 'export type')]
    expect(names.filter((name) => /[a-z_]\d+$/.test(name))).toEqual([])
  })

  it('has no internal types or validators', () => {
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

describe('a complete path', () => {
  it('has the rules of its operation', () => {
    for (const located of operations) {
      const { call, form, deprecation } = operationOf(routeOf(located))
      const path = located.path.replaceAll(/\{[^}]*\}/g, 'x7')
      const found = pathOperationOf(located.method.toUpperCase(), path)
      const rules = { ...call, operation: found.call.operation, project: found.call.project }
      expect({ path, form: found.form, deprecation: found.deprecation, ...found.call }).toEqual({
        path,
        form,
        deprecation,
        ...rules,
      })
    }
  })
})
