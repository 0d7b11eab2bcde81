/** Appends a token to a JSON pointer and escapes it (RFC 6901). */
export function appendPointer(pointer: string, token: string | number): string {
  if (typeof token === 'number') return `${pointer}/${token}`
  return token.includes('~') || token.includes('/')
    ? `${pointer}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : `${pointer}/${token}`
}

/** Splits a JSON pointer, with or without a leading `#`, into unescaped tokens. */
function pointerTokens(pointer: string): string[] {
  return pointer
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Returns the value at a JSON pointer, or undefined when it does not exist. */
export function resolvePointer(root: unknown, pointer: string): unknown {
  let value = root
  for (const token of pointerTokens(pointer)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, token)) return undefined
    // The check above proves that `token` is an own key.
    value = (value as Record<string, unknown>)[token]
  }
  return value
}
