import { type Key, sameKey } from './keyset.ts'

/** Keeps back the rows with the last key, until it is known that all of them came. */
export interface Ties {
  /** Rows that are kept back. */
  readonly held: readonly unknown[]
  /** Takes more rows. Gives those that are complete, and the key that the held ones begin with. */
  take(rows: readonly unknown[]): { readonly rows: readonly unknown[]; readonly key: Key } | undefined
}

/** Rows in the order of their keys; those without one stay behind the last that has one. */
export function createTies(keyOf: (row: unknown) => Key | undefined): Ties {
  let held: readonly unknown[] = []
  let last: Key | undefined
  return {
    get held() {
      return held
    },
    take(batch) {
      let cut = batch.findLastIndex((row) => keyOf(row) !== undefined)
      const key = keyOf(batch[cut])
      if (key === undefined || sameKey(key, last)) {
        held = held.concat(batch)
        return undefined
      }
      while (cut > 0 && sameKey(key, keyOf(batch[cut - 1]))) cut -= 1
      const rows = held.concat(batch.slice(0, cut))
      held = batch.slice(cut)
      last = key
      return rows.length === 0 ? undefined : { rows, key }
    },
  }
}
