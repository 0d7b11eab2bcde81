/** Appends one token to a JSON pointer (RFC 6901), escaped. */
export function appendPointer(pointer: string, token: string | number): string {
  if (typeof token === 'number') return `${pointer}/${token}`
  return token.includes('~') || token.includes('/')
    ? `${pointer}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : `${pointer}/${token}`
}

/** The unescaped tokens of a JSON pointer, with or without a leading `#`. */
export function pointerTokens(pointer: string): string[] {
  return pointer
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The value that a JSON pointer leads to, or undefined when there is none. */
export function resolvePointer(root: unknown, pointer: string): unknown {
  let value = root
  for (const token of pointerTokens(pointer)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, token)) return undefined
    // `token` was just found to be an own key of this object or array.
    value = (value as Record<string, unknown>)[token]
  }
  return value
}
