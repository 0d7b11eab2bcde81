/** A text as a string literal of TypeScript, in single quotes. */
export function textLiteral(text: string): string {
  // JSON escapes all that a literal has to but single quotes, and needs no escape of double ones here.
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
