import type { ColumnarFormat } from './columnar-format.ts'

/** Options of `toFile`. */
export interface ExportOptions {
  /**
   * File format: a name, or a format of `typehog/formats`. Default: by the extension of the path: `.csv`, `.parquet` or
   * `.arrow`, else `ndjson`.
   */
  readonly format?: ExportFormat | ColumnarFormat | undefined
  /** Compresses CSV or NDJSON. Default: whether the path ends with `.gz`. */
  readonly gzip?: boolean | undefined
  /**
   * Path of the checkpoint, from which an interrupted export resumes; `false` to always start over. Default: the path
   * with `.checkpoint`, for ordered rows.
   */
  readonly checkpoint?: string | false | undefined
  /** Overwrites an existing file. Default: `false`, which also protects a file created during the export. */
  readonly overwrite?: boolean | undefined
  /**
   * Escapes CSV cells that spreadsheets would run as formulas, such as `=cmd()`, with an apostrophe. Default: `false`.
   */
  readonly disarmFormulas?: boolean | undefined
}

/**
 * File format. `ndjson`: one JSON object per line. `csv`: RFC 4180 with a header. `parquet` needs the package
 * hyparquet-writer, and `arrow` (Arrow IPC) needs apache-arrow.
 */
export type ExportFormat = 'ndjson' | 'csv' | 'parquet' | 'arrow'

/** The progress of an export. */
export interface ExportProgress {
  /** Exported rows, including those of earlier runs. */
  readonly rows: number
  /** Size of the file. With gzip, it lags behind the rows. */
  readonly bytes: number
  /** Progress from 0 to 1. Known only with `window` or `verifyCount`. */
  readonly progress: number | undefined
}

/** The result of an export. */
export interface ExportResult {
  readonly path: string
  readonly rows: number
  readonly bytes: number
  /** Number of rows that an earlier run had written. */
  readonly resumedAt: number
}

/** An export. It starts when you await it or iterate over its progress, and runs once. */
export interface ExportJob extends Promise<ExportResult>, AsyncIterable<ExportProgress> {}

/** The steps of an export, with its result at the end. */
export type ExportSteps = AsyncGenerator<ExportProgress, ExportResult>
