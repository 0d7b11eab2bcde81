/** One token of JSON (RFC 8259) and the space around it. */
const token =
  /\s*(?:[{}[\],:]|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null)\s*/giuy

/**
 * Where a text stops being JSON, in characters; its length when it only ends too early.
 *
 * The engine's message has the position in some cases, the tokens give it in the others.
 */
export function jsonFault(text: string, error: unknown): number {
  const told = /position (\d+)/.exec(String(error))?.[1]
  if (told !== undefined) return Number(told)
  let position = 0
  token.lastIndex = 0
  while (token.test(text)) position = token.lastIndex
  return position
}
