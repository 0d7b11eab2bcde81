import { collect } from './collect.ts'
import type { ListSetting, Page } from './page.ts'
import { firstPage, walk } from './walk.ts'

/** How much of a list is taken at most. */
export interface ToArrayOptions {
  /** Items at most; a whole number from 1. */
  readonly max: number
  /** Takes the first `max` items of a longer list, in place of an error. Default: `false`. */
  readonly allowPartial?: boolean
}

/**
 * A list that comes page by page: await it for the first page, loop over it for all items. Nothing is sent before.
 *
 * @example
 * ```ts
 * for await (const flag of posthog.list('GET /api/projects/{project_id}/feature_flags/')) console.log(flag.key)
 * ```
 */
export class List<Item> implements PromiseLike<Page<Item>>, AsyncIterable<Item> {
  readonly #setting: ListSetting
  #first: Promise<Page<Item>> | undefined

  constructor(setting: ListSetting) {
    this.#setting = setting
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point of the class
  then<A = Page<Item>, B = never>(
    onfulfilled?: ((value: Page<Item>) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#first ??= firstPage<Item>(this.#setting)
    return this.#first.then(onfulfilled, onrejected)
  }

  /** As of a promise of the first page. */
  catch<B = never>(onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Page<Item> | B> {
    return this.then(undefined, onrejected)
  }

  /** As of a promise of the first page. */
  finally(onfinally?: (() => void) | null): Promise<Page<Item>> {
    return this.then().finally(onfinally)
  }

  /** All items, in order. Each loop begins anew; leaving one stops the requests. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, undefined> {
    for await (const { items } of this.pages()) {
      for (const item of items) {
        // Items that are here already are not for somebody who said stop.
        this.#setting.signal?.throwIfAborted()
        yield item
      }
    }
  }

  /** All pages, in order. `next` of a page is where to go on later, as the option `cursor`. */
  pages(): AsyncIterableIterator<Page<Item>> {
    return walk(this.#setting, this.#first)
  }

  /**
   * All items at once.
   *
   * @throws TruncatedResultError when there are more than `max`; it has the items, and the cursor to go on from
   * @throws ConfigurationError when `max` is no whole number from 1
   */
  async toArray(options: ToArrayOptions): Promise<Item[]> {
    return collect(this.#setting, this.#first, options)
  }
}
