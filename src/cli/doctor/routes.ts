import { type OpenApiDocument, operationsOf } from '../../codegen/schema/document.ts'
import { readShippedSchema, readShippedSnapshot } from '../../codegen/schema/server/shipped-schema.ts'
import { closestName } from '../../shared/did-you-mean.ts'
import { UsageError } from '../errors.ts'

/** An operation of PostHog's API. */
export interface Route {
  readonly method: string
  /** Path with `{names}`. */
  readonly template: string
}

const example = 'Write, for example: --operation "GET /api/projects/{project_id}/cohorts/".'

/**
 * Finds the operations of `--operation`. A value in place of a `{name}` is accepted.
 *
 * @throws UsageError for text that is not a method and a path, and for an operation that PostHog's schema does not have
 */
export async function findRoutes(operations: readonly string[]): Promise<Route[]> {
  const given = operations.map(parse)
  if (given.length === 0) return []
  const inSnapshot = routesOf(await readShippedSnapshot())
  const found = given.flatMap((route) => find(route, inSnapshot) ?? [])
  if (found.length === given.length) return found
  const known = routesOf((await readShippedSchema()).document)
  return given.map((route) => {
    const match = find(route, known)
    if (match !== undefined) return match
    throw new UsageError(
      `PostHog's schema has no operation ${route.method} ${route.template}.`,
      suggestRoute(route, known),
    )
  })
}

function routesOf(document: OpenApiDocument): Route[] {
  return [...operationsOf(document)].map(({ method, path }) => ({
    method: method.toUpperCase(),
    template: path,
  }))
}

function parse(operation: string): Route {
  const [, method = '', template] = /^(\w+) (\/\S*)$/.exec(operation.trim()) ?? []
  if (template !== undefined) return { method: method.toUpperCase(), template }
  throw new UsageError(`Expected --operation to be a method and a path, got "${operation}".`, example)
}

/** Finds the operation of a route: with the same template, or else with values that fit it. */
function find({ method, template }: Route, known: readonly Route[]): Route | undefined {
  const sameMethod = known.filter((route) => route.method === method)
  return (
    sameMethod.find((route) => route.template === template) ??
    sameMethod.find((route) => matches(template, route.template))
  )
}

/** Fixed segments of PostHog's paths are words of these characters, so that values can be told from misspellings. */
const word = /^[a-z_]*$/

/** Whether a path fits a template: each segment is equal, or a value or `{name}` where the template has a `{name}`. */
function matches(path: string, template: string): boolean {
  return withValues(template, path) === path
}

/** Fills in a template with the values of a path, so that only misspellings distinguish them. */
function withValues(template: string, path: string): string {
  const segments = path.split('/')
  const filled = template.split('/').map((name, index) => {
    const segment = segments[index] ?? ''
    return name.startsWith('{') && !word.test(segment) ? segment : name
  })
  return filled.join('/')
}

function suggestRoute({ method, template }: Route, known: readonly Route[]): string {
  const methods = known.filter((route) => matches(template, route.template)).map((route) => route.method)
  if (methods.length > 0) return `This path has ${methods.join(', ')}.`
  const templates = known.filter((route) => route.method === method).map((route) => route.template)
  const byPath = new Map(templates.map((candidate) => [withValues(candidate, template), candidate]))
  const tail = template.replace(/^\/(?:api\/)?|\/?$/g, '')
  const closest =
    byPath.get(closestName(template, [...byPath.keys()]) ?? '') ??
    templates.find((candidate) => tail !== '' && candidate.endsWith(`/${tail}/`))
  return closest === undefined ? example : `Did you mean "${method} ${closest}"?`
}
