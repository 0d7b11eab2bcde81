import { DecodeError } from '../errors/result-errors.ts'

/** Maximum number of stored items and cursors, to detect repeated ones. */
const maxStored = 10_000

/**
 * Creates a function that drops items of earlier pages: inserts between two requests shift items. Never compares items
 * of the same page. Keeps both of two items that differ in any field, even with the same id. Also keeps equal items
 * without an id, since they may be distinct, but does not count them as new.
 */
export function createDeduplicator<Item>(): (items: readonly Item[]) => Deduplicated<Item> {
  let older = new Map<unknown, KnownItems>()
  let recent = new Map<unknown, KnownItems>()
  let count = 0
  return (items) => {
    let fresh = 0
    const unique = items.filter((item) => {
      const id = idOf(item)
      const known = recent.get(id)?.has(item) === true || older.get(id)?.has(item) === true
      if (!known) fresh += 1
      return !known || id === undefined
    })
    count += items.length
    if (count > maxStored / 2) {
      older = recent
      recent = new Map()
      count = items.length
    }
    for (const item of items) {
      const id = idOf(item)
      const known = recent.get(id)
      if (known === undefined) recent.set(id, new KnownItems(item))
      else known.add(item)
    }
    return { items: unique, fresh }
  }
}

/** A page without the items of earlier pages. */
interface Deduplicated<Item> {
  readonly items: readonly Item[]
  /** Number of new items. */
  readonly fresh: number
}

/** Items of one id. Serializes them only when the id repeats, which is rare. */
class KnownItems {
  #items: unknown[]
  readonly #serialized = new Set<string>()

  constructor(item: unknown) {
    this.#items = [item]
  }

  add(item: unknown): void {
    this.#items.push(item)
  }

  has(item: unknown): boolean {
    for (const known of this.#items) this.#serialized.add(serialize(known))
    this.#items = []
    return this.#serialized.has(serialize(item))
  }
}

function idOf(item: unknown): unknown {
  const { id, uuid, short_id } = Object(item)
  return id ?? uuid ?? short_id
}

function serialize(item: unknown): string {
  try {
    return JSON.stringify(item)
  } catch {
    // The items are JSON, so only the engine's stack limits them.
    throw new DecodeError({
      message: 'A list item is nested too deeply for a comparison.',
      fix: 'Check for a proxy that changes responses.',
    })
  }
}

/** Maximum consecutive pages without items. PostHog does send some. */
const maxEmptyPages = 100
/** Maximum consecutive pages without new items. PostHog sends them only after many inserts. */
const maxRepeatedPages = 3

/** The part of a page that the guard checks. */
interface PageOfItems {
  readonly items: readonly unknown[]
  /** Query string of the next page; undefined on the last one. */
  readonly next: string | undefined
}

/**
 * Creates a guard against endless lists: pages that link to an earlier page, and pages without new items.
 *
 * @param start query string of the first page
 */
export function createEndGuard(
  operation: string,
  start: string,
): (page: PageOfItems, fresh: number) => DecodeError | undefined {
  const cursors = new Set([start])
  let empty = 0
  let repeated = 0
  return ({ items, next }, fresh) => {
    empty = items.length === 0 ? empty + 1 : 0
    if (fresh > 0) repeated = 0
    else if (items.length > 0) repeated += 1
    if (next === undefined) return undefined
    const fault =
      empty >= maxEmptyPages
        ? `returned ${empty} pages without items`
        : repeated >= maxRepeatedPages
          ? `returned ${repeated} pages without new items`
          : cursors.has(next)
            ? 'returned a link to an earlier page'
            : undefined
    if (cursors.size >= maxStored) cursors.clear()
    cursors.add(next)
    if (fault === undefined) return undefined
    const error = new DecodeError({
      message: `${operation} ${fault}: the list is endless.`,
      fix: 'Check for a proxy that caches responses and ignores the query string.',
    })
    return Object.assign(error, { cursor: next })
  }
}
