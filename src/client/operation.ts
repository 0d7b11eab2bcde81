import {
  deprecated,
  environmentResources,
  flagLists,
  formBodies,
  readingPosts,
  structuredAnswers,
  throttles,
} from '../generated/rules.gen.ts'
import { scopes } from '../generated/scopes.gen.ts'
import { unexpected } from '../runtime/config/check-options.ts'
import type { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import type { ThrottleClass } from '../runtime/limits/rates.ts'
import type { PagingKind } from '../runtime/paging/pages.ts'
import type { Call } from '../runtime/transport/call.ts'
import { type PathParams, pathFiller } from './path.ts'

/** What the client has to know of an operation, from the rules that are generated from PostHog's schema. */
export interface Operation {
  readonly method: string
  /** Path with `{names}` for its parameters. */
  readonly template: string
  /** Fills the template; see `pathFiller`. */
  readonly fill: (params: PathParams) => string | undefined
  /** What is the same in each of its calls. */
  readonly call: Call
  /** Takes a form and not JSON. */
  readonly form: boolean
  /** Answers an object or a list as JSON. */
  readonly structured: boolean
  /** PostHog is about to remove it. */
  readonly deprecated: boolean
}

/** Operations that are remembered: more than PostHog has. Programs that write ids into templates fill it. */
const maxKnown = 2_000
const known = new Map<string, Operation>()

/**
 * A method and a path (RFC 3986, 3.3) with `{names}`. The path begins with one slash, so that it cannot name a host, and
 * has no query string and no fragment.
 */
const routeShape = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/(?!\/)(?:[\w.~!$&'()*+,;=:@%/-]|\{\w+\})*)$/

/** POSTs that run a query. A project may run only a few at once. */
const queries = /^\/api\/projects\/\{project_id\}\/(?:query\/(?:\{\w+\}\/)?|endpoints\/\{name\}\/run\/)$/

/**
 * Looks an operation up in the generated tables, and remembers it.
 *
 * @param route method and path template, such as `GET /api/projects/{project_id}/cohorts/`
 * @throws ConfigurationError for anything else
 */
export function operationOf(route: string): Operation {
  const found = known.get(route)
  if (found !== undefined) return found
  const [, method = '', template = ''] = routeShape.exec(typeof route === 'string' ? route : '') ?? []
  if (method === '') throw badRoute(route)
  const operation: Operation = {
    method,
    template,
    fill: pathFiller(template),
    call: {
      operation: route,
      public: !template.startsWith('/api/'),
      replay: isReading(method, template) ? 'safe' : 'unsafe',
      throttle: throttleOf(method, template),
      runsQuery: method === 'POST' && queries.test(template),
      underEnvironments: isUnderEnvironments(template),
      body: 'buffer',
    },
    form: isForm(method, template),
    structured: isStructured(method, template),
    deprecated: isDeprecated(method, template),
  }
  if (known.size >= maxKnown) known.clear()
  known.set(route, operation)
  return operation
}

function badRoute(route: unknown): ConfigurationError {
  return unexpected(
    'The route',
    route,
    'a method, a space and a path',
    'Use a route such as "GET /api/projects/{project_id}/cohorts/". Pass the query string as `query`.',
  )
}

/** Whether PostHog is about to remove an operation. */
export function isDeprecated(method: string, template: string): boolean {
  return deprecated.has(placeOf(`${method} ${template}`))
}

/** Whether an operation takes a form and not JSON. */
export function isForm(method: string, template: string): boolean {
  return formBodies.has(placeOf(`${method} ${template}`))
}

/** Whether an operation changes nothing, so that it may be sent again after an unknown outcome. */
export function isReading(method: string, template: string): boolean {
  return method === 'GET' || method === 'HEAD' || readingPosts.has(placeOf(`${method} ${template}`))
}

/** Whether an operation answers an object or a list as JSON. What PostHog's schema does not have may answer anything. */
export function isStructured(method: string, template: string): boolean {
  const place = placeOf(template)
  const methods = Object.hasOwn(structuredAnswers, place) ? structuredAnswers[place] : undefined
  return methods?.split(' ').includes(method) === true
}

/** Whether an older server may know a path under `/api/environments/` only. */
export function isUnderEnvironments(template: string): boolean {
  const place = placeOf(template)
  return place.startsWith('~') && environmentResources.has(place.slice(1).split('/', 1)[0] ?? '')
}

/** How a list tells about its next page. Those that have none are known by their answer. */
export function pagingOf(route: string): PagingKind {
  return flagLists.has(placeOf(String(route))) ? 'flag' : 'link'
}

const project = '/api/projects/{project_id}/'

/** How the generated tables spell a path, or an operation: `~` stands for where most paths begin. */
export function placeOf(text: string): string {
  return text.replace(project, '~')
}

/** What a table says of an operation: its own line, else the longest beginning of its path that is listed. */
export function lookUp(
  table: readonly (readonly [place: string, value: string])[],
  method: string,
  template: string,
): string | undefined {
  const path = placeOf(template)
  let found: string | undefined
  let length = 0
  for (const [place, value] of table) {
    if (place === `${method} ${path}`) return value
    if (place.length > length && path.startsWith(place)) [found, length] = [value, place.length]
  }
  return found
}

/** The scopes that an operation needs; undefined where PostHog's schema does not tell. */
export function scopesOf(method: string, template: string): readonly string[] | undefined {
  const text = lookUp(scopes, method, template) ?? ''
  if (text === '') return undefined
  return text.split(' ').map((scope) => scope.replace(/:$/, method === 'GET' ? ':read' : ':write'))
}

/** The rate limit that counts an operation. Those of endpoints share the one of queries. */
export function throttleOf(method: string, template: string): ThrottleClass {
  const name = lookUp(throttles, method, template) ?? 'default'
  // A test holds the names of the table against the limits that the runtime knows.
  return (name === 'endpoints' ? 'query' : name) as ThrottleClass
}
