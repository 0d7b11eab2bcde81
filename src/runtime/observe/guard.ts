/**
 * Runs code of the user that must not end a call: a hook, a logger, a tracer. `report` gets what it throws, or what its
 * promise rejects with; a `report` that fails itself is ignored. Returns undefined after a throw.
 */
export function guard<T>(work: () => T, report: (error: unknown) => void): T | undefined {
  const tell = (error: unknown): void => {
    try {
      report(error)
    } catch {
      // Nobody is left to report it to.
    }
  }
  try {
    const result = work()
    // Also adopts thenables whose `then` throws: the call goes on either way.
    if (isThenable(result)) Promise.resolve(result).then(undefined, tell)
    return result
  } catch (error) {
    tell(error)
    return undefined
  }
}

/** A thrown value as text, whatever it is: `String` itself throws on some objects. */
export function describeThrown(error: unknown): string {
  try {
    return String(error)
  } catch {
    return 'a value that cannot be written as text'
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return typeof (value as { then?: unknown }).then === 'function'
}
