import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type HttpMethod,
  type OpenApiDocument,
  operationsOf,
} from '../../../../../src/codegen/schema/document.ts'
import {
  assignNames,
  longerNames,
  operationName,
} from '../../../../../src/codegen/schema/naming/operation-name.ts'
import { resourceOf } from '../../../../../src/codegen/schema/naming/route.ts'
import { applyOverlays } from '../../../../../src/codegen/schema/overlay/apply-overlays.ts'
import { readOverlays } from '../../../../../src/codegen/schema/overlay/read-overlays.ts'

const folder = new URL('../../../../../openapi/', import.meta.url)
// This pipeline wrote the committed snapshot.
const snapshot = JSON.parse(readFileSync(new URL('posthog.json', folder), 'utf8')) as OpenApiDocument

describe('operationName', () => {
  it.each<[HttpMethod, string, string]>([
    ['get', 'feature_flags/', 'listFeatureFlags'],
    ['post', 'feature_flags/', 'createFeatureFlag'],
    ['get', 'feature_flags/{id}/', 'getFeatureFlag'],
    ['patch', 'feature_flags/{id}/', 'updateFeatureFlag'],
    ['put', 'feature_flags/{id}/', 'replaceFeatureFlag'],
    ['delete', 'feature_flags/{id}/', 'deleteFeatureFlag'],
    ['get', 'feature_flags/{id}/activity/', 'getFeatureFlagActivity'],
    ['get', 'feature_flags/activity/', 'getFeatureFlagsActivity'],
    ['get', 'feature_flags/{id}/versions/{version_number}/', 'getFeatureFlagVersion'],
    ['post', 'feature_flags/{id}/archive/', 'archiveFeatureFlag'],
    ['post', 'feature_flags/bulk_delete/', 'bulkDeleteFeatureFlags'],
    ['post', 'endpoints/{name}/run/', 'runEndpoint'],
    ['get', 'endpoints/{name}/run/', 'getEndpointRun'],
    ['get', 'endpoints/{name}/openapi.json/', 'getEndpointOpenapiJson'],
    ['get', 'early_access_feature/', 'listEarlyAccessFeature'],
    ['get', 'early_access_feature/{id}/', 'getEarlyAccessFeature'],
    ['get', 'event_filter/', 'getEventFilter'],
    ['post', 'batch_exports/{id}/run_test_step/', 'runBatchExportTestStep'],
    ['post', 'persons/batch_by_distinct_ids/', 'createPersonsBatchByDistinctIds'],
    ['post', 'mcp_tools/{tool_name}/', 'postMcpTool'],
    ['post', 'logs/explainLogWithAI/', 'explainLogsLogWithAi'],
    ['delete', 'product_tours/{id}/discard_draft/', 'deleteProductTourDiscardDraft'],
    ['get', 'warehouse_saved_queries/{id}/', 'getWarehouseSavedQuery'],
  ])('names %s %s of a project %s', (method, path, name) => {
    expect(operationName(method, `/api/projects/{project_id}/${path}`)).toBe(name)
  })

  it.each<[HttpMethod, string, string]>([
    ['get', '/api/organizations/', 'listOrganizations'],
    ['get', '/api/organizations/{id}/', 'getOrganization'],
    ['get', '/api/organizations/{organization_id}/members/', 'listOrganizationMembers'],
    ['post', '/api/organizations/{organization_id}/batch_exports/', 'createOrganizationBatchExport'],
    ['get', '/api/projects/{id}/', 'getProject'],
    ['get', '/api/users/{uuid}/integrations/', 'listUserIntegrations'],
    ['get', '/api/llm_analytics/@me/spend/', 'getLlmAnalyticsMeSpend'],
    ['get', '/api/customer_analytics/external/accounts', 'listCustomerAnalyticsExternalAccounts'],
  ])('names %s %s %s', (method, path, name) => {
    expect(operationName(method, path)).toBe(name)
  })

  it('gives every operation of the snapshot with overlays a unique identifier', async () => {
    const overlays = (await readOverlays(new URL('overlay', folder).pathname)).map(({ overlay }) => overlay)
    const { document } = applyOverlays(snapshot, overlays)
    const operations = [...operationsOf(document)]
    const assigned = assignNames(operations)
    const named = operations.map(({ path, operation }, index) => {
      return { path, name: operation.operationId ?? '', assigned: assigned[index] }
    })
    const names = named.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(2000)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    expect(names.filter((name) => !/^[a-z][A-Za-z0-9]*(?:[A-Za-z]|V\d+)$/.test(name))).toEqual([])
    // An overlay names the public routes, because `/i/v0/e/` contains no words.
    const apiRoutes = named.filter(({ path }) => path.startsWith('/api/'))
    expect(apiRoutes.length).toBeGreaterThan(2000)
    expect(apiRoutes.filter(({ name, assigned }) => name !== assigned)).toEqual([])
  })
})

describe('assignNames', () => {
  const collection = { method: 'get', path: '/api/projects/{project_id}/history/active/' } as const
  const item = { method: 'get', path: '/api/projects/{project_id}/history/active/{id}/' } as const

  it('gives the short name to the route with fewer parameters', () => {
    expect(assignNames([collection, item])).toEqual(['getHistoryActive', 'getHistoryActiveById'])
  })

  it('does not depend on the order of the routes', () => {
    expect(assignNames([item, collection])).toEqual(['getHistoryActiveById', 'getHistoryActive'])
  })

  it('distinguishes routes that differ only in punctuation', () => {
    const routes = ['/api/a_b/c/{id}/', '/api/a/b/c/{id}/', '/api/a-b/c/{id}/'].map(
      (path) => ({ method: 'get', path }) as const,
    )
    const names = assignNames(routes)
    expect(new Set(names).size).toBe(3)
    for (const name of names) expect(name).toMatch(/^getABC/)
  })

  it('uses the longer name when an action and a plain method collide', () => {
    const path = '/api/projects/{project_id}/things/{id}/move/'
    expect(
      assignNames([
        { method: 'patch', path },
        { method: 'post', path },
      ]),
    ).toEqual(['moveThing', 'createThingMove'])
    expect(longerNames('post', path)).toEqual(['createThingMove', 'createThingMoveById'])
  })
})

describe('resourceOf', () => {
  it.each([
    ['/api/projects/{project_id}/feature_flags/{id}/activity/', 'feature_flags'],
    ['/api/projects/{project_id}/js-snippet/version/', 'js_snippet'],
    ['/api/organizations/', 'organizations'],
    ['/api/organizations/{id}/environments_rollback/', 'organizations'],
    ['/api/organizations/{organization_id}/projects/{id}/', 'projects'],
    ['/api/projects/{id}/', 'projects'],
    ['/api/users/{uuid}/', 'users'],
    ['/api/', 'root'],
  ])('returns the resource of %s: %s', (path, resource) => {
    expect(resourceOf(path)).toBe(resource)
  })
})
