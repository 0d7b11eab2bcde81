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
