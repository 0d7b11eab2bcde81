/**
 * Maps items with at most `limit` concurrent calls. Results have the order of the items. The first failure aborts the
 * other calls and is thrown once all of them have stopped.
 */
export async function mapConcurrent<Item, Result>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal,
  callback: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const failed = new AbortController()
  const combined = AbortSignal.any([signal, failed.signal])
  const results: Result[] = []
  const failures: unknown[] = []
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (combined.aborted) return
      try {
        results[index] = await callback(item, combined)
      } catch (error) {
        failures.push(error)
        failed.abort(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  signal.throwIfAborted()
  if (failures.length > 0) throw failures[0]
  return results
}
