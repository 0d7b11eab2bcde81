// Hand-written on purpose: rows, names and messages come from a server, and libraries strip ANSI sequences, which loses
// data. This module escapes every control character, so that no text moves the cursor, sets the title or hides a line.
import stringWidth from 'string-width'

/** C0 and C1 controls, and the characters that change the text direction or break a line. */
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const unsafeInLines = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Escapes control characters and line breaks. The result is one line. */
export function escapeControlChars(text: string): string {
  return text.replace(unsafe, toEscape)
}

/** Escapes control characters but keeps line feeds. JSON stays valid. */
export function escapeLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(unsafeInLines, toEscape)
}

function toEscape(character: string): string {
  return shortEscapes[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Cuts a text to a width in terminal cells. The last cell of a cut text is `…`. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let shown = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    const cells = stringWidth(segment)
    if (used + cells > width - 1) break
    shown += segment
    used += cells
  }
  return width < 1 ? '' : `${shown}…`
}

/** Formats a count with its noun, such as `1 query` or `2 queries`. */
export function formatCount(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
