import { checkBoolean, refuseUnknown } from '../config/check-options.ts'
import { ConfigurationError, withCallerStack } from '../errors/posthog-error.ts'
import { TruncatedResultError } from '../errors/result-errors.ts'
import { firstPage, type ListConfig, type Page, walk } from './pages.ts'

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
        this.#config.signal?.throwIfAborted()
        yield item
      }
    }
  }

  /** All pages, in order. `next` of a page is where to go on later, as the option `cursor`. */
  pages(): AsyncIterableIterator<Page<Item>> {
    const pages = walk(this.#config, this.#first)
    const { shape } = this.#config
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
    const items = await collect(this.#config, this.#first, { ...options })
    const { shape } = this.#config
    // The schema that made `shape` says what the items are.
    return shape === undefined ? items : ([...(await shape(items))] as Item[])
  }
}

const toArrayNames = { max: true, allowPartial: true } as const

type Shape = NonNullable<ListConfig['shape']>

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

/** All items of a list, or an error that has them when there are more than were to be taken. */
export async function collect<Item>(
  config: ListConfig,
  first: Promise<Page<Item>> | undefined,
  { max, allowPartial = false }: ToArrayOptions,
): Promise<Item[]> {
  if (!Number.isInteger(max) || max < 1) {
    throw new ConfigurationError({
      message: `\`max\` is ${String(max)}.`,
      fix: 'Say how many items you can take: a whole number from 1.',
    })
  }
  const all: Item[] = []
  // One page after the other: asking ahead would ask for a page too many.
  for await (const { items, next } of walk({ ...config, prefetch: false }, first)) {
    for (const item of items) all.push(item)
    if (all.length < max || (all.length === max && next === undefined)) continue
    if (allowPartial) return all.slice(0, max)
    if (all.length === max) continue
    const error = new TruncatedResultError({
      message: `${config.operation} has more than the ${max} items that were to be taken at most.`,
      fix: 'Raise `max`, loop over the list, narrow it by its filters, or pass `allowPartial: true`.',
      items: all.slice(0, max),
      cursor: next,
    })
    throw withCallerStack(error, config.trace, config.redactText)
  }
  return all
}
