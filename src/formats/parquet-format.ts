import type { ColumnarFormat, RowConverter } from '../resources/query/export/columnar-format.ts'
import type { ValueType } from './column-values.ts'
import { loadPackage } from './load-package.ts'
import { type FileColumn, readBatches } from './row-batches.ts'

type Package = typeof import('hyparquet-writer')
type SchemaElement = import('hyparquet-writer').SchemaElement

/**
 * Apache Parquet, compressed with Snappy. Needs the package hyparquet-writer.
 *
 * @example
 * await posthog.events.stream({ from: '2026-01-01', to: '2026-02-01' }).toFile('events.parquet', { format: parquet })
 */
export const parquet: ColumnarFormat = {
  name: 'parquet',
  // `loadPackage` imports the package with this name.
  load: async () => createConverter((await loadPackage('hyparquet-writer')) as Package),
}

function createConverter({ ByteWriter, ParquetWriter }: Package): RowConverter {
  return async function* convert(lines) {
    const bytes = new ByteWriter()
    /** Takes the bytes that were written since the last call. */
    const take = (): Uint8Array => {
      const taken = bytes.getBytes().slice()
      bytes.index = 0
      return taken
    }
    let writer: InstanceType<typeof ParquetWriter> | undefined
    for await (const { columns, values, rows } of readBatches(lines)) {
      writer ??= new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: 'typehog' })
      if (rows === 0) continue
      const columnData = columns.map(({ name }, at) => ({ name, data: values[at] ?? [] }))
      writer.write({ columnData, rowGroupSize: rows })
      yield take()
    }
    writer?.finish()
    yield take()
  }
}

function schemaOf(columns: readonly FileColumn[]): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type }) => ({
      name,
      repetition_type: 'OPTIONAL' as const,
      ...elementOf(type),
    })),
  ]
}

function elementOf(type: ValueType): Omit<SchemaElement, 'name'> {
  switch (type.kind) {
    case 'boolean':
      return { type: 'BOOLEAN' }
    case 'int32':
      return { type: 'INT32' }
    case 'uint32':
      return { type: 'INT32', converted_type: 'UINT_32' }
    case 'int64':
      return { type: 'INT64' }
    case 'uint64':
      return { type: 'INT64', converted_type: 'UINT_64' }
    case 'float':
      return { type: 'FLOAT' }
    case 'double':
      return { type: 'DOUBLE' }
    case 'date':
      return { type: 'INT32', converted_type: 'DATE' }
    case 'time': {
      const unit = type.digits === 6 ? 'MICROS' : 'NANOS'
      return { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit } }
    }
    case 'decimal': {
      const { precision, scale } = type
      return { ...decimalStorage(precision), converted_type: 'DECIMAL', precision, scale }
    }
    case 'text':
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  }
}

/** Readers expect the smallest type that holds the precision. */
function decimalStorage(precision: number): Pick<SchemaElement, 'type' | 'type_length'> {
  if (precision <= 9) return { type: 'INT32' }
  return precision <= 18 ? { type: 'INT64' } : { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16 }
}
