import { unexpected } from '../runtime/config/check-options.ts'
import type { ConfigurationError } from '../runtime/errors/configuration-error.ts'
import type { Call } from '../runtime/transport/context.ts'
import { type PathParams, pathFiller } from '../runtime/transport/path.ts'
import { isDeprecated } from './rules/is-deprecated.ts'
import { isForm } from './rules/is-form.ts'
import { isReading } from './rules/is-reading.ts'
import { isStructured } from './rules/is-structured.ts'
import { isUnderEnvironments } from './rules/is-under-environments.ts'
import { throttleOf } from './rules/throttle-of.ts'

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
