import type { Requester } from '../../requester.ts'
import type { StreamPage } from './stream-options.ts'

/** Where the rows of a stream come from. */
export interface RowSource<Row> {
  /**
   * Reads them from the start, or from where a page ended. `asWritten` gives dates as texts and integers as numbers, or
   * bigints where a number does not hold them, whatever the options say.
   */
  pages(how: SourceOptions): AsyncGenerator<StreamPage<Row>, undefined>
  /** What is asked for them: the client. */
  readonly requester: Requester
  /** What is read, and how, as something that JSON can write. */
  identity(): Promise<{ readonly what: unknown; readonly how: object }>
  /** Whether pages tell where to go on. */
  readonly resumable: boolean
}

/** How the rows are read. */
export interface SourceOptions {
  readonly after?: string
  readonly asWritten?: boolean
}
