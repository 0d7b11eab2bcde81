import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { loadConverter, type RowConverter } from './columnar-format.ts'
import type { ExportOptions } from './export-options.ts'

/** How rows are written to a file. */
export interface FileFormat {
  /** Identifies the format in a checkpoint. */
  readonly id: string
  readonly lines: 'ndjson' | 'csv'
  readonly gzip: boolean
  readonly disarmFormulas: boolean
  /** Converts the lines once all of them are written; undefined for text. */
  readonly convert: RowConverter | undefined
}

/**
 * Returns the format of a file, by the options or else the extension of its path.
 *
 * @throws ConfigurationError for gzip of a columnar format, and if its package is not installed
 */
export async function fileFormat(
  path: string,
  { format = extensionOf(path), gzip = path.endsWith('.gz'), disarmFormulas = false }: ExportOptions,
): Promise<FileFormat> {
  const name = typeof format === 'string' ? format : format.name
  const isColumnar = format !== 'csv' && format !== 'ndjson'
  if (gzip && isColumnar) {
    throw new ConfigurationError({
      message: `gzip does not apply to ${name}.`,
      fix: 'Remove `gzip` or the extension .gz, or use csv or ndjson.',
    })
  }
  return {
    id: `${gzip ? 'gzip ' : ''}${name === 'csv' && disarmFormulas ? 'disarmed ' : ''}${name}`,
    lines: name === 'csv' ? 'csv' : 'ndjson',
    gzip,
    disarmFormulas,
    convert: isColumnar ? await loadConverter(format) : undefined,
  }
}

function extensionOf(path: string): NonNullable<ExportOptions['format']> {
  const extension = /\.(csv|parquet|arrow)(?:\.gz)?$/.exec(path)?.[1] ?? 'ndjson'
  // The pattern has only these names.
  return extension as 'csv' | 'parquet' | 'arrow' | 'ndjson'
}
