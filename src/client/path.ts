import { type Config, requireProjectId } from '../runtime/config/resolve.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'

/** Values of path parameters by name. */
export type PathParams = Readonly<Record<string, unknown>>

/** Path parameters of a call. The client's project and organization are the defaults. */
export function resolvePathParams(
  template: string,
  path: unknown,
  config: Pick<Config, 'projectId' | 'organizationId'>,
): Record<string, unknown> {
  const given: Record<string, unknown> = { ...Object(path ?? {}) }
  if (template.includes('{project_id}')) given['project_id'] ??= config.projectId ?? requireProjectId(config)
  if (template.includes('{organization_id}')) given['organization_id'] ??= requireOrganizationId(config)
  return given
}

function requireOrganizationId({ organizationId }: Pick<Config, 'organizationId'>): string {
  if (organizationId !== undefined) return organizationId
  throw new ConfigurationError({
    message: 'This route needs an organization.',
    fix: 'Pass `organizationId`, or "@current" for the organization that the key\'s user last opened in the app.',
  })
}

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
