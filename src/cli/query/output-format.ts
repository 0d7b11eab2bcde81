import { extname } from 'node:path'
import { UsageError } from '../errors.ts'

/** A format that streams rows. */
export type StreamFormat = 'ndjson' | 'csv'

/** Formats of an `--output` file by its extension. */
const formats: Readonly<Record<string, StreamFormat>> = {
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
}

/**
 * Returns the format of an `--output` file: `--format`, or else the one of its extension. Upper and lower case are
 * equal. A file without an extension gets ndjson.
 *
 * @throws UsageError for an unknown extension without `--format`
 */
export function outputFormat(path: string, format: StreamFormat | undefined): StreamFormat {
  const extension = extname(path).toLowerCase()
  const known = format ?? (extension === '' ? 'ndjson' : formats[extension])
  if (known !== undefined) return known
  throw new UsageError(
    `The file of --output has the unknown extension ${extension}; expected ${Object.keys(formats).join(', ')}.`,
    'Use one of these extensions, or pass --format ndjson or --format csv.',
  )
}
