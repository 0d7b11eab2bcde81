import {
  deprecated,
  environmentResources,
  flagLists,
  formBodies,
  otherResponses,
  readingPosts,
  throttles,
} from '../generated/rules.gen.ts'
import { scopes } from '../generated/scopes.gen.ts'
import { unexpected } from '../runtime/config/check-options.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import type { ThrottleClass } from '../runtime/limits/rates.ts'
import type { Deprecation } from '../runtime/observe/notices.ts'
import type { PagingKind } from '../runtime/paging/pages.ts'
import type { InternalCall } from '../runtime/transport/call.ts'

/** An operation of the API, with rules generated from PostHog's schema. */
export interface Operation {
  readonly method: string
  /** Path with `{names}` for its parameters. */
  readonly template: string
  /** Fills in the template. Throws ConfigurationError for a value that is invalid in a path. */
  readonly fillPath: (params: PathParams) => string
  /** The settings that all its calls share. */
  readonly call: InternalCall
  /** Whether the body is a form instead of JSON. */
  readonly form: boolean
  /** Whether the response is a JSON object or array. */
  readonly structured: boolean
  /** Set if PostHog has deprecated the operation. */
  readonly deprecation: Deprecation | undefined
}

/** Maximum number of cached operations. PostHog has fewer; only programs that write ids into templates reach it. */
const maxCached = 2_000
const cache = new Map<string, Operation>()

/**
 * A path (RFC 3986, 3.3) with `{names}`. It starts with exactly one slash, so it cannot contain a host. It has no query
 * string and no fragment.
 */
