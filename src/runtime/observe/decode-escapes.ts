/** A text without its escapes, and where each of its characters came from. */
export interface DecodedText {
  readonly text: string
  /** Index in the original of each character, and of the end. */
  readonly offsets: readonly number[]
}

/**
 * `%5F` (also doubly encoded), `\u005f`, `\x5f`, `\n`, `&#x5f;` and `&#95;`. The lookbehind makes a run of backslashes
 * count once, not at each of them.
 */
const escapes =
  /%(?:25)*([\da-f]{2})|(?<!\\)\\+(?:u([\da-f]{4})|x([\da-f]{2})|([nrt"/]))|&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi
const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '/': '/' }

/** Decodes the escapes of URLs, JSON and HTML, each where it stands. Undefined for a text without any. */
export function decodeEscapes(text: string): DecodedText | undefined {
  if (!/[%\\&]/.test(text)) return undefined
  const offsets: number[] = []
  let decoded = ''
  let from = 0
  const copyUntil = (end: number): void => {
    decoded += text.slice(from, end)
    for (let at = from; at < end; at++) offsets.push(at)
  }
  for (const match of text.matchAll(escapes)) {
    const [whole, percent, unicode, byte, letter, hex, decimal] = match
    const code = percent ?? unicode ?? byte ?? hex
    const character =
      letter === undefined
        ? String.fromCharCode(code === undefined ? Number(decimal) : Number.parseInt(code, 16))
        : (letters[letter.toLowerCase()] ?? letter)
    copyUntil(match.index)
    decoded += character
    offsets.push(match.index)
    from = match.index + whole.length
  }
  if (from === 0) return undefined
  copyUntil(text.length)
  offsets.push(text.length)
  return { text: decoded, offsets }
}
