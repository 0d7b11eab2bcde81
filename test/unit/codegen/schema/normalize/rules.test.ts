import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { OpenApiDocument } from '../../../../../src/codegen/schema/document.ts'
import { normalizeDocument } from '../../../../../src/codegen/schema/normalize/normalize-document.ts'
import { rules } from '../../../../../src/codegen/schema/normalize/rules.ts'
import { operationsOf } from '../../../../../src/codegen/schema/walk/operations.ts'
import { rewriteSchemas } from '../../../../../src/codegen/schema/walk/schemas.ts'
import { documentWith, documentWithThing, jsonAnswer } from '../small-document.ts'

let snapshot: OpenApiDocument

beforeAll(() => {
  const file = new URL('../../../../../openapi/posthog.json', import.meta.url)
  // The committed snapshot is a document that this pipeline wrote.
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

  it('is listed once and stands in a file of its own', () => {
    const folder = new URL('../../../../../src/codegen/schema/normalize/rules/', import.meta.url)
    const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''))
    expect(rules.map(([name]) => name).sort()).toEqual(files.sort())
  })
})

describe('normalizeDocument', () => {
  it('leaves its input alone', () => {
    const input = documentWithThing({ type: 'string', nullable: true, title: 'Thing' })
    const before = structuredClone(input)
    normalizeDocument(input)
    expect(input).toEqual(before)
  })

  it('gives the same bytes whatever order the keys came in', () => {
    const reverse = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reverse)
      if (value === null || typeof value !== 'object') return value
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, child]) => [key, reverse(child)]),
      )
    }
    // Reversing the keys of a document leaves it a document.
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
            get: { responses: { '200': jsonAnswer({ $ref: '#/components/schemas/Thing' }) } },
          },
        },
        components: { schemas: { Thing: schema } },
      }),
    )
    expect(document.components?.schemas?.['Thing']?.properties).toEqual(schema.properties)
  })

  it('treats parts that YAML aliases share as separate', () => {
    const shared = { type: 'string', nullable: true }
    const { document } = normalizeDocument(
      documentWith({
        paths: {
          '/api/things/': {
            get: { responses: { '200': jsonAnswer({ anyOf: [shared, shared, { type: 'number' }] }) } },
          },
        },
      }),
    )
    const answer =
      document.paths['/api/things/']?.get?.responses?.['200']?.content?.['application/json']?.schema
    expect(answer?.anyOf?.slice(0, 2)).toEqual([{ type: ['string', 'null'] }, { type: ['string', 'null'] }])
  })
})

describe('the committed snapshot', () => {
  it('holds no prose of the vendor', () => {
    const prose: string[] = []
    for (const { operation, pointer } of operationsOf(snapshot)) {
      if (operation.description !== undefined || operation['summary'] !== undefined) prose.push(pointer)
      for (const answer of Object.values(operation.responses ?? {}))
        if (answer.description !== '') prose.push(pointer)
    }
    rewriteSchemas(structuredClone(snapshot), (schema, pointer) => {
      for (const key of ['title', 'description', 'example', 'examples'])
        if (schema[key] !== undefined) prose.push(pointer)
      return schema
    })
    expect(prose).toEqual([])
  })

  it('speaks of no environment paths', () => {
    expect(
      Object.keys(snapshot.paths).filter((path) => /environments\/\{(?:project|environment)_id\}/.test(path)),
    ).toEqual([])
    expect(snapshot.components?.parameters?.['EnvironmentIdPath']).toBeUndefined()
  })

  it('stays under six megabytes', () => {
    const file = new URL('../../../../../openapi/posthog.json', import.meta.url)
    expect(readFileSync(file).byteLength).toBeLessThan(6_000_000)
  })
})
