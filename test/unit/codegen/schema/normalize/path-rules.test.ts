import { describe, expect, it } from 'vitest'
import { mergeAmbiguousTemplates } from '../../../../../src/codegen/schema/normalize/rules/merge-ambiguous-templates.ts'
import { readEnvironmentsAsProjects } from '../../../../../src/codegen/schema/normalize/rules/read-environments-as-projects.ts'
import { sharePathParameters } from '../../../../../src/codegen/schema/normalize/rules/share-path-parameters.ts'
import { documentWith } from '../small-document.ts'

const projectId = { $ref: '#/components/parameters/ProjectIdPath' }

describe('read-environments-as-projects', () => {
  /** What marks an operation that only the old prefix has. */
  const alone = { 'x-typehog-environments': true }

  it('moves a path that exists only there, under either parameter name', () => {
    const document = documentWith({
      paths: {
        '/api/environments/{project_id}/a/': { get: { operationId: 'a' } },
        '/api/environments/{environment_id}/b/': { get: { operationId: 'b' } },
      },
    })
    expect(readEnvironmentsAsProjects(document).changed).toBe(2)
    expect(document.paths).toEqual({
      '/api/projects/{project_id}/a/': { get: { operationId: 'a', ...alone } },
      '/api/projects/{project_id}/b/': { get: { operationId: 'b', ...alone } },
    })
  })

  it('keeps the projects operation of a pair and the methods that only the other has', () => {
    const document = documentWith({
      paths: {
        '/api/environments/{project_id}/a/': {
          get: { operationId: 'a_2' },
          post: { operationId: 'b', deprecated: true },
        },
        '/api/projects/{project_id}/a/': { get: { operationId: 'a' } },
      },
    })
    readEnvironmentsAsProjects(document)
    expect(document.paths).toEqual({
      '/api/projects/{project_id}/a/': {
        get: { operationId: 'a' },
        post: { operationId: 'b', deprecated: true, ...alone },
      },
    })
  })

  it('leaves environments that are a resource of a project', () => {
    const document = documentWith({
      paths: { '/api/projects/{project_id}/environments/{id}/': {}, '/api/environments/{id}/': {} },
    })
    expect(readEnvironmentsAsProjects(document).changed).toBe(0)
    expect(Object.keys(document.paths)).toHaveLength(2)
  })
})

describe('merge-ambiguous-templates', () => {
  const path = '/api/projects/{project_id}/query/'

  it('joins paths that differ in parameter names alone', () => {
    const document = documentWith({
      paths: {
        [`${path}{query_kind}/`]: { post: { parameters: [{ name: 'query_kind', in: 'path' }] } },
        [`${path}{id}/`]: { get: { parameters: [{ name: 'id', in: 'path' }] } },
      },
    })
    expect(mergeAmbiguousTemplates(document).changed).toBe(1)
    expect(document.paths).toEqual({
      [`${path}{id}/`]: {
        get: { parameters: [{ name: 'id', in: 'path' }] },
        post: { parameters: [{ name: 'id', in: 'path' }] },
      },
    })
  })

  it('keeps the operation of the first path when both have the method', () => {
    const document = documentWith({
      paths: {
        [`${path}{b}/`]: { get: { operationId: 'b' } },
        [`${path}{a}/`]: { get: { operationId: 'a' } },
      },
    })
    mergeAmbiguousTemplates(document)
    expect(document.paths).toEqual({ [`${path}{a}/`]: { get: { operationId: 'a' } } })
  })

  it('leaves a literal beside a parameter', () => {
    const document = documentWith({ paths: { [`${path}{id}/`]: {}, [`${path}upgrade/`]: {} } })
    expect(mergeAmbiguousTemplates(document).changed).toBe(0)
  })
})

describe('share-path-parameters', () => {
  const path = '/api/projects/{project_id}/things/{id}/'

  it('writes the path parameters in path order and the others by name', () => {
    const document = documentWith({
      paths: {
        [path]: {
          get: {
            parameters: [
              { name: 'z', in: 'query' },
              { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
              { name: 'a', in: 'query' },
              { name: 'project_id', in: 'path', required: true, schema: { type: 'integer' } },
            ],
          },
        },
      },
    })
    expect(sharePathParameters(document).changed).toBe(1)
    expect(document.paths[path]?.get?.parameters).toEqual([
      projectId,
      { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
      { name: 'a', in: 'query' },
      { name: 'z', in: 'query' },
    ])
    expect(document.components?.parameters).toEqual({
      ProjectIdPath: { name: 'project_id', in: 'path', required: true, schema: { type: 'string' } },
    })
  })

  it('moves parameters of the path item into its operations', () => {
    const document = documentWith({
      paths: {
        [path]: {
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'q', in: 'query' },
          ],
          get: { parameters: [{ name: 'q', in: 'query', required: true }] },
        },
      },
    })
    sharePathParameters(document)
    expect(document.paths[path]?.get?.parameters?.at(-1)).toEqual({ name: 'q', in: 'query', required: true })
    expect(document.paths[path]).not.toHaveProperty('parameters')
  })

  it('describes a path parameter that the operation forgot', () => {
    const document = documentWith({ paths: { [path]: { get: {} } } })
    sharePathParameters(document)
    expect(document.paths[path]?.get?.parameters).toEqual([
      projectId,
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    ])
  })

  it('drops a path parameter that the path does not have', () => {
    const document = documentWith({
      paths: { '/api/billing/': { get: { parameters: [{ name: 'id', in: 'path' }] } } },
    })
    sharePathParameters(document)
    expect(document.paths['/api/billing/']?.get).toEqual({})
  })
})
