import type { Token } from './token.ts'

/** A string as a ClickHouse literal. */
export function stringLiteral(value: string): string {
  const escaped = value
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/\0/g, '\\0')
    .replace(/\n/g, '\\n')
  return `'${escaped}'`
}

/** A name as a ClickHouse identifier, always in backticks. */
export function quotedName(name: string): string {
  return `\`${name.replace(/\\/g, '\\\\').replace(/`/g, '\\`')}\``
}

/**
 * A token as ClickHouse text. Words with `$` are put in backticks: ClickHouse reads `$tag$…$tag$` as a string.
 * Placeholders have no text of their own: they are bound before.
 */
export function writeToken(token: Token): string {
  if (token.kind === 'string') return stringLiteral(token.value)
  if (token.kind === 'quoted') return quotedName(token.value)
  if (token.kind === 'word' && token.value.includes('$')) return quotedName(token.value)
  return token.value
}
