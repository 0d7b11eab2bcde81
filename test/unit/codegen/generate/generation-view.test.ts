import { describe, expect, it } from 'vitest'
import { generationView } from '../../../../src/codegen/generate/generation-view.ts'
import type { OpenApiDocument } from '../../../../src/codegen/schema/document.ts'
import { documentOf, object, operationReturning, referenceTo } from '../small-documents.ts'

const source = (): OpenApiDocument => {
  const document = documentOf(
    {
      '/p/{project_id}/o/{organization_id}/{id}/': {
        get: {
          ...operationReturning('things', 'getThing', referenceTo('Thing')),
          parameters: [
            { name: 'project_id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
            { name: 'project_id', in: 'query', required: true, schema: { type: 'integer' } },
            { $ref: '#/components/parameters/OrganizationIdPath' },
          ],
        },
      },
    },
    {
      Thing: object({ part: referenceTo('Part') }),
      Part: object({ thing: referenceTo('Thing') }),
      Lost: object({ lostToo: referenceTo('LostToo') }),
      LostToo: object({ lost: referenceTo('Lost') }),
    },
  )
  return {
    ...document,
    components: {
      ...document.components,
      parameters: {
        OrganizationIdPath: {
          name: 'organization_id',
          in: 'path',
          required: true,
          schema: { type: 'string' },
        },
        IdPath: { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      },
    },
  }
}
const filledIn = { in: 'path', required: false, schema: { type: ['string', 'number'] } }

describe('generationView', () => {
  it('makes the parameters of the client optional and accepts numbers', () => {
    const view = generationView(source())
    const [project] = view.paths['/p/{project_id}/o/{organization_id}/{id}/']?.get?.parameters ?? []
    expect(project).toEqual({ name: 'project_id', ...filledIn })
    expect(view.components?.parameters?.['OrganizationIdPath']).toEqual({
      name: 'organization_id',
      ...filledIn,
    })
  })

  it('keeps all other parameters, also a query parameter of the same name', () => {
    const view = generationView(source())
    const [, id, query] = view.paths['/p/{project_id}/o/{organization_id}/{id}/']?.get?.parameters ?? []
    expect(id).toMatchObject({ name: 'id', required: true, schema: { type: 'integer' } })
    expect(query).toMatchObject({ in: 'query', required: true, schema: { type: 'integer' } })
    expect(view.components?.parameters?.['IdPath']?.required).toBe(true)
  })

  it('drops unused components, including cycles', () => {
    expect(Object.keys(generationView(source()).components?.schemas ?? {})).toEqual(['Thing', 'Part'])
  })

  it('does not change its input', () => {
    const document = source()
    generationView(document)
    expect(document).toEqual(source())
  })

  it('is idempotent', () => {
    const once = generationView(source())
    expect(generationView(once)).toEqual(once)
  })

  it('accepts a document without components', () => {
    expect(generationView({ openapi: '3.1.0', info: { title: 't', version: '1' }, paths: {} }).paths).toEqual(
      {},
    )
  })
})
