import { DecodeError } from '../errors/result-errors.ts'

/** Items and cursors that are remembered, to notice what comes again. */
const maxRemembered = 10_000

/**
 * Drops items that an earlier page had: inserts between two requests shift them. Items of one page are never compared
 * with each other, and two that differ in anything are both kept, also under one id. Equal ones without an id are kept
 * too, for they may be two things, but they are no progress.
 */
export function createDeduplicator<Item>(): (items: readonly Item[]) => Deduplicated<Item> {
  let older = new Map<unknown, KnownItems>()
  let recent = new Map<unknown, KnownItems>()
  let count = 0
  return (items) => {
    let fresh = 0
    const kept = items.filter((item) => {
      const id = idOf(item)
      const known = recent.get(id)?.has(item) === true || older.get(id)?.has(item) === true
      if (!known) fresh += 1
      return !known || id === undefined
    })
    count += items.length
    if (count > maxRemembered / 2) {
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
    return { items: kept, fresh }
  }
}

/** A page without what earlier ones had. */
interface Deduplicated<Item> {
  readonly items: readonly Item[]
  /** Items that no earlier page had. */
  readonly fresh: number
}

/** Items of one id. They are written as text when another one has that id, which most ids never see. */
class KnownItems {
  #items: unknown[]
  readonly #texts = new Set<string>()

  constructor(item: unknown) {
    this.#items = [item]
  }

  add(item: unknown): void {
    this.#items.push(item)
  }

  has(item: unknown): boolean {
    for (const known of this.#items) this.#texts.add(textOf(known))
    this.#items = []
    return this.#texts.has(textOf(item))
  }
}

function idOf(item: unknown): unknown {
  const { id, uuid, short_id } = Object(item)
  return id ?? uuid ?? short_id
}

function textOf(item: unknown): string {
  try {
    return JSON.stringify(item)
  } catch {
    // The engine's stack is the only limit: the items are JSON.
    throw new DecodeError({
      message: 'An item of a list is nested too deeply to be compared.',
      fix: 'Look for a proxy that changes answers.',
    })
  }
}

/** Pages without an item, one after the other, after which a list is given up: PostHog does send empty ones. */
const maxEmptyPages = 100
/** The same for pages whose items all came before, which PostHog sends after many inserts at most. */
const maxRepeatedPages = 3

/** What the guard looks at. */
interface PageOfItems {
  readonly items: readonly unknown[]
  /** Query string of the next page; undefined on the last one. */
  readonly next: string | undefined
}

/**
 * Notices lists that have no end: pages that lead back to an earlier one, and pages that bring nothing new.
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
        ? `answered ${empty} pages without an item`
        : repeated >= maxRepeatedPages
          ? `answered ${repeated} pages without a new item`
          : cursors.has(next)
            ? 'named a page as the next one that came before'
            : undefined
    if (cursors.size >= maxRemembered) cursors.clear()
    cursors.add(next)
    if (fault === undefined) return undefined
    const error = new DecodeError({
      message: `${operation} ${fault}: the list has no end.`,
      fix: 'Look for a proxy that caches answers whatever their query string is.',
    })
    return Object.assign(error, { cursor: next })
  }
}
