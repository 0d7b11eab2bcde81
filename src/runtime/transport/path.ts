import { ConfigurationError } from '../errors/configuration-error.ts'

const dots = /^(?:\.|%2e){1,2}$/i

/**
 * Fills the `{names}` of a path template, each value encoded as one segment or part of one.
 *
 * @throws ConfigurationError for a value that would be empty, no text or number, or a dot segment, and for a parameter
 * that the template does not have
 * @example encodePath('/api/projects/{project_id}/', { project_id: 7 }) // '/api/projects/7/'
 */
export function encodePath(template: string, params: Readonly<Record<string, unknown>>): string {
  const unused = new Set(Object.keys(params))
  const path = template.replace(/\{([^}]*)\}/g, (placeholder, name: string, at: number) => {
    unused.delete(name)
    const problem = Object.hasOwn(params, name) ? problemOf(params[name]) : 'missing'
    if (problem !== undefined) throw refuse(template, name, problem, at, placeholder.length)
    // `@` may stand in a path as it is, and `@current` is easier to read so.
    return encodeURIComponent(String(params[name])).replaceAll('%40', '@')
  })
  for (const name of unused) throw refuse(template, name, 'not part of this path')
  // Two harmless values, or a value and a dot of the template, may make a dot segment together.
  if (path.split('/').some((segment) => dots.test(segment))) throw refuse(template, '', 'a dot segment')
  return path
}

function problemOf(value: unknown): string | undefined {
  if (value === undefined) return 'undefined'
  if (value === null) return 'null'
  if (typeof value === 'number' && !Number.isFinite(value)) return 'not a finite number'
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value))
    return `a value of type ${typeof value}`
  const text = String(value)
  if (text === '') return 'empty'
  if (dots.test(text)) return 'a dot segment'
  return /[\uD800-\uDFFF]/u.test(text) ? 'half of a character' : undefined
}

function refuse(template: string, name: string, problem: string, at = 0, width = 0): ConfigurationError {
  const caret = width === 0 ? '' : `\n${' '.repeat(at)}${'^'.repeat(width)}`
  return new ConfigurationError({
    message: `${name === '' ? 'The path' : `Path parameter "${name}"`} is ${problem}:\n${template}${caret}`,
    fix: 'Pass a text or number for each name in braces, and nothing else.',
  })
}
