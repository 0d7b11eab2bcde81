import type { CliInput } from '../cli-io.ts'

/** Milliseconds that a probe may take, with all its requests and retries. */
export const probeMs = 5_000

/** A probe took longer than `probeMs`. */
export class ProbeTimeoutError extends Error {
  override readonly name = 'ProbeTimeoutError'
}

/**
 * Runs a probe with a deadline of its own. Ends at once at the deadline, and when the user presses Ctrl-C.
 *
 * @throws ProbeTimeoutError at the deadline; the reason of the signal after Ctrl-C
 */
export async function runProbe<T>(
  { signal, startTimer = startProcessTimer }: Pick<CliInput, 'signal' | 'startTimer'>,
  probe: (signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  const deadline = new AbortController()
  const either = AbortSignal.any([signal, deadline.signal])
  either.throwIfAborted()
  const stopTimer = startTimer(probeMs, () => deadline.abort(new ProbeTimeoutError()))
  try {
    return await new Promise<T>((resolve, reject) => {
      either.addEventListener('abort', () => reject(either.reason), { once: true })
      probe(either).then(resolve, reject)
    })
  } finally {
    stopTimer()
  }
}

function startProcessTimer(ms: number, expire: () => void): () => void {
  const timer = setTimeout(expire, ms)
  return () => clearTimeout(timer)
}
