import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type OpenApiDocument, operationsOf } from '../../../../../src/codegen/schema/document.ts'
import { normalizeDocument, rules } from '../../../../../src/codegen/schema/normalize/normalize-document.ts'
import { rewriteSchemas } from '../../../../../src/codegen/schema/walk/schemas.ts'
import { documentWith, documentWithThing, jsonResponse } from '../../small-documents.ts'

let snapshot: OpenApiDocument

const isFunction = (value: unknown): boolean => typeof value === 'function'

beforeAll(() => {
  const file = new URL('../../../../../openapi/posthog.json', import.meta.url)
  // This pipeline wrote the committed snapshot.
  snapshot = JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument
})

describe('every rule', () => {
  it.each(rules)('%s changes nothing in the committed snapshot', (_, rule) => {
    const document = structuredClone(snapshot)
    expect(rule(document).changed).toBe(0)
  })

  it.each(rules)('%s changes nothing in a document without operations and components', (_, rule) => {
    const document = documentWith({
      components: { securitySchemes: { PersonalAPIKeyAuth: { type: 'http', scheme: 'bearer' } } },
    })
    expect(rule(document)).toMatchObject({ changed: 0, sample: [] })
  })

  it('is listed once, under the name of its function', async () => {
    const folder = new URL('../../../../../src/codegen/schema/normalize/rules/', import.meta.url)
    const modules = await Promise.all(readdirSync(folder).map((file) => import(new URL(file, folder).href)))
    const functions = modules.flatMap((module: object) => Object.values(module)).filter(isFunction)
    expect(new Set(rules.map(([, rule]) => rule))).toEqual(new Set(functions))
    expect(rules).toHaveLength(functions.length)
    for (const [name, rule] of rules) expect(rule.name.toLowerCase()).toBe(name.replaceAll('-', ''))
  })
})

describe('normalizeDocument', () => {
  it('does not change its input', () => {
    const input = documentWithThing({ type: 'string', nullable: true, title: 'Thing' })
    const before = structuredClone(input)
    normalizeDocument(input)
    expect(input).toEqual(before)
  })

  it('does not depend on the order of keys', () => {
    const reverse = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reverse)
      if (value === null || typeof value !== 'object') return value
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, child]) => [key, reverse(child)]),
      )
    }
    // A document with reversed keys is still a document.
    const shuffled = normalizeDocument(reverse(snapshot) as OpenApiDocument).document
    expect(JSON.stringify(shuffled)).toBe(JSON.stringify(snapshot))
  })

  it('does not confuse property names with keywords', () => {
    const schema = {
      type: 'object',
      properties: { description: { type: 'string' }, title: { type: 'string' }, format: { type: 'string' } },
    }
    const { document } = normalizeDocument(
      documentWith({
        paths: {
          '/api/things/': {
            get: { responses: { '200': jsonResponse({ $ref: '#/components/schemas/Thing' }) } },
          },
        },
        components: { schemas: { Thing: schema } },
      }),
    )
    expect(document.components?.schemas?.['Thing']?.properties).toEqual(schema.properties)
  })

  it('separates parts that YAML aliases share', () => {
    const shared = { type: 'string', nullable: true }
    const { document } = normalizeDocument(
      documentWith({
        paths: {
          '/api/things/': {
            get: { responses: { '200': jsonResponse({ anyOf: [shared, shared, { type: 'number' }] }) } },
          },
        },
      }),
    )
    const response =
      document.paths['/api/things/']?.get?.responses?.['200']?.content?.['application/json']?.schema
    expect(response?.anyOf?.slice(0, 2)).toEqual([{ type: ['string', 'null'] }, { type: ['string', 'null'] }])
  })
})

describe('the committed snapshot', () => {
  it('contains no prose of PostHog', () => {
    const prose: string[] = []
    for (const { operation, pointer } of operationsOf(snapshot)) {
      if (operation.description !== undefined || operation['summary'] !== undefined) prose.push(pointer)
      for (const response of Object.values(operation.responses ?? {}))
        if (response.description !== '') prose.push(pointer)
    }
    rewriteSchemas(structuredClone(snapshot), (schema, pointer) => {
      for (const key of ['title', 'description', 'example', 'examples'])
        if (schema[key] !== undefined) prose.push(pointer)
      return schema
    })
    expect(prose).toEqual([])
  })

  it('has no environment paths', () => {
    expect(
      Object.keys(snapshot.paths).filter((path) => /environments\/\{(?:project|environment)_id\}/.test(path)),
    ).toEqual([])
    expect(snapshot.components?.parameters?.['EnvironmentIdPath']).toBeUndefined()
  })

  it('is smaller than 6 MB', () => {
    const file = new URL('../../../../../openapi/posthog.json', import.meta.url)
    expect(readFileSync(file).byteLength).toBeLessThan(6_000_000)
  })
})
