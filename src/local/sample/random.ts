/** A seeded random number generator: the same seed gives the same numbers on every machine. */
export interface SeededRandom {
  /** A number in [0, 1). */
  next(): number
  /** An integer in [0, `limit`). */
  below(limit: number): number
  pick<T>(items: readonly T[]): T
  /** Picks an item with a probability in proportion to its weight. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T
  /** A version 4 UUID. */
  uuid(): string
}

/** Creates a mulberry32 generator, which has 32 bits of state. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  const at = <T>(items: readonly T[], index: number): T => {
    const item = items[index]
    if (item === undefined) throw new Error('Cannot pick an item from an empty list')
    return item
  }
  return {
    next,
    below,
    pick: (items) => at(items, below(items.length)),
    weighted: (items) => {
      let rest = next() * items.reduce((sum, [, weight]) => sum + weight, 0)
      const index = items.findIndex(([, weight]) => {
        rest -= weight
        return rest < 0
      })
      return at(items, index < 0 ? items.length - 1 : index)[0]
    },
    uuid: () => {
      const hex = Array.from({ length: 32 }, () => below(16).toString(16))
      hex[12] = '4'
      hex[16] = at(['8', '9', 'a', 'b'], below(4))
      return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    },
  }
}
