// Control characters, C1 included, and marks that turn the direction of text: rows, names and messages of a server are
// other people's text, and must not move the cursor, set the title or hide what stands on a line.
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const unsafeInLines = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The text on one line, with control characters written as escapes. */
export function visible(text: string): string {
  return text.replace(unsafe, escapeOf)
}

/** Text of several lines, with control characters other than the line feed written as escapes. JSON stays valid. */
export function visibleLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(unsafeInLines, escapeOf)
}

function escapeOf(character: string): string {
  return short[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}
