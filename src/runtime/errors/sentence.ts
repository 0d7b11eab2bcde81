/** Levels of a structure that are read. */
const maxDepth = 8
/** Sentences that are taken out of a structure. */
const maxSentences = 50
/** Names that say nothing about where an error is. */
const unnamed = new Set(['detail', 'message', 'non_field_errors', '__all__', 'error', 'errors', 'msg'])

/**
 * What a value of an error body says, as one sentence: a text itself; of a list its parts; of an object each part
 * behind its name, such as `filters.0.key: This field is required.` Undefined when there is no text in it.
 */
export function sentenceOf(value: unknown): string | undefined {
  const sentences: string[] = []
  collect(value, '', 0, sentences)
  return sentences.length === 0 ? undefined : sentences.join(' ')
}

function collect(value: unknown, path: string, depth: number, sentences: string[]): void {
  if (sentences.length >= maxSentences || depth > maxDepth) return
  if (typeof value === 'string') {
    const text = value.trim()
    if (text !== '') sentences.push(path === '' ? text : `${path}: ${text}`)
    return
  }
  if (typeof value !== 'object' || value === null) return
  // `{ loc: ["body", "limit"], msg: "…" }` of a validator names its place itself.
  const { loc, msg, message = msg, ...rest } = value as Readonly<Record<string, unknown>>
  if (Array.isArray(loc) && typeof message === 'string') {
    collect(message, [path, ...loc].filter((part) => part !== '').join('.'), depth + 1, sentences)
    return
  }
  if (typeof message === 'string') {
    collect(message, path, depth + 1, sentences)
    return
  }
  const isList = Array.isArray(value)
  for (const [name, part] of Object.entries(isList ? value : { ...rest, loc, message })) {
    // A position in a list tells nothing where the part is a text or names its place.
    const hidden =
      unnamed.has(name) || (isList && (typeof part === 'string' || Array.isArray(Object(part).loc)))
    collect(part, hidden ? path : path === '' ? name : `${path}.${name}`, depth + 1, sentences)
  }
}

/** The start of a text, without half of a character at its end. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 2)
  const isHalf = last >= 0xd800 && last <= 0xdbff
  return `${text.slice(0, isHalf ? max - 2 : max - 1)}…`
}

/** A sentence for a terminal: one line, without control characters, which a hostile answer may hold. */
export function oneLine(text: string, max: number): string {
  return shorten(text.replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' '), max)
}
