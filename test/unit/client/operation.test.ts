import { describe, expect, it } from 'vitest'
import { acceptsPersonalKeys, operationOf } from '../../../src/client/operation.ts'

describe('an operation', () => {
  it.each([
    ['POST', '/api/projects/{project_id}/query/', 'query', true],
    ['POST', '/api/projects/{project_id}/endpoints/{name}/run/', 'query', true],
    ['GET', '/api/projects/{project_id}/query/{id}/', 'query', false],
    ['POST', '/api/projects/{project_id}/endpoints/', 'query', false],
    ['GET', '/api/projects/{project_id}/cohorts/', 'default', false],
  ])('%s %s has the throttle class %s', (method, template, throttle, runsQuery) => {
    expect(operationOf(`${method} ${template}`).call).toMatchObject({ throttle, runsQuery })
  })

  it('is cached', () => {
    expect(operationOf('GET /api/users/')).toBe(operationOf('GET /api/users/'))
  })

  it('says which operations PostHog opens to personal keys', () => {
    const dashboards = '/api/projects/{project_id}/dashboards/'
    expect(acceptsPersonalKeys('POST', `${dashboards}bulk_update_tags/`)).toBe(false)
    expect(acceptsPersonalKeys('GET', `${dashboards}{id}/stream_tiles/`)).toBe(false)
    expect(acceptsPersonalKeys('GET', dashboards)).toBe(true)
    expect(acceptsPersonalKeys('GET', '/api/projects/{project_id}/cohorts/{id}/')).toBe(true)
  })
})
