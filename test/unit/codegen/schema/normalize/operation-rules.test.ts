import { describe, expect, it } from 'vitest'
import type { OperationObject, SchemaObject } from '../../../../../src/codegen/schema/document.ts'
import {
  chooseRequestContent,
  chooseResponseContent,
  inlineSharedBodies,
} from '../../../../../src/codegen/schema/normalize/rules/bodies.ts'
import { derivePaging, unwrapListEnvelopes } from '../../../../../src/codegen/schema/normalize/rules/lists.ts'
import {
  keepScopesAsData,
  markDeletes,
  nameOperations,
  tagByResource,
} from '../../../../../src/codegen/schema/normalize/rules/operations.ts'
import { dropVendorExtensions } from '../../../../../src/codegen/schema/normalize/rules/vendor-content.ts'
import { documentWith, documentWithOperation, jsonResponse } from '../../small-documents.ts'

const list = '/api/projects/{project_id}/things/'
const one = '/api/projects/{project_id}/things/{id}/'

describe('choose-request-content', () => {
  const chosen = (...types: string[]): string[] => {
    const content = Object.fromEntries(types.map((type) => [type, { schema: {} }]))
    const document = documentWithOperation({ requestBody: { content } }, 'post')
    chooseRequestContent(document)
    return Object.keys(document.paths[list]?.post?.requestBody?.content ?? {})
  }

  it('chooses JSON from the three types of the framework', () => {
    expect(chosen('application/json', 'application/x-www-form-urlencoded', 'multipart/form-data')).toEqual([
      'application/json',
    ])
  })

  it('chooses multipart when it is first', () => {
    expect(chosen('multipart/form-data', 'application/json')).toEqual(['multipart/form-data'])
  })

  it('prefers multipart to a URL-encoded form', () => {
    expect(chosen('application/x-www-form-urlencoded', 'multipart/form-data')).toEqual([
      'multipart/form-data',
    ])
  })

  it('keeps a single content type and an empty body', () => {
    expect(chosen('text/csv')).toEqual(['text/csv'])
    expect(chosen()).toEqual([])
  })
})

describe('choose-response-content', () => {
  const answered = (status: string, types: readonly string[]): unknown => {
    const content = Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }]))
    const document = documentWithOperation({ responses: { [status]: { description: '', content } } })
    chooseResponseContent(document)
    return document.paths[list]?.get?.responses?.[status]
  }

  it('drops CSV beside JSON', () => {
    expect(answered('200', ['text/csv', 'application/json'])).toEqual(jsonResponse({ type: 'string' }))
  })

  it.each([
    ['200', [], 'unknown'],
    ['202', [], 'unknown'],
    ['200', ['image/jpeg'], 'binary'],
    ['200', ['text/csv'], 'text'],
    ['200', ['text/event-stream'], 'stream'],
  ])('marks a %s of %j as %s', (status, types, mark) => {
    expect(answered(status, types)).toMatchObject({ 'x-typehog-body': mark })
  })

  it.each([
    ['204', []],
    ['404', []],
    ['200', ['application/json']],
  ])('does not mark a %s of %j', (status, types) => {
    expect(answered(status, types)).not.toHaveProperty('x-typehog-body')
  })
})

describe('keep-scopes-as-data', () => {
  const scopesOf = (security: OperationObject['security']): unknown => {
    const document = documentWithOperation(security === undefined ? {} : { security })
    keepScopesAsData(document)
    expect(document.paths[list]?.get).not.toHaveProperty('security')
    expect(document.security).toEqual([{ PersonalAPIKeyAuth: [] }])
    return document.paths[list]?.get?.['x-typehog-scopes']
  }

  it('merges and sorts scopes', () => {
    expect(scopesOf([{ PersonalAPIKeyAuth: ['person:read', 'cohort:read'] }])).toEqual([
      'cohort:read',
      'person:read',
    ])
  })

  it('distinguishes no scopes from unknown scopes', () => {
    expect(scopesOf([{}])).toEqual([])
    expect(scopesOf(undefined)).toBeUndefined()
  })
})

describe('drop-vendor-extensions', () => {
  it('drops vendor extensions and keeps our own', () => {
    const document = documentWithOperation({
      'x-product': ['a'],
      'x-typehog-scopes': [],
      responses: { '200': { 'x-a': 1 } },
    })
    document['x-tagGroups'] = []
    expect(dropVendorExtensions(document).changed).toBe(3)
    expect(document.paths[list]?.get).toEqual({ 'x-typehog-scopes': [], responses: { '200': {} } })
  })

  it('keeps properties with names like extensions', () => {
    const document = documentWith({
      components: { schemas: { Thing: { properties: { 'x-forwarded': {} } } } },
    })
    expect(dropVendorExtensions(document).changed).toBe(0)
  })
})

