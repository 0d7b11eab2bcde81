import { type Config, requireProjectId } from '../runtime/config/resolve.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'

/** Path parameters of a call, with the project and organization of the client where the caller named none. */
export function resolvePathParams(
  template: string,
  path: unknown,
  config: Pick<Config, 'projectId' | 'organizationId'>,
): Record<string, unknown> {
  const given: Record<string, unknown> = { ...Object(path ?? {}) }
  if (template.includes('{project_id}')) given['project_id'] ??= requireProjectId(config)
  if (template.includes('{organization_id}')) given['organization_id'] ??= organizationOf(config)
  return given
}

function organizationOf({ organizationId }: Pick<Config, 'organizationId'>): string {
  if (organizationId !== undefined) return organizationId
  throw new ConfigurationError({
    message: 'This route needs an organization.',
    fix: 'Pass `organizationId`, or "@current" for the one that the key\'s user last opened in the app.',
  })
}

/** Values of path parameters by their names. */
export type PathParams = Readonly<Record<string, unknown>>

/** Values that stand for themselves, alone and beside anything else. Nearly all do. */
const plain = /^[\w-]+$/

/**
 * Reads a path template once, so that it can be filled many times: its `{names}` by values that need no encoding. What
 * it returns gives undefined for all others; `encodePath` looks at these.
 */
export function pathFiller(template: string): (params: PathParams) => string | undefined {
  const { start, slots } = readTemplate(template)
  const names = new Set(slots.map(({ name }) => name))
  // Two harmless values, or a value and a dot of the template, may make a dot segment together.
  if (/[.%]/.test(template)) return () => undefined
  return (params) => {
    for (const name in params) if (!names.has(name)) return undefined
    let path = start
    for (const { name, text } of slots) {
      const value = Object.hasOwn(params, name) ? params[name] : undefined
      if (!isPlain(value)) return undefined
      path += `${value}${text}`
    }
    return path
  }
}

/** What a template begins with, and its parameters, each with the text behind it. */
export function readTemplate(template: string): {
  readonly start: string
  readonly slots: readonly { readonly name: string; readonly text: string }[]
} {
  const [start = '', ...pieces] = template.split('{')
  const slots = pieces.map((piece) => {
    const end = piece.indexOf('}')
    return { name: piece.slice(0, end), text: piece.slice(end + 1) }
  })
  return { start, slots }
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'number'
    ? Number.isSafeInteger(value)
    : typeof value === 'string' && plain.test(value)
}

const dots = /^(?:\.|%2e){1,2}$/i

/**
 * Fills the `{names}` of a path template by values, each encoded as one segment or part of one.
 *
 * @throws ConfigurationError for a value that would be empty, no text or number, or a dot segment, and for a parameter
 * that the template does not have
 * @example encodePath('/api/projects/{project_id}/', { project_id: 7 }) // '/api/projects/7/'
 */
export function encodePath(template: string, params: PathParams): string {
  const { start, slots } = readTemplate(template)
  for (const name in params) {
    if (!slots.some((slot) => slot.name === name)) throw refuse(template, name, 'not part of this path')
  }
  const filled = slots.map(({ name, text }) => {
    const value = Object.hasOwn(params, name) ? params[name] : missing
    return encode(value, template, name) + text
  })
  const path = start + filled.join('')
  if (path.split('/').some((segment) => dots.test(segment))) throw refuse(template, '', 'a dot segment')
  return path
}

const missing = Symbol('missing')

function encode(value: unknown, template: string, name: string): string {
  const problem = problemOf(value)
  if (problem !== undefined) throw refuse(template, name, problem)
  // `@` may stand in a path as it is, and `@current` is easier to read so.
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
  if (dots.test(text)) return 'a dot segment'
  return /[\uD800-\uDFFF]/u.test(text) ? 'half of a character' : undefined
}

function refuse(template: string, name: string, problem: string): ConfigurationError {
  const slot = `{${name}}`
  const at = name === '' ? -1 : template.indexOf(slot)
  const caret = at < 0 ? '' : `\n${' '.repeat(at)}${'^'.repeat(slot.length)}`
  return new ConfigurationError({
    message: `${name === '' ? 'The path' : `Path parameter "${name}"`} is ${problem}:\n${template}${caret}`,
    fix: 'Pass a text or number for each name in braces, and nothing else.',
  })
}
