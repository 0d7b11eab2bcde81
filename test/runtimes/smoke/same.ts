/** Throws unless two values have the same JSON. */
export function same(actual: unknown, expected: unknown): void {
  const [found, wanted] = [write(actual), write(expected)]
  if (found !== wanted) throw new Error(`${found} is not ${wanted}`)
}

/** What a promise rejects with, as it is. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (reason) {
    return reason
  }
  throw new Error('nothing was thrown')
}

function write(value: unknown): string {
  return String(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part)))
}
