import { createClient, type TypehogClient } from '../../../src/index.ts'
import { openChdbEngine } from '../../../src/local/engine/chdb-engine.ts'
import { toWireRows } from '../../../src/local/engine/result-rows.ts'
import { valueSql } from '../../../src/local/hogql/compile/values.ts'
import { writeJson } from '../../../src/local/http/json.ts'

/** A client whose queries run on ClickHouse as they are, for cells of types that HogQL has no function for. */
export async function startClickHouseClient(): Promise<{
  readonly posthog: TypehogClient
  readonly close: () => Promise<void>
}> {
  const engine = await openChdbEngine(undefined, 'cells')
  const posthog = createClient({
    apiKey: 'phx_cells',
    projectId: 1,
    host: 'http://clickhouse.test',
    fetch: async (url, init) => {
      const { query } = (await new Request(url, init).json()) as {
        query: { query: string; values?: Record<string, unknown> }
      }
      // The tag writes integers beyond 2^53 with a function of HogQL.
      const text = query.query.replaceAll('toInt(', 'toInt64(')
      const sql = text.replace(/\{(\w+)\}/g, (_, name: string) => {
        return valueSql(query.values?.[name], { start: 0, end: 0 }).sql
      })
      const result = await engine.query(sql, {})
      const body = {
        results: toWireRows(result, false),
        columns: result.columns.map(({ name }) => name),
        types: result.columns.map(({ name, type }) => [name, type]),
        hasMore: false,
        limit: 100,
        offset: 0,
      }
      return new Response(writeJson(body), { headers: { 'content-type': 'application/json' } })
    },
  })
  return { posthog, close: () => engine.close() }
}
