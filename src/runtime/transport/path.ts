import { ConfigurationError } from '../errors/configuration-error.ts'

/** Values of path parameters by their names. */
export type PathParams = Readonly<Record<string, unknown>>

const dots = /^(?:\.|%2e){1,2}$/i
/** Values that stand for themselves, alone and beside anything else. Nearly all do. */
const plain = /^[\w-]+$/

/**
 * Reads a path template once, so that it can be filled many times: its `{names}` by values, each encoded as one segment
 * or part of one.
 *
 * What it returns throws a ConfigurationError for a value that would be empty, no text or number, or a dot segment, and
 * for a parameter that the template does not have.
 *
 * @example pathEncoder('/api/projects/{project_id}/')({ project_id: 7 }) // '/api/projects/7/'
 */
export function pathEncoder(template: string): (params: PathParams) => string {
  const [start = '', ...pieces] = template.split('{')
  const slots = pieces.map((piece) => {
    const end = piece.indexOf('}')
    return { name: piece.slice(0, end), text: piece.slice(end + 1) }
  })
  const literal = !/[.%]/.test(template)
  const names = new Set(slots.map(({ name }) => name))
  return (params) => {
    for (const name in params) if (!names.has(name)) throw refuse(template, name, 'not part of this path')
    let path = start
    let harmless = literal
    for (const { name, text } of slots) {
      const value = Object.hasOwn(params, name) ? params[name] : missing
      if (isPlain(value)) path += `${value}${text}`
      else {
        path += encode(value, template, name) + text
        harmless = false
      }
    }
    // Two harmless values, or a value and a dot of the template, may make a dot segment together.
    if (!harmless && path.split('/').some((segment) => dots.test(segment))) {
      throw refuse(template, '', 'a dot segment')
    }
    return path
  }
}

const missing = Symbol('missing')

function isPlain(value: unknown): value is string | number {
  return typeof value === 'number'
    ? Number.isSafeInteger(value)
    : typeof value === 'string' && plain.test(value)
}

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