export const pathPattern: RegExp = /^\/(?!\/)(?:[\w.~!$&'()*+,;=:@%/-]|\{\w+\})*$/
const methodPattern = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (.*)$/

/** POSTs that run a query. PostHog limits how many a project runs at once. */
const queries = /^\/api\/projects\/\{project_id\}\/(?:query\/(?:\{\w+\}\/)?|endpoints\/\{name\}\/run\/)$/

/**
 * Looks up an operation.
 *
 * @param route method and path template, such as `GET /api/projects/{project_id}/cohorts/`
 * @throws ConfigurationError for anything else
 */
export function operationOf(route: string): Operation {
  return cachedOperation(route, () => {
    const [, method = '', template = ''] = methodPattern.exec(typeof route === 'string' ? route : '') ?? []
    if (pathPattern.test(template)) return createOperation(method, template)
    throw unexpected(
      'The route',
      route,
      'a method, a space and a path',
      'Use a route such as "GET /api/projects/{project_id}/cohorts/". Pass the query string as `query`.',
    )
  })
}

/** Returns the operation of a key, and creates it the first time. */
export function cachedOperation(key: string, create: () => Operation): Operation {
  const cached = cache.get(key)
  if (cached !== undefined) return cached
  const operation = create()
  if (cache.size >= maxCached) cache.clear()
  cache.set(key, operation)
  return operation
}

/**
 * Creates an operation with the rules of a template.
 *
 * @param path with `{names}` or values
 * @param template the same path in PostHog's schema. Default: `path`
 */
export function createOperation(method: string, path: string, template: string = path): Operation {
  const key = routeKey(`${method} ${template}`)
  const place = routeKey(template)
  return {
    method,
    template: path,
    fillPath: compilePath(path),
    call: {
      operation: `${method} ${path}`,
      public: !path.startsWith('/api/'),
      replay: method === 'GET' || method === 'HEAD' || readingPosts.has(key) ? 'safe' : 'unsafe',
      throttle: throttleOf(method, place),
      runsQuery: method === 'POST' && queries.test(template),
      // Only project routes have a twin under `/api/environments/`.
      underEnvironments:
        place.startsWith('~') && environmentResources.has(place.slice(1).split('/', 1)[0] ?? ''),
      body: 'buffer',
    },
    form: formBodies.has(key),
    structured: method !== 'DELETE' && !hasOtherResponse(method, place),
    deprecation: deprecationOf(key),
  }
}

function hasOtherResponse(method: string, path: string): boolean {
  return Object.hasOwn(otherResponses, path) && otherResponses[path]?.split(' ').includes(method) === true
}

function deprecationOf(key: string): Deprecation | undefined {
  const replacement = Object.hasOwn(deprecated, key) ? deprecated[key] : undefined
  if (replacement === undefined) return undefined
  return replacement === '' ? {} : { replacement: replacement.replace('~', projectPath) }
}

/** How a list reports its next page. Responses without pages are detected later. */
export function pagingOf(route: string): PagingKind {
  return flagLists.has(routeKey(String(route))) ? 'flag' : 'link'
}

/** Scopes that an operation requires; undefined where PostHog's schema does not list them. */
export function scopesOf(method: string, template: string): readonly string[] | undefined {
  const entry = lookUp(scopes, method, routeKey(template)) ?? ''
  if (entry === '' || entry === refused) return undefined
  return entry.split(' ').map((scope) => scope.replace(/:$/, method === 'GET' ? ':read' : ':write'))
}

/** The entry of the scopes table for operations that PostHog does not open to personal keys. */
const refused = '-'

/** Whether PostHog's schema opens an operation to personal keys. */
export function acceptsPersonalKeys(method: string, template: string): boolean {
  return lookUp(scopes, method, routeKey(template)) !== refused
}

/** Throttle class of an operation. Endpoints share the class of queries. */
export function throttleOf(method: string, path: string): ThrottleClass {
  const name = lookUp(throttles, method, path) ?? 'default'
  // A test compares the names in the table with the classes of the runtime.
  return (name === 'endpoints' ? 'query' : name) as ThrottleClass
}

const projectPath = '/api/projects/{project_id}/'

/** The key of a route or path in the generated tables: `~` stands for `/api/projects/{project_id}/`. */
function routeKey(route: string): string {
  return route.replace(projectPath, '~')
}

/** The path of a key in the generated tables, without its method. */
export function pathOfKey(key: string): string {
  return key.slice(key.indexOf(' ') + 1).replace('~', projectPath)
}

/** Finds an operation in a table: an exact match, or else the longest prefix of its path. */
export function lookUp(
  table: readonly (readonly [key: string, value: string])[],
  method: string,
  path: string,
): string | undefined {
  let found: string | undefined
  let length = 0
  for (const [key, value] of table) {
    if (key === `${method} ${path}`) return value
    if (key.length > length && path.startsWith(key)) [found, length] = [value, key.length]
  }
  return found
}

/** Values of path parameters by name. */
export type PathParams = Readonly<Record<string, unknown>>

/** Values that need no encoding and cannot form a dot segment. Nearly all values match. */
const unreserved = /^[\w-]+$/
/** Dot segments, plain or percent-encoded. A server would resolve them (RFC 3986, 5.2.4). */
const dotSegment = /^(?:\.|%2e){1,2}$/i

/**
 * Compiles a path template. The returned function replaces each `{name}` with its encoded value.
 *
 * The returned function throws ConfigurationError for a value that is missing, empty, part of a dot segment, or not a
 * string, number, bigint or boolean, and for an unknown parameter.
 *
 * @example compilePath('/api/projects/{project_id}/')({ project_id: 7 }) // '/api/projects/7/'
 */
export function compilePath(template: string): (params: PathParams) => string {
  const [start = '', ...pieces] = template.split('{')
  const slots = pieces.map((piece) => {
    const end = piece.indexOf('}')
    return { name: piece.slice(0, end), text: piece.slice(end + 1) }
  })
  const names = new Set(slots.map(({ name }) => name))
  const hasDots = /[.%]/.test(template)
  return (params) => {
    for (const name in params) if (!names.has(name)) throw pathError(template, name, 'not part of this path')
    let path = start
    let isSafe = !hasDots
    for (const { name, text } of slots) {
      const value = Object.hasOwn(params, name) ? params[name] : missing
      const plain = (typeof value === 'string' && unreserved.test(value)) || Number.isSafeInteger(value)
      isSafe &&= plain
      path += (plain ? value : encode(value, template, name)) + text
    }
    if (!isSafe && path.split('/').some((segment) => dotSegment.test(segment))) {
      throw pathError(template, '', 'a dot segment')
    }
    return path
  }
}

const missing = Symbol('missing')

function encode(value: unknown, template: string, name: string): string {
  const problem = problemOf(value)
  if (problem !== undefined) throw pathError(template, name, problem)
  // `@` needs no encoding in a path, and `@current` is easier to read.
  return encodeURIComponent(String(value)).replaceAll('%40', '@')
}

function problemOf(value: unknown): string | undefined {
  if (value === missing) return 'missing'
  if (value === undefined || value === null) return `${value}`
  if (typeof value === 'number' && !Number.isFinite(value)) return 'not a finite number'
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value))
    return `a value of type ${typeof value}`
  const text = String(value)
  if (text === '') return 'empty'
  if (dotSegment.test(text)) return 'a dot segment'
  return /[\uD800-\uDFFF]/u.test(text) ? 'malformed Unicode' : undefined
}

function pathError(template: string, name: string, problem: string): ConfigurationError {
  const slot = `{${name}}`
  const at = name === '' ? -1 : template.indexOf(slot)
  const caret = at < 0 ? '' : `\n${' '.repeat(at)}${'^'.repeat(slot.length)}`
  return new ConfigurationError({
    message: `${name === '' ? 'The path' : `Path parameter "${name}"`} is ${problem}:\n${template}${caret}`,
    fix: 'Pass a string or number for each name in braces, and no other parameters.',
  })
}
