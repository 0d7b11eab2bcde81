import type { IHttpConfig } from '@stoplight/prism-http'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { createClientFromOperations, type PrismHttp } from '@stoplight/prism-http/dist/client.js'
import type { OpenApiDocument } from '../../../src/codegen/schema/document.ts'
import { readSnapshot } from '../../../src/codegen/schema/snapshot/read-snapshot.ts'

/**
 * A server that Prism creates from the schema. It rejects invalid requests with 422, and returns the examples of the
 * schema. Each path has its own Prism server, because Prism cannot load the whole document.
 */
export async function schemaMock(projectId: number): Promise<typeof fetch> {
  const { document } = await readSnapshot('openapi')
  setProjectId(document, projectId)
  clearQuotas(document)
  const servers = new Map<string, Promise<PrismHttp>>()
  return async (input, init) => {
    const { pathname, search } = new URL(String(input))
    const template = templateOf(document, pathname, init?.method ?? 'GET')
    if (template === undefined) return Response.json({ detail: 'Endpoint not found.' }, { status: 404 })
    const server = servers.get(template) ?? startPrism(document, template)
    servers.set(template, server)
    const text = await bodyText(init)
    const response = await (await server)
      .request(pathname + search, {
        method: (init?.method ?? 'GET').toLowerCase() as 'get',
        headers: Object.fromEntries(new Headers(init?.headers)),
        ...(text === '' ? {} : { body: JSON.parse(text) }),
      })
      .catch((error: { status?: number; additional?: { validation?: unknown } }) => ({
        status: error.status ?? 500,
        data: { detail: JSON.stringify(error.additional?.validation ?? String(error)) },
      }))
    const empty = response.status === 204 || response.data === undefined || response.data === ''
    const body = empty
      ? null
      : typeof response.data === 'string'
        ? response.data
        : JSON.stringify(response.data)
    return new Response(body, { status: response.status, headers: { 'content-type': 'application/json' } })
  }
}

const config: IHttpConfig = {
  isProxy: false,
  checkSecurity: false,
  validateRequest: true,
  validateResponse: true,
  errors: true,
  upstreamProxy: undefined,
  mock: { dynamic: false },
}

// The responses contain everything that Prism would log.
const ignore = (): void => {}
const silentLogger = {
  info: ignore,
  warn: ignore,
  error: ignore,
  debug: ignore,
  trace: ignore,
  fatal: ignore,
  success: ignore,
  child: () => silentLogger,
} as never

async function startPrism(document: OpenApiDocument, template: string): Promise<PrismHttp> {
  const operations = await getHttpOperationsFromSpec(documentOfPath(document, template) as never)
  return createClientFromOperations(operations, { ...config, logger: silentLogger })
}

/**
 * Recursive unions of dozens of query kinds, which Prism would need hours to expand, and the metrics of an experiment,
 * which it would need minutes for.
 */
const recursiveUnions: RegExp =
  /^(?:InsightQuerySchema|QueryRequest|QueryResponseAlternative|QueryUpgradeRe(?:quest|sponse)|HogQLQueryResponse|Experiment(?:ApiMetric|QueryResponse))$/

/** Replaces the recursive unions: an object, with rows if it is a response. */
const anyQuery = {
  type: 'object',
  properties: {
    columns: { type: 'array', items: { type: 'string' } },
    results: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
  },
}

/** Returns the document with one path and the schemas that it references. */
function documentOfPath(document: OpenApiDocument, template: string): unknown {
  const schemas: Record<string, unknown> = {}
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy)
    if (typeof value !== 'object' || value === null) return value
    const { $ref } = value as { $ref?: unknown }
    const name = typeof $ref === 'string' ? /^#\/components\/schemas\/(.+)$/.exec($ref)?.[1] : undefined
    if (name !== undefined && recursiveUnions.test(name)) return anyQuery
    // Lists have a single page, because Prism would return any string as the URL of the next one.
    const { next, previous } = value as { next?: unknown; previous?: unknown }
    const absent = { type: 'null' }
    const schema =
      typeof next === 'object' && typeof previous === 'object'
        ? { ...value, next: absent, previous: absent }
        : value
    if (name !== undefined && !(name in schemas)) {
      schemas[name] = true
      schemas[name] = copy(document.components?.schemas?.[name])
    }
    return Object.fromEntries(Object.entries(schema).map(([key, inner]) => [key, copy(inner)]))
  }
  const paths = { [template]: copy(document.paths[template]) }
  return { ...document, paths, components: { ...document.components, schemas } }
}

/** Returns the path template that matches a URL path, preferring the one with the fewest parameters. */
function templateOf(document: OpenApiDocument, pathname: string, method: string): string | undefined {
  const matches = Object.keys(document.paths).filter((template) => {
    const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')
    const item: object = document.paths[template] ?? {}
    return new RegExp(`^${pattern}$`).test(pathname) && method.toLowerCase() in item
  })
  const parameters = (template: string): number => template.split('{').length
  return matches.sort((a, b) => parameters(a) - parameters(b))[0]
}

/** Adds the project of the client to the list of projects. */
function setProjectId(document: OpenApiDocument, id: number): void {
  const properties = document.components?.schemas?.['ProjectBackwardCompatBasic']?.properties
  if (properties?.['id'] !== undefined) properties['id'] = { ...properties['id'], example: id }
}

/** Removes quotas from the response to a capture, because the client would report dropped events. */
function clearQuotas(document: OpenApiDocument): void {
  const properties = document.components?.schemas?.['CaptureStatus']?.properties
  if (properties !== undefined) properties['quota_limited'] = { ...properties['quota_limited'], example: [] }
}

async function bodyText(init: RequestInit | undefined): Promise<string> {
  const { body } = init ?? {}
  if (!(body instanceof Blob)) return typeof body === 'string' ? body : ''
  if (new Headers(init?.headers).get('content-encoding') !== 'gzip') return body.text()
  return new Response(body.stream().pipeThrough(new DecompressionStream('gzip'))).text()
}
