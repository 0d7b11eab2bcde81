import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import { choice, text } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { runHogql } from '../query/run-hogql.ts'

const PATH = 'projects/:project/file_download_batch_exports'
const READ = 'batch_export:read'
const WRITE = 'batch_export:write'

/** File downloads. The local PostHog counts rows and refuses to write files, so it has no downloads. */
export const fileDownloadRoutes: readonly Route[] = [
  {
    path: PATH,
    throttle: 'default',
    methods: {
      GET: {
        scope: READ,
        handle: ({ url, state }) => jsonResponse(200, offsetPage([], url, state.pageSize)),
      },
      POST: { scope: WRITE, handle: refuse },
    },
  },
  actionRoute('POST', `${PATH}/count_rows`, READ, countRows),
  actionRoute('GET', `${PATH}/:id`, READ, missing),
  actionRoute('POST', `${PATH}/:id/cancel`, WRITE, missing),
  actionRoute('GET', `${PATH}/:id/download`, READ, missing),
]

function refuse(): never {
  throw invalid(null, 'The local PostHog does not support file downloads.')
}

function missing(): never {
  throw notFound()
}

async function countRows({ state, body }: Call): Promise<Response> {
  const fields = { model: choice(['hogql'], { required: true }), hogql_query: text({ required: true }) }
  const { hogql_query: query } = readFields(fields, body)
  const sql = `select count() from (${String(query)})`
  const { rows } = await state.gate.run(() => runHogql(state, { sql, values: new Map() }))
  return jsonResponse(200, { count: Number(rows[0]?.[0] ?? 0) })
}
