import { describe, expect, it } from 'vitest'
import { operationOf } from '../../../src/client/operation.ts'
import { readOperation } from '../../../src/client/read-operation.ts'

describe('an operation that is known without the tables', () => {
  it.each(['/api/projects/{project_id}/query/', '/api/projects/{project_id}/endpoints/{name}/run/'])(
    'is what the tables say: %s',
    (template) => {
      const { fill: _, ...known } = operationOf('POST', template) as Awaited<ReturnType<typeof operationOf>>
      const { fill: __, ...read } = readOperation('POST', template)
      expect(known).toEqual(read)
    },
  )

  it('is no other', () => {
    for (const [method, template] of [
      ['GET', '/api/projects/{project_id}/query/'],
      ['POST', '/api/projects/{project_id}/query/{id}/'],
      ['POST', '/api/projects/{project_id}/endpoints/'],
    ] as const) {
      expect(operationOf(method, template)).toBeInstanceOf(Promise)
    }
  })

  it('is looked up once', async () => {
    const first = await operationOf('GET', '/api/users/')
    expect(operationOf('GET', '/api/users/')).toBe(first)
  })
})
