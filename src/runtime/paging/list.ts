import { checkBoolean, refuseUnknown } from '../config/check-options.ts'
import { ConfigurationError, withCallerStack } from '../errors/posthog-error.ts'
import { TruncatedResultError } from '../errors/result-errors.ts'
import type { Redact } from '../observe/redact.ts'
import { firstPage, type PagingKind, walk } from './pages.ts'

/** One page of a list. */
export interface Page<Item> {
  /** Its items, without those that an earlier page had exactly so: inserts between two requests shift them. */
  readonly items: readonly Item[]
  /** Where the next page is: pass it as `cursor` to go on from there. Undefined on the last page. */
  readonly next: string | undefined
  /** Items of the whole list, where PostHog counts them. */
  readonly count: number | undefined
  readonly requestId: string | undefined
  /** The answer as it came. */
  readonly body: unknown
}

/** How a list is asked for. */
export interface ListConfig {
  /** Sends the request of one page, by its query string. */
  send(search: string, signal: AbortSignal | undefined): Promise<SentPage>
  /** Taken where the list was made; errors show its frames. */
  readonly trace?: Error | undefined
  /** Redacts the secrets of the client and the list's calls from errors. */
  readonly redactText?: Redact | undefined
  /** Method and path template, for errors. */
  readonly operation: string
  /** How the list tells about its next page. */
  readonly paging: PagingKind
  /** Query string of the first page. */
  readonly search: string
  readonly signal?: AbortSignal | undefined
  /** Goes on from here, in place of the first page. */
  readonly cursor?: string | undefined
  /** Validates the items of a page, and gives what a schema makes of them. */
  readonly shape?: ((items: readonly unknown[]) => Promise<readonly unknown[]>) | undefined
  /** Whether the next page is asked for while the current one is read. Default: `true`. */
  readonly prefetch?: boolean | undefined
}

/** What came back for one page. */
export interface SentPage {
  readonly body: unknown
  readonly requestId: string | undefined
}

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
  readonly #setting: ListConfig
  #first: Promise<Page<Item>> | undefined

  constructor(setting: ListConfig) {
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
  setting: ListConfig,
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
  for await (const { items, next } of walk({ ...setting, prefetch: false }, first)) {
    for (const item of items) all.push(item)
    if (all.length < max || (all.length === max && next === undefined)) continue
    if (allowPartial) return all.slice(0, max)
    if (all.length === max) continue
    const error = new TruncatedResultError({
      message: `${setting.operation} has more than the ${max} items that were to be taken at most.`,
      fix: 'Raise `max`, loop over the list, narrow it by its filters, or pass `allowPartial: true`.',
      items: all.slice(0, max),
      cursor: next,
    })
    throw withCallerStack(error, setting.trace, setting.redactText)
  }
  return all
}
