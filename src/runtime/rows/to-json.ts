/** JSON, indented unless told otherwise. A bigint is written as a number where a number holds it, else as text. */
export function toJson(value: unknown, indent = 2): string {
  try {
    return JSON.stringify(value, undefined, indent)
  } catch (error) {
    // A bigint. Looking at each value makes it much slower.
    if (!(error instanceof TypeError)) throw error
    return JSON.stringify(
      value,
      (_, item: unknown) => (typeof item === 'bigint' ? written(item) : item),
      indent,
    )
  }
}

function written(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : `${value}`
}
