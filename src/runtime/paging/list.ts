import { checkBoolean, refuseUnknown } from '../config/check-options.ts'
import { collect } from './collect.ts'
import type { ListSetting, Page } from './page.ts'
import { firstPage, walk } from './walk.ts'

/** How much of a list is taken at most. */
export interface ToArrayOptions {
  /** Items at most; a whole number from 1. */
  readonly max: number
  /** Takes the first `max` items of a longer list, in place of an error. Default: `false`. */
  readonly allowPartial?: boolean | undefined
}

/**
 * A list that comes page by page: await it for the first page, loop over it for all items. Nothing is sent before.
 *
 * @example
 * ```ts
 * for await (const flag of posthog.list('GET /api/projects/{project_id}/feature_flags/')) console.log(flag.key)
 * ```
 */
export class List<Item> implements Promise<Page<Item>>, AsyncIterable<Item> {
  readonly [Symbol.toStringTag] = 'List' as const
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
    const { shape } = this.#setting
    const page = shape === undefined ? this.#first : this.#first.then((first) => shaped(first, shape))
    return page.then(onfulfilled, onrejected)
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
    const pages = walk(this.#setting, this.#first)
    const { shape } = this.#setting
    return shape === undefined ? pages : shapedPages(pages, shape)
  }

  /**
   * All items at once.
   *
   * @throws TruncatedResultError when there are more than `max`; it has the items, and the cursor to go on from
   * @throws ConfigurationError when `max` is no whole number from 1
   */
  async toArray(options: ToArrayOptions): Promise<Item[]> {
    refuseUnknown('toArray', options, toArrayNames)
    checkBoolean('allowPartial', options?.allowPartial)
    const items = await collect(this.#setting, this.#first, { ...options })
    const { shape } = this.#setting
    // The schema that made `shape` says what the items are.
    return shape === undefined ? items : ([...(await shape(items))] as Item[])
  }
}

const toArrayNames = { max: true, allowPartial: true } as const

type Shape = NonNullable<ListSetting['shape']>

async function shaped<Item>(page: Page<Item>, shape: Shape): Promise<Page<Item>> {
  // The schema that made `shape` says what the items are.
  return { ...page, items: (await shape(page.items)) as readonly Item[] }
}

async function* shapedPages<Item>(
  pages: AsyncIterable<Page<Item>>,
  shape: Shape,
): AsyncGenerator<Page<Item>, undefined> {
  for await (const page of pages) yield shaped(page, shape)
}