describe('inline-shared-bodies', () => {
  it('inlines bodies and responses', () => {
    const document = documentWithOperation(
      {
        requestBody: { $ref: '#/components/requestBodies/B' },
        responses: { '200': { $ref: '#/components/responses/R' } },
      },
      'post',
    )
    document.components = {
      requestBodies: { B: { required: true, content: {} } },
      responses: { R: { description: 'r' } },
    }
    inlineSharedBodies(document)
    expect(document.paths[list]?.post).toEqual({
      requestBody: { required: true, content: {} },
      responses: { '200': { description: 'r' } },
    })
    expect(document.components).toEqual({})
  })
})

describe('tag-by-resource', () => {
  it('replaces tags by the resource', () => {
    const document = documentWithOperation({ tags: ['AI observability', 'things'] })
    expect(tagByResource(document).changed).toBe(1)
    expect(document.paths[list]?.get?.tags).toEqual(['things'])
    expect(document.tags).toEqual([{ name: 'things' }])
  })
})

describe('name-operations', () => {
  it('replaces numbered ids', () => {
    const document = documentWithOperation({ operationId: 'list_2' })
    expect(nameOperations(document)).toMatchObject({ changed: 1 })
    expect(document.paths[list]?.get?.operationId).toBe('listThings')
  })
})

describe('mark-deletes', () => {
  const marks = (statuses: readonly string[], deleted: SchemaObject | undefined): unknown[] => {
    const properties: Record<string, SchemaObject> = deleted === undefined ? {} : { deleted }
    const document = documentWith({
      paths: {
        [one]: {
          delete: { responses: Object.fromEntries(statuses.map((status) => [status, {}])) },
          patch: { requestBody: { content: { 'application/json': { schema: { properties } } } } },
        },
      },
    })
    markDeletes(document)
    return [
      document.paths[one]?.delete?.['x-typehog-delete'],
      document.paths[one]?.patch?.['x-typehog-delete'],
    ]
  }

  it('marks a rejected DELETE and its soft-deleting PATCH', () => {
    expect(marks(['405'], { type: 'boolean' })).toEqual(['refused', 'soft'])
  })

  it('does not mark a PATCH with a read-only field', () => {
    expect(marks(['405'], { type: 'boolean', readOnly: true })).toEqual(['refused', undefined])
    expect(marks(['405'], undefined)).toEqual(['refused', undefined])
  })

  it('marks a DELETE with a 2xx response as hard', () => {
    expect(marks(['204', '405'], { type: 'boolean' })).toEqual(['hard', undefined])
    expect(marks([], undefined)).toEqual(['hard', undefined])
  })
})

describe('derive-paging', () => {
  const results = { type: 'object', properties: { results: { type: 'array', items: {} } } }
  const paging = (names: readonly string[], schema: SchemaObject): unknown => {
    const parameters = names.map((name) => ({ name, in: 'query' }))
    const document = documentWithOperation({ parameters, responses: { '200': jsonResponse(schema) } })
    derivePaging(document)
    return document.paths[list]?.get?.['x-typehog-paging']
  }

  it.each([
    ['offset', ['limit', 'offset'], results],
    ['cursor', ['cursor', 'limit'], results],
    ['page', ['page', 'page_size'], results],
    ['events', ['after', 'before', 'limit', 'offset'], results],
    [
      'offset',
      ['after', 'before', 'offset'],
      { ...results, properties: { ...results.properties, count: {} } },
    ],
    ['none', ['search'], results],
    ['none', ['limit', 'offset'], { type: 'object' }],
    ['array', [], { type: 'array', items: {} }],
  ])('is %s for the parameters %j', (kind, names, schema) => {
    expect(paging(names, schema)).toBe(kind)
  })

  it('does not mark other methods', () => {
    const document = documentWithOperation({ responses: { '200': jsonResponse(results) } }, 'post')
    expect(derivePaging(document).changed).toBe(0)
    expect(document.paths[list]?.post).not.toHaveProperty('x-typehog-paging')
  })
})

describe('unwrap-list-envelopes', () => {
  const unwrap = (inner: SchemaObject, wrapped: SchemaObject): unknown => {
    const document = documentWithOperation({ responses: { '200': jsonResponse(wrapped) } })
    document.components = {
      schemas: { Inner: inner, Page: { properties: { results: { type: 'array', items: reference } } } },
    }
    unwrapListEnvelopes(document)
    return document.paths[list]?.get?.responses?.['200']?.content?.['application/json']?.schema
  }
  const reference = { $ref: '#/components/schemas/Inner' }
  const holder = { properties: { results: { type: 'array', items: {} } } }

  it('unwraps a response with results from a list', () => {
    expect(unwrap(holder, { type: 'array', items: reference })).toEqual(reference)
    expect(unwrap(holder, { $ref: '#/components/schemas/Page' })).toEqual(reference)
  })

  it('keeps a list of plain items', () => {
    expect(unwrap({ properties: { id: {} } }, { type: 'array', items: reference })).toEqual({
      type: 'array',
      items: reference,
    })
  })
})
