import { extname } from 'node:path'
import { arrow, parquet } from '../../formats.ts'
import type { ExportOptions } from '../../resources/query/export/export-options.ts'
import { UsageError } from '../errors.ts'
import type { FileOnlyFormat } from '../output/result.ts'

/** A format that streams rows. */
export type StreamFormat = 'ndjson' | 'csv' | FileOnlyFormat

/** Formats of an `--output` file by its extension. */
const formats: Readonly<Record<string, StreamFormat>> = {
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.parquet': 'parquet',
  '.arrow': 'arrow',
}

/** The columnar formats, which the command line does not leave to the loader of the library. */
const columnar: Readonly<Record<FileOnlyFormat, ExportOptions['format']>> = { parquet, arrow }

/**
 * Returns the format of an `--output` file: `--format`, or else the one of its extension. Upper and lower case are
 * equal. A file without an extension gets ndjson. `.gz` at the end compresses text.
 *
 * @throws UsageError for an unknown extension without `--format`, and for a compressed file in a columnar format
 */
export function outputFormat(
  path: string,
  format: StreamFormat | undefined,
): Pick<ExportOptions, 'format' | 'gzip'> {
  const gzip = extname(path).toLowerCase() === '.gz'
  const extension = extname(gzip ? path.slice(0, -'.gz'.length) : path).toLowerCase()
  const known = format ?? (extension === '' ? 'ndjson' : formats[extension])
  if (known === undefined) {
    throw new UsageError(
      `The file of --output has the unknown extension ${extension}; expected ${Object.keys(formats).join(', ')}.`,
      'Use one of these extensions, or pass --format ndjson or --format csv.',
    )
  }
  if (known === 'csv' || known === 'ndjson') return { format: known, gzip }
  if (!gzip) return { format: columnar[known] }
  throw new UsageError(
    `The file of --output ends with .gz, but ${known} has a compression of its own.`,
    'Remove .gz, or use csv or ndjson.',
  )
}
