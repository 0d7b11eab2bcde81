import { checkBoolean, rejectUnknownOptions, unexpected } from '../config/check-options.ts'
import { withCallerStack } from '../errors/posthog-error.ts'
import { TruncatedResultError } from '../errors/result-errors.ts'
import { firstPage, type ListConfig, type Page, walk } from './pages.ts'

/** Options of `toArray`. */
export interface ToArrayOptions {
  /** Maximum number of items; a positive integer. */
  readonly max: number
  /** Returns the first `max` items of a longer list instead of throwing an error. Default: `false`. */
  readonly allowPartial?: boolean | undefined
}

/**
 * A paged list. Await it for the first page, or loop over it for all items. Sends nothing before that.
 *
 * @example
 * ```ts
 * for await (const flag of posthog.list('GET /api/projects/{project_id}/feature_flags/')) console.log(flag.key)
 * ```
 */
export class List<Item> implements Promise<Page<Item>>, AsyncIterable<Item> {
  readonly [Symbol.toStringTag] = 'List' as const
  readonly #config: ListConfig
  #first: Promise<Page<Item>> | undefined

  constructor(config: ListConfig) {
    this.#config = config
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point of the class
  then<A = Page<Item>, B = never>(
    onfulfilled?: ((value: Page<Item>) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#first ??= firstPage<Item>(this.#config)
    const { shape } = this.#config
    const page = shape === undefined ? this.#first : this.#first.then((first) => shaped(first, shape))
    return page.then(onfulfilled, onrejected)
  }

  /** Like `catch` of a promise of the first page. */
  catch<B = never>(onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Page<Item> | B> {
    return this.then(undefined, onrejected)
  }

  /** Like `finally` of a promise of the first page. */
  finally(onfinally?: (() => void) | null): Promise<Page<Item>> {
    return this.then().finally(onfinally)
  }

  /** Iterates over all items, in order. Each loop starts at the first page. Leaving a loop stops the requests. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, undefined> {
    for await (const { items } of this.pages()) {
      for (const item of items) {
        // After an abort, buffered items are dropped too.
        this.#config.signal?.throwIfAborted()
        yield item
      }
    }
  }

  /** Iterates over all pages, in order. Pass `next` of a page as the `cursor` option to resume later. */
  pages(): AsyncIterableIterator<Page<Item>> {
    const pages = walk(this.#config, this.#first)
    const { shape } = this.#config
    return shape === undefined ? pages : shapedPages(pages, shape)
  }

  /**
   * Collects all items in an array.
   *
   * @throws TruncatedResultError when there are more than `max` items; it has the items and the cursor to resume from
   * @throws ConfigurationError when `max` is not a positive integer
   */
  async toArray(options: ToArrayOptions): Promise<Item[]> {
    rejectUnknownOptions('toArray', options, toArrayNames)
    checkBoolean('allowPartial', options?.allowPartial)
    const items = await collect(this.#config, this.#first, { ...options })
    const { shape } = this.#config
    // The schema behind `shape` determines the item type.
    return shape === undefined ? items : ([...(await shape(items))] as Item[])
  }
}

const toArrayNames = { max: true, allowPartial: true } as const

type Shape = NonNullable<ListConfig['shape']>

async function shaped<Item>(page: Page<Item>, shape: Shape): Promise<Page<Item>> {
  // The schema behind `shape` determines the item type.
  return { ...page, items: (await shape(page.items)) as readonly Item[] }
}

async function* shapedPages<Item>(
  pages: AsyncIterable<Page<Item>>,
  shape: Shape,
): AsyncGenerator<Page<Item>, undefined> {
  for await (const page of pages) yield shaped(page, shape)
}

/** Collects the items of a list. Throws TruncatedResultError when there are more than `max`. */
export async function collect<Item>(
  config: ListConfig,
  first: Promise<Page<Item>> | undefined,
  { max, allowPartial = false }: ToArrayOptions,
): Promise<Item[]> {
  if (!Number.isInteger(max) || max < 1) {
    throw unexpected('`max`', max, 'a positive integer', 'Pass the maximum number of items.')
  }
  const all: Item[] = []
  for await (const { items, next } of walk(config, first, max)) {
    for (const item of items) all.push(item)
    if (all.length < max || (all.length === max && next === undefined)) continue
    if (allowPartial) return all.slice(0, max)
    if (all.length === max) continue
    const error = new TruncatedResultError({
      message: `${config.operation} has more than ${max} items, the maximum in \`max\`.`,
      fix: 'Raise `max`, loop over the list, filter it, or pass `allowPartial: true`.',
      items: all.slice(0, max),
      cursor: next,
    })
    throw withCallerStack(error, config.trace, config.redactText)
  }
  return all
}
