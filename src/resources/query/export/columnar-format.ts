import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'

/** A columnar file format of `typehog/formats`, which an optional package writes. */
export interface ColumnarFormat {
  readonly name: 'parquet' | 'arrow'
  /** Loads the package. Rejects if it is not installed. */
  load(): Promise<RowConverter>
}

/**
 * Converts the bytes of exported rows to the bytes of a file. The rows are a JSON line with `columns` and `types`, then
 * a JSON line each.
 */
export type RowConverter = (lines: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>

const packages: Readonly<Record<ColumnarFormat['name'], string>> = {
  parquet: 'hyparquet-writer',
  arrow: 'apache-arrow',
}

/**
 * Loads the converter of a format.
 *
 * @param entry the entry with the formats: an argument, so that bundlers leave it out of programs without exports
 * @throws ConfigurationError if the package of the format is not installed
 */
export async function loadConverter(
  format: ColumnarFormat | ColumnarFormat['name'],
  entry = 'typehog/formats',
): Promise<RowConverter> {
  const name = typeof format === 'string' ? format : format.name
  try {
    // The entry exports each format under its name.
    const found = typeof format === 'string' ? await import(/* @vite-ignore */ entry) : { [name]: format }
    return await (found as Record<typeof name, ColumnarFormat>)[name].load()
  } catch (cause) {
    throw new ConfigurationError({
      message: `The format ${name} needs the package ${packages[name]}, which cannot be loaded.`,
      fix: `Run npm install ${packages[name]}.${typeof format === 'string' ? ` In a bundle, also pass \`${name}\` of ${entry} as \`format\`.` : ''}`,
      cause,
    })
  }
}
