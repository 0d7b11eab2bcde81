import { describe, expect, it } from 'vitest'
import { sharePathParameters } from '../../../../../src/codegen/schema/normalize/rules/path-parameters.ts'
import {
  mergeAmbiguousTemplates,
  readEnvironmentsAsProjects,
} from '../../../../../src/codegen/schema/normalize/rules/paths.ts'
import { documentWith } from '../../small-documents.ts'

const projectId = { $ref: '#/components/parameters/ProjectIdPath' }

describe('read-environments-as-projects', () => {
  /** The mark of an operation that exists only under the old prefix. */
  const mark = { 'x-typehog-environments': true }

  it('moves a path without a projects twin, with either parameter name', () => {
    const document = documentWith({
      paths: {
        '/api/environments/{project_id}/a/': { get: { operationId: 'a' } },
        '/api/environments/{environment_id}/b/': { get: { operationId: 'b' } },
      },
    })
    expect(readEnvironmentsAsProjects(document).changed).toBe(2)
    expect(document.paths).toEqual({
      '/api/projects/{project_id}/a/': { get: { operationId: 'a', ...mark } },
      '/api/projects/{project_id}/b/': { get: { operationId: 'b', ...mark } },
    })
  })

  it('prefers the projects operation and adds methods that it lacks', () => {
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
        post: { operationId: 'b', deprecated: true, ...mark },
      },
    })
  })

  it('keeps environments that are a resource of a project', () => {
    const document = documentWith({
      paths: { '/api/projects/{project_id}/environments/{id}/': {}, '/api/environments/{id}/': {} },
    })
    expect(readEnvironmentsAsProjects(document).changed).toBe(0)
    expect(Object.keys(document.paths)).toHaveLength(2)
  })
})

describe('merge-ambiguous-templates', () => {
  const path = '/api/projects/{project_id}/query/'

  it('merges paths that differ only in parameter names', () => {
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

  it('keeps a literal segment beside a parameter', () => {
    const document = documentWith({ paths: { [`${path}{id}/`]: {}, [`${path}upgrade/`]: {} } })
    expect(mergeAmbiguousTemplates(document).changed).toBe(0)
  })
})

describe('share-path-parameters', () => {
  const path = '/api/projects/{project_id}/things/{id}/'

  it('sorts path parameters by path and other parameters by name', () => {
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

  it('adds a missing path parameter', () => {
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
