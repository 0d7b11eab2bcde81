import type { IHttpConfig } from '@stoplight/prism-http'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { createClientFromOperations, type PrismHttp } from '@stoplight/prism-http/dist/client.js'
import type { OpenApiDocument } from '../../../src/codegen/schema/document.ts'
import { readSnapshot } from '../../../src/codegen/schema/snapshot/read-snapshot.ts'

/**
 * A server that is made of the schema alone, by Prism: it refuses requests that the schema does not allow with 422, and
 * answers what the schema says. Each path is a server of its own: Prism cannot hold the whole document at once.
 */
export async function schemaMock(projectId: number): Promise<typeof fetch> {
  const { document } = await readSnapshot('openapi')
  nameProject(document, projectId)
  leaveQuota(document)
  const servers = new Map<string, Promise<PrismHttp>>()
  return async (input, init) => {
    const { pathname, search } = new URL(String(input))
    const template = templateOf(document, pathname, init?.method ?? 'GET')
    if (template === undefined) return Response.json({ detail: 'Endpoint not found.' }, { status: 404 })
    const server = servers.get(template) ?? serve(document, template)
    servers.set(template, server)
    const text = await textOf(init)
    const answer = await (await server)
      .request(pathname + search, {
        method: (init?.method ?? 'GET').toLowerCase() as 'get',
        headers: Object.fromEntries(new Headers(init?.headers)),
        ...(text === '' ? {} : { body: JSON.parse(text) }),
      })
      .catch((error: { status?: number; additional?: { validation?: unknown } }) => ({
        status: error.status ?? 500,
        data: { detail: JSON.stringify(error.additional?.validation ?? String(error)) },
      }))
    const empty = answer.status === 204 || answer.data === undefined || answer.data === ''
    const body = empty ? null : typeof answer.data === 'string' ? answer.data : JSON.stringify(answer.data)
    return new Response(body, { status: answer.status, headers: { 'content-type': 'application/json' } })
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

/** Its answers say what its log would. */
const say = (): void => {}
const silent = {
  info: say,
  warn: say,
  error: say,
  debug: say,
  trace: say,
  fatal: say,
  success: say,
  child: () => silent,
} as never

async function serve(document: OpenApiDocument, template: string): Promise<PrismHttp> {
  const operations = await getHttpOperationsFromSpec(pathAlone(document, template) as never)
  return createClientFromOperations(operations, { ...config, logger: silent })
}

/** Unions of dozens of kinds of queries that hold each other, which Prism would write out for hours. */
const endless =
  /^(?:InsightQuerySchema|QueryRequest|QueryResponseAlternative|QueryUpgradeRe(?:quest|sponse)|HogQLQueryResponse)$/

/** What stands for them: an object, which has rows where it is an answer. */
const anyQuery = {
  type: 'object',
  properties: {
    columns: { type: 'array', items: { type: 'string' } },
    results: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
  },
}

/** A document of one path and what it needs. */
function pathAlone(document: OpenApiDocument, template: string): unknown {
  const schemas: Record<string, unknown> = {}
  const take = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(take)
    if (typeof value !== 'object' || value === null) return value
    const { $ref } = value as { $ref?: unknown }
    const name = typeof $ref === 'string' ? /^#\/components\/schemas\/(.+)$/.exec($ref)?.[1] : undefined
    if (name !== undefined && endless.test(name)) return anyQuery
    // Its lists have one page: it would answer any text for the address of the next one.
    const { next, previous } = value as { next?: unknown; previous?: unknown }
    const one = { type: 'null' }
    const whole =
      typeof next === 'object' && typeof previous === 'object'
        ? { ...value, next: one, previous: one }
        : value
    if (name !== undefined && !(name in schemas)) {
      schemas[name] = true
      schemas[name] = take(document.components?.schemas?.[name])
    }
    return Object.fromEntries(Object.entries(whole).map(([key, inner]) => [key, take(inner)]))
  }
  const paths = { [template]: take(document.paths[template]) }
  return { ...document, paths, components: { ...document.components, schemas } }
}

/** The path of the document that an address belongs to; of several, the one with the fewest parameters. */
function templateOf(document: OpenApiDocument, pathname: string, method: string): string | undefined {
  const fits = Object.keys(document.paths).filter((template) => {
    const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')
    const item: object = document.paths[template] ?? {}
    return new RegExp(`^${pattern}$`).test(pathname) && method.toLowerCase() in item
  })
  const parameters = (template: string): number => template.split('{').length
  return fits.sort((a, b) => parameters(a) - parameters(b))[0]
}

/** The list of projects has to have the client's. */
function nameProject(document: OpenApiDocument, id: number): void {
  const properties = document.components?.schemas?.['ProjectBackwardCompatBasic']?.properties
  if (properties?.['id'] !== undefined) properties['id'] = { ...properties['id'], example: id }
}

/** A capture whose answer names a quota would count as dropped. */
function leaveQuota(document: OpenApiDocument): void {
  const properties = document.components?.schemas?.['CaptureStatus']?.properties
  if (properties !== undefined) properties['quota_limited'] = { ...properties['quota_limited'], example: [] }
}

async function textOf(init: RequestInit | undefined): Promise<string> {
  const { body } = init ?? {}
  if (!(body instanceof Blob)) return typeof body === 'string' ? body : ''
  if (new Headers(init?.headers).get('content-encoding') !== 'gzip') return body.text()
  return new Response(body.stream().pipeThrough(new DecompressionStream('gzip'))).text()
}
