// Control characters, C1 included, and marks that turn the direction of text: rows and server messages are other
// people's text, and must not move the cursor, set the title or hide what stands on a line.
const unsafe = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The text on one line, with control characters written as escapes. */
export function visible(text: string): string {
  return text.replace(
    unsafe,
    (character) => short[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}
