import { HogqlError } from '../../../hogql/hogql-error.ts'
import { isObject } from '../../../shared/is-object.ts'
import { EngineError } from '../../engine/sql-engine.ts'
import { ApiError, invalid, notFound } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { choice, integer, json } from '../../store/fields.ts'
import { EXPORTS } from '../../store/kinds.ts'
import { referenceError } from '../../store/read-fields.ts'
import { findRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { exportContent, exportSubject } from './export-content.ts'

const FORMATS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'video/webm': 'webm',
  'video/mp4': 'mp4',
  'image/gif': 'gif',
  'application/json': 'json',
}
const DAY_MS = 86_400_000
/** Days until an export expires, by file extension. */
const LIFETIME_DAYS: Readonly<Record<string, number>> = { csv: 7, xlsx: 7 }
const DEFAULT_LIFETIME_DAYS = 180

const exports: Resource = {
  kind: EXPORTS,
  path: 'projects/:project/exports',
  object: 'export',
  fields: {
    dashboard: integer({ nullable: true }),
    insight: integer({ nullable: true }),
    export_format: choice(Object.keys(FORMATS), { required: true }),
    export_context: json({ default: null }),
  },
  systemFields: ['created_at'],
  operations: ['list', 'create', 'get'],
  deletion: 'refused',
  prepareCreate,
  view: (_, { content, exception, expires_after, filename }) => ({
    exception: exception ?? null,
    has_content: typeof content === 'string',
    expires_after,
    filename,
  }),
}

/** Exports of insights and dashboards to files. */
export const exportRoutes: readonly Route[] = [
  ...resourceRoutes(exports),
  actionRoute('GET', `${exports.path}/:id/content`, 'export:read', (call) =>
    contentResponse(call, findRecord(exports, call)),
  ),
]

async function prepareCreate({ state }: Call, values: JsonRecord): Promise<JsonRecord> {
  const { insight, dashboard, export_context: context, export_format: format } = values
  const subject = exportSubject(state, values)
  if (typeof insight !== 'number' && typeof dashboard !== 'number' && !isObject(context)) {
    throw invalid(null, 'Either dashboard, insight or export_context is required for an export.')
  }
  if ((typeof insight === 'number' || typeof dashboard === 'number') && subject?.['deleted'] !== false) {
    const attr = typeof insight === 'number' ? 'insight' : 'dashboard'
    throw referenceError(attr, values[attr])
  }
  const extension = FORMATS[String(format)] ?? ''
  const lifetime = (LIFETIME_DAYS[extension] ?? DEFAULT_LIFETIME_DAYS) * DAY_MS
  const name = String(subject?.['name'] ?? subject?.['derived_name'] ?? 'export')
  return {
    filename: `export-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.${extension}`,
    expires_after: new Date(state.now().getTime() + lifetime).toISOString(),
    ...(await contentOrException(() => exportContent(state, values))),
  }
}

// A failed export is also stored, with its error.
async function contentOrException(create: () => Promise<string>): Promise<JsonRecord> {
  try {
    return { content: await create() }
  } catch (error) {
    if (error instanceof ApiError) return { exception: String(error.body['detail'] ?? error.message) }
    if (error instanceof HogqlError || error instanceof EngineError) return { exception: error.message }
    throw error
  }
}

function contentResponse({ url }: Call, { content, export_format, filename }: StoredRecord): Response {
  if (typeof content !== 'string') throw notFound()
  const disposition = url.searchParams.get('download') === 'true' ? 'attachment' : 'inline'
  return new Response(content, {
    headers: {
      'Content-Type': String(export_format),
      'Content-Disposition': `${disposition}; filename="${String(filename)}"`,
    },
  })
}
