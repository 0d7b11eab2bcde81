import { type HogQL, hogql } from '../../../runtime/hogql/hogql.ts'
import type { Columns } from '../../../runtime/rows/decode-rows.ts'
import type { Requester } from '../../requester.ts'
import type { HogQLOptions } from '../query-options.ts'
import { fetchCells } from '../run-hogql.ts'

/**
 * The columns of a query. An answer tells the types behind its rows, which is too late for those who read it as it
 * arrives; a query for no rows reads nothing.
 */
export async function describeColumns(
  requester: Requester,
  query: HogQL<unknown>,
  { onProgress: _, async: __, refresh: ___, ...options }: HogQLOptions,
): Promise<Columns> {
  const { columns } = await fetchCells(requester, hogql`select * from (\n${query}\n) limit ${0}`, options)
  return columns
}
