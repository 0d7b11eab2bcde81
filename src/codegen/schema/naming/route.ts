import { snakeCase, wordsOf } from './words.ts'

/** A literal segment of a path. */
export interface RoutePart {
  readonly words: readonly string[]
  /** Whether a parameter follows, so that the segment names a single item. */
  readonly isItem: boolean
}

/** The parts of a path that form operation names: its literal segments without `/api` and the project. */
export interface Route {
  readonly parts: readonly RoutePart[]
  /** Names of the parameters except the project, in path order. */
  readonly parameters: readonly string[]
  readonly endsInParameter: boolean
  readonly underProject: boolean
}

/** Parses a path template such as `/api/projects/{project_id}/feature_flags/{id}/`. */
export function parseRoute(path: string): Route {
  let segments = path.split('/').filter((segment) => segment !== '')
  if (segments[0] === 'api') segments = segments.slice(1)
  const underProject = segments[0] === 'projects' && segments[1] === '{project_id}' && segments.length > 2
  if (underProject) segments = segments.slice(2)

  const parts: RoutePart[] = []
  const parameters: string[] = []
  for (const [index, segment] of segments.entries()) {
    const parameter = parameterName(segment)
    if (parameter !== undefined) parameters.push(parameter)
    else parts.push({ words: wordsOf(segment), isItem: parameterName(segments[index + 1]) !== undefined })
  }
  return { parts, parameters, endsInParameter: parameterName(segments.at(-1)) !== undefined, underProject }
}

/**
 * Returns the resource of a path in snake_case: the first literal segment after the project or organization. It is the
 * name of the generated folder.
 *
 * @example
 * resourceOf('/api/projects/{project_id}/feature_flags/{id}/activity/') // 'feature_flags'
 * resourceOf('/api/organizations/{organization_id}/members/') // 'members'
 * resourceOf('/api/organizations/{id}/') // 'organizations'
 */
export function resourceOf(path: string): string {
  const nested = path.startsWith('/api/organizations/{organization_id}/') ? 1 : 0
  const { parts } = parseRoute(path)
  return snakeCase((parts[nested] ?? parts[0])?.words ?? []) || 'root'
}

function parameterName(segment: string | undefined): string | undefined {
  return segment === undefined ? undefined : /^\{([^}]*)\}$/.exec(segment)?.[1]
}
