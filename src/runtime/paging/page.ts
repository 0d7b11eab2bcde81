import type { Redact } from '../observe/redact.ts'
import type { PagingKind } from './read-page.ts'

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
export interface ListSetting {
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
