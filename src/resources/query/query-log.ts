import { createRowDecoder } from '../../runtime/rows/decode-rows.ts'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import type { CallOptions, Requester } from '../requester.ts'
import { readCells } from './run-hogql.ts'

/** The entries of PostHog's query log for a query. */
export async function queryLog(
  requester: Requester,
  id: string,
  options: CallOptions = {},
): Promise<Record<string, unknown>[]> {
  const route = 'GET /api/projects/{project_id}/query/{id}/log/'
  const body = await requester.request(route, { path: { id } }, { ...options, parse: parseLosslessJson })
  const { answer, columns } = readCells(body)
  return answer.results.map(createRowDecoder(columns, { int64: 'bigint' }))
}
