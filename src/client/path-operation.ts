import { deprecated, formBodies, otherResponses, readingPosts, throttles } from '../generated/rules.gen.ts'
import { unexpected } from '../runtime/config/check-options.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import type { Deprecation } from '../runtime/observe/notices.ts'
import { cachedOperation, createOperation, type Operation, pathOfKey, pathPattern } from './operation.ts'

/**
 * The operation of any path, known or not: with the rules that PostHog's schema has for it, and a response that may be
 * anything or nothing.
 *
 * @param path with `{names}`, or complete, such as `/api/projects/123/cohorts/7/`
 * @throws ConfigurationError for a path with a host, a query string, a dot segment or an unencoded character
 */
export function pathOperationOf(method: string, path: string): Operation {
  checkPath(path)
  // A path is no route: the same text may be both, and a route has a structured response.
  return cachedOperation(`path ${method} ${path}`, () => {
    const template = templateOf(path)
    const operation = createOperation(method, path, template)
    const [, project] = /^\/api\/(?:projects|environments)\/([^/{}]+)\//.exec(path) ?? []
    return {
      ...operation,
      structured: false,
      deprecation: operation.deprecation ?? environmentsDeprecation(path),
      call: {
        ...operation.call,
        underEnvironments: operation.call.underEnvironments === true && path.startsWith('/api/projects/'),
        project,
      },
    }
  })
}

/**
 * The end of the paths under `/api/environments/`: the default of PostHog's setting.
 * Source: PostHog/posthog posthog/settings/web.py.
 */
const environmentsSunset = 'Fri, 31 Jul 2026 00:00:00 GMT'

/** PostHog has deprecated the paths under `/api/environments/` in favor of those under `/api/projects/`. */
function environmentsDeprecation(path: string): Deprecation | undefined {
  if (!path.startsWith('/api/environments/')) return undefined
  const replacement = path.replace('/api/environments/', '/api/projects/')
  return { replacement, sunset: environmentsSunset }
}

/** Dot segments, also beside an encoded slash or backslash, which some servers decode before they resolve a path. */
const dotSegment = /(?:^|\/|%2f|%5c)(?:\.|%2e){1,2}(?=$|\/|%2f|%5c)/i

function checkPath(path: string): void {
  if (typeof path !== 'string' || !path.startsWith('/') || path.startsWith('//')) {
    const fix =
      'Use a path such as "/api/projects/{project_id}/cohorts/". The client sets the host. Nothing was sent.'
    throw unexpected('The path', path, 'a path that starts with one slash', fix)
  }
  if (/[?#]/.test(path)) {
    throw new ConfigurationError({
      message: 'The path has a query string or a fragment; expected a path alone.',
      fix: 'Pass the query string as `query`, such as `{ query: { limit: 10 } }`. Nothing was sent.',
    })
  }
  if (dotSegment.test(path)) {
    throw new ConfigurationError({
      message: 'The path has a dot segment, which a server would resolve to another path.',
      fix: 'Remove "." and ".." from the path. Nothing was sent.',
    })
  }
  if (pathPattern.test(path)) return
  throw unexpected(
    'The path',
    path,
    'a path of encoded characters and {names}',
    'Write a value as {name} and pass it as `path`, which encodes it. Nothing was sent.',
  )
}

/** One segment of the templates in the rule tables. */
interface Segment {
  readonly literals: Map<string, Segment>
  /** The parameter at this place, with its braces. */
  parameter?: { readonly name: string; readonly segment: Segment }
}

let templates: Segment | undefined

/**
 * Replaces the values in a path by the parameters of the rule tables, as far as they have the path:
 * `/api/projects/123/cohorts/7/` becomes `/api/projects/{project_id}/cohorts/{id}/`. A literal segment goes before a
 * parameter. `/api/environments/` is the old name of `/api/projects/`, with the same limits.
 */
function templateOf(path: string): string {
  templates ??= readTemplates()
  let segment: Segment | undefined = templates
  const names: string[] = []
  const slashed = path.endsWith('/') ? path : `${path}/`
  for (const text of slashed.replace(/^\/api\/environments\//, '/api/projects/').split('/')) {
    const literal: Segment | undefined = segment?.literals.get(text)
    names.push(literal !== undefined || text === '' ? text : (segment?.parameter?.name ?? text))
    segment = literal ?? segment?.parameter?.segment
  }
  return names.join('/')
}

function readTemplates(): Segment {
  const root: Segment = { literals: new Map() }
  const keys = [
    readingPosts,
    formBodies,
    Object.keys(deprecated),
    Object.keys(otherResponses),
    throttles.map(([key]) => key),
  ]
  for (const key of keys.flatMap((list) => [...list])) {
    let segment = root
    for (const text of pathOfKey(key).split('/')) segment = childOf(segment, text)
  }
  return root
}

function childOf(segment: Segment, text: string): Segment {
  if (text.startsWith('{')) {
    segment.parameter ??= { name: text, segment: { literals: new Map() } }
    return segment.parameter.segment
  }
  const child = segment.literals.get(text) ?? { literals: new Map() }
  segment.literals.set(text, child)
  return child
}
