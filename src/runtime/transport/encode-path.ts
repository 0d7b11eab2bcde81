import { ConfigurationError } from '../errors/configuration-error.ts'
import { type PathParams, readTemplate } from './path.ts'

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
