/** How rows are written to a file. */
export interface ExportOptions {
  /** Default: `csv` for a path that ends so, else `ndjson`. */
  readonly format?: ExportFormat | undefined
  /**
   * Where it is noted how far the export is; `false` to begin anew each time. Default: the path with `.checkpoint`, for
   * rows that are ordered.
   */
  readonly checkpoint?: string | false | undefined
  /** Replaces a file that is there already. Default: `false`. Nothing is replaced then, also not what comes meanwhile. */
  readonly overwrite?: boolean | undefined
  /**
   * Puts an apostrophe before CSV cells that spreadsheets would run as formulas, such as `=cmd()`. For files that people
   * open in a spreadsheet. Default: `false`, cells are written as they are.
   */
  readonly disarmFormulas?: boolean | undefined
}

/** `ndjson`: an object for each line. `csv`: by RFC 4180, with a header. */
export type ExportFormat = 'ndjson' | 'csv'

/** How far an export is. */
export interface ExportProgress {
  /** Rows in the file, those of earlier runs included. */
  readonly rows: number
  readonly bytes: number
  /** From 0 to 1, as far as `window` or `verifyCount` lets that be known. */
  readonly progress: number | undefined
}

/** What an export came to. */
export interface ExportResult {
  readonly path: string
  readonly rows: number
  readonly bytes: number
  /** Rows that an earlier run had written. */
  readonly resumedAt: number
}

/** An export that runs once, when it is awaited or looped over. */
export interface ExportJob extends Promise<ExportResult>, AsyncIterable<ExportProgress> {}

/** How an export goes: step by step to its result. */
export type ExportSteps = AsyncGenerator<ExportProgress, ExportResult>
