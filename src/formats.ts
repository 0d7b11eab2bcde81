/**
 * Columnar file formats of exports.
 *
 * @module typehog/formats
 */

export { arrow } from './formats/arrow-format.ts'
export { parquet } from './formats/parquet-format.ts'
export type { ColumnarFormat, RowConverter } from './resources/query/export/columnar-format.ts'
