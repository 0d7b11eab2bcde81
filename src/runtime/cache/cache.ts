/**
 * Where answers are kept: in this process, or in a store that a fleet shares. A command that throws, rejects or takes
 * longer than `cacheTimeout` never fails a query.
 */
export interface Cache {
  /** The text under a key; undefined when there is none, or its time is over. */
  get(key: string): Promise<string | undefined>
  /** Keeps a text for so many milliseconds. */
  set(key: string, text: string, ttl: number): Promise<void>
  /** Forgets it. */
  delete(key: string): Promise<void>
}
