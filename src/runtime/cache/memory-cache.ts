import type { Cache } from './cache.ts'

/** Characters of all texts together. */
export const mostCharacters = 50_000_000

/** Keeps answers in this process; what was used least recently goes first. */
export function memoryCache(maxCharacters: number = mostCharacters): Cache {
  /** The one that was used last stands last. */
  const entries = new Map<string, { readonly text: string; readonly until: number }>()
  let characters = 0
  const forget = (key: string): void => {
    characters -= entries.get(key)?.text.length ?? 0
    entries.delete(key)
  }
  return {
    async get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      entries.set(key, entry)
      if (entry.until > Date.now()) return entry.text
      forget(key)
      return undefined
    },
    async set(key, text, ttl) {
      forget(key)
      if (text.length > maxCharacters) return
      entries.set(key, { text, until: Date.now() + ttl })
      characters += text.length
      for (const oldest of entries.keys()) {
        if (characters <= maxCharacters) break
        forget(oldest)
      }
    },
    async delete(key) {
      forget(key)
    },
  }
}
