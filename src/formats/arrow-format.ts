import type { ColumnarFormat, RowConverter } from '../resources/query/export/columnar-format.ts'
import type { ColumnValue, ValueType } from './column-values.ts'
import { loadPackage } from './load-package.ts'
import { readBatches } from './row-batches.ts'

type Package = typeof import('apache-arrow')
type DataType = import('apache-arrow').DataType
type Data = import('apache-arrow').Data

/**
 * Apache Arrow: the IPC file format, also known as Feather version 2, uncompressed. Needs the package apache-arrow.
 *
 * @example
 * await posthog.events.stream({ from: '2026-01-01', to: '2026-02-01' }).toFile('events.arrow', { format: arrow })
 */
export const arrow: ColumnarFormat = {
  name: 'arrow',
  // `loadPackage` imports the package with this name.
  load: async () => createConverter((await loadPackage('apache-arrow')) as Package),
}

function createConverter(library: Package): RowConverter {
  const { AsyncByteQueue, Field, RecordBatch, RecordBatchFileWriter, Schema, Struct, makeData } = library
  return async function* convert(lines) {
    let bytes: Uint8Array[] = []
    /** Takes the bytes that were written since the last call. */
    const take = (): Uint8Array[] => {
      const taken = bytes
      bytes = []
      return taken
    }
    /** Collects bytes. The queue of the library has no way to take what is there without waiting for more. */
    class Bytes extends AsyncByteQueue {
      override write(value: Uint8Array): void {
        bytes.push(value)
      }
    }
    let writer: InstanceType<typeof RecordBatchFileWriter> | undefined
    for await (const { columns, values, rows } of readBatches(lines)) {
      const fields = columns.map(({ name, type }) => new Field(name, dataTypeOf(library, type), true))
      const schema = new Schema(fields)
      writer ??= new RecordBatchFileWriter().reset(new Bytes(), schema)
      if (rows === 0) continue
      const children = columns.map(({ type }, at) => toData(library, type, values[at] ?? []))
      writer.write(new RecordBatch(schema, makeData({ type: new Struct(fields), length: rows, children })))
      yield* take()
    }
    writer?.finish()
    yield* take()
  }
}

function dataTypeOf(library: Package, type: ValueType): DataType {
  switch (type.kind) {
    case 'boolean':
      return new library.Bool()
    case 'int32':
      return new library.Int32()
    case 'uint32':
      return new library.Uint32()
    case 'int64':
      return new library.Int64()
    case 'uint64':
      return new library.Uint64()
    case 'float':
      return new library.Float32()
    case 'double':
      return new library.Float64()
    case 'date':
      return new library.DateDay()
    case 'time':
      return type.digits === 6
        ? new library.TimestampMicrosecond('UTC')
        : new library.TimestampNanosecond('UTC')
    case 'decimal':
      return new library.Decimal(type.scale, type.precision, 128)
    case 'text':
      return new library.Utf8()
  }
}

/** Creates the buffers of a column. */
function toData(library: Package, { kind, ...rest }: ValueType, values: readonly ColumnValue[]): Data {
  const length = values.length
  const nullCount = values.filter((value) => value === null).length
  const nullBitmap = packBits(values.map((value) => value !== null))
  const column = { length, nullCount, nullBitmap, type: dataTypeOf(library, { kind, ...rest } as ValueType) }
  if (kind !== 'text') return library.makeData({ ...column, data: bufferOf(kind, values) } as never)
  return library.makeData({ ...column, ...encodeTexts(values) } as never)
}

/** Encodes texts to UTF-8, one behind the other. */
function encodeTexts(values: readonly ColumnValue[]): {
  readonly valueOffsets: Int32Array
  readonly data: Uint8Array
} {
  const utf8 = new TextEncoder()
  const characters = values.reduce((sum: number, value) => sum + String(value ?? '').length, 0)
  // A character takes at most three bytes.
  const data = new Uint8Array(characters * 3)
  const valueOffsets = new Int32Array(values.length + 1)
  let end = 0
  for (const [at, value] of values.entries()) {
    if (value !== null) end += utf8.encodeInto(String(value), data.subarray(end)).written
    valueOffsets[at + 1] = end
  }
  return { valueOffsets, data: data.subarray(0, end) }
}

/** The buffer of values with a fixed width. `toColumnValue` created them with this type; null is zero. */
function bufferOf(kind: Exclude<ValueType['kind'], 'text'>, values: readonly ColumnValue[]): ArrayBufferView {
  switch (kind) {
    case 'boolean':
      return packBits(values)
    case 'int32':
    case 'date':
      return Int32Array.from(values, Number)
    case 'uint32':
      return Uint32Array.from(values, Number)
    case 'float':
      return Float32Array.from(values, Number)
    case 'double':
      return Float64Array.from(values, Number)
    case 'int64':
    case 'time':
      return BigInt64Array.from(values, toBigInt)
    case 'uint64':
      return BigUint64Array.from(values, toBigInt)
    case 'decimal': {
      // 128 bits, the lower half first.
      const halves = values.flatMap((value) => [toBigInt(value), toBigInt(value) >> 64n])
      return new Uint32Array(BigInt64Array.from(halves).buffer)
    }
  }
}

function toBigInt(value: ColumnValue): bigint {
  return BigInt(value ?? 0)
}

/** Packs booleans to bits, the lowest first. Null is zero. */
function packBits(values: readonly ColumnValue[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8))
  for (const [at, value] of values.entries())
    if (value === true) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))
  return bits
}
