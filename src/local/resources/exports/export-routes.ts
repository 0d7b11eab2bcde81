import { EngineError } from '../../engine/engine-error.ts'
import { HogqlError } from '../../hogql/hogql-error.ts'
import { ApiError, invalid, notFound } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { choice, integer, json } from '../../store/fields.ts'
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
const DAYS_KEPT: Readonly<Record<string, number>> = { csv: 7, xlsx: 7 }
const OTHERS_KEPT = 180

const exports: Resource = {
  kind: { name: 'exports', ids: 'integer' },
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
  prepareCreate: complete,
  view: (_, { content, exception, expires_after, filename }) => ({
    exception: exception ?? null,
    has_content: typeof content === 'string',
    expires_after,
    filename,
  }),
}

/** Exports of insights and dashboards as files. */
export const exportRoutes: readonly Route[] = [
  ...resourceRoutes(exports),
  actionRoute('GET', `${exports.path}/:id/content`, 'export:read', (call) =>
    contentOf(call, findRecord(exports, call)),
  ),
]

async function complete({ world }: Call, values: JsonRecord): Promise<JsonRecord> {
  const { insight, dashboard, export_context: context, export_format: format } = values
  const subject = exportSubject(world, values)
  if (typeof insight !== 'number' && typeof dashboard !== 'number' && !isObject(context)) {
    throw invalid(null, 'Either dashboard, insight or export_context is required for an export.')
  }
  if ((typeof insight === 'number' || typeof dashboard === 'number') && subject?.['deleted'] !== false) {
    const attr = typeof insight === 'number' ? 'insight' : 'dashboard'
    throw invalid(attr, `Invalid pk "${String(values[attr])}" - object does not exist.`, 'does_not_exist')
  }
  const ending = FORMATS[String(format)] ?? ''
  const kept = (DAYS_KEPT[ending] ?? OTHERS_KEPT) * DAY_MS
  const name = String(subject?.['name'] ?? subject?.['derived_name'] ?? 'export')
  return {
    filename: `export-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.${ending}`,
    expires_after: new Date(world.now().getTime() + kept).toISOString(),
    ...(await made(() => exportContent(world, values))),
  }
}

// An export that fails is an export all the same: it says why.
async function made(make: () => Promise<string>): Promise<JsonRecord> {
  try {
    return { content: await make() }
  } catch (error) {
    if (error instanceof ApiError) return { exception: String(error.body['detail'] ?? error.message) }
    if (error instanceof HogqlError || error instanceof EngineError) return { exception: error.message }
    throw error
  }
}

function contentOf({ url }: Call, { content, export_format, filename }: StoredRecord): Response {
  if (typeof content !== 'string') throw notFound()
  const place = url.searchParams.get('download') === 'true' ? 'attachment' : 'inline'
  return new Response(content, {
    headers: {
      'Content-Type': String(export_format),
      'Content-Disposition': `${place}; filename="${String(filename)}"`,
    },
  })
}
