import { isObject } from '../../../shared/is-object.ts'
import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import {
  boolean,
  choice,
  DELETED,
  type Fields,
  integer,
  json,
  list,
  object,
  text,
} from '../../store/fields.ts'
import { logEntriesRoute } from '../../store/log-entries.ts'
import { readField, readFields, requiredError } from '../../store/read-fields.ts'
import { changeRecord, findRecord, recordView } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { checkEnabled, NO_DRAFT, nextVersion, recordRevision, revisionRoutes } from './revisions.ts'

const TYPES = [
  'destination',
  'site_destination',
  'internal_destination',
  'source_webhook',
  'warehouse_source_webhook',
  'site_app',
  'transformation',
]

/** The Hog functions of the project. */
export const hogFunctions: Resource = {
  kind: { name: 'hog_functions', ids: 'uuid' },
  path: 'projects/:project/hog_functions',
  object: 'hog_function',
  fields: {
    type: choice(TYPES, { nullable: true, default: 'destination' }),
    name: text({ nullable: true, maxLength: 400 }),
    description: text({ blank: true, default: '' }),
    enabled: boolean({ default: false }),
    deleted: DELETED,
    hog: text({ blank: true, default: '' }),
    inputs_schema: list({ default: [] }),
    inputs: object({ default: {} }),
    filters: object({ default: {} }),
    masking: object({ nullable: true }),
    mappings: list({ nullable: true }),
    icon_url: text({ nullable: true }),
    template_id: text({ nullable: true }),
    execution_order: integer({ nullable: true }),
  },
  systemFields: ['created_at', 'created_by', 'updated_at'],
  deletion: 'refused',
  activity: 'HogFunction',
  unlogged: ['version', 'draft', 'draft_updated_at'],
  search: ['name', 'description'],
  showsSearchMatch: true,
  omitFromList: [
    'inputs',
    'inputs_schema',
    'masking',
    'mappings',
    'template_id',
    'deleted',
    'bytecode',
    'transpiled',
    'version',
    'draft',
  ],
  filterBy: ['enabled', 'id'],
  filter: ({ url: { searchParams } }, found) => {
    const types = (searchParams.get('type') ?? searchParams.get('types'))?.split(',')
    return types === undefined ? found : found.filter(({ type }) => types.includes(String(type)))
  },
  prepareCreate: (_, { type, inputs, execution_order: order }) => ({
    ...NO_DRAFT,
    inputs: withOrder(inputs),
    // Only transformations have an order. Those without a number run last.
    execution_order: type === 'transformation' ? order : null,
  }),
  prepareUpdate: (_, before, values) => {
    const { type, inputs } = values
    if (type !== undefined && type !== before['type'])
      throw invalid('type', 'Cannot modify the type of a function')
    checkEnabled(before, values)
    const changed = inputs === undefined ? {} : { inputs: withOrder(inputs) }
    return { ...changed, ...nextVersion(before, { ...values, ...changed }) }
  },
  afterUpdate: recordRevision,
  // The local PostHog does not compile Hog and has no templates.
  view: (_, { version, draft, draft_updated_at }) => ({
    version,
    draft,
    draft_updated_at,
    template: null,
    status: { state: 0, tokens: 0 },
    bytecode: null,
    transpiled: null,
    batch_export_id: null,
  }),
}

const FUNCTION = `${hogFunctions.path}/:id`
const STEP_MS: Readonly<Record<string, number>> = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 }
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const INVOCATION: Fields = {
  configuration: object(),
  use_draft: boolean({ default: false }),
  globals: json(),
  clickhouse_event: json(),
  invocation_id: text({ nullable: true }),
  mock_async_functions: boolean({ default: true }),
}

/** Hog functions. The local PostHog stores them and never runs Hog. */
export const hogFunctionRoutes: readonly Route[] = [
  actionRoute('PATCH', `${hogFunctions.path}/rearrange`, 'hog_function:write', rearrange),
  ...resourceRoutes(hogFunctions),
  ...revisionRoutes(hogFunctions),
  actionRoute('POST', `${FUNCTION}/invocations`, 'hog_function:write', invoke),
  actionRoute('POST', `${FUNCTION}/enable_backfills`, 'hog_function:write', enableBackfills),
  logEntriesRoute(`${FUNCTION}/logs`, 'hog_function:read', (call) =>
    String(findRecord(hogFunctions, call).id),
  ),
  actionRoute('GET', `${FUNCTION}/metrics`, 'hog_function:read', (call) => {
    findRecord(hogFunctions, call)
    return jsonResponse(200, { labels: metricLabels(call.url, call.state.now()), series: [] })
  }),
  actionRoute('GET', `${FUNCTION}/metrics/totals`, 'hog_function:read', (call) => {
    findRecord(hogFunctions, call)
    return jsonResponse(200, { totals: {} })
  }),
]

async function rearrange(call: Call): Promise<Response> {
  const orders = Object.entries(readField('orders', object(), call.body) as JsonRecord)
  if (orders.length === 0) throw invalid('orders', 'No orders provided')
  const functions = collectionOf(call.state, hogFunctions.kind)
  const wanted = orders.map(([id, order]) => {
    const known = functions.get(id)
    if (known === undefined || known['deleted'] === true || known['type'] !== 'transformation') {
      throw notFound(`HogFunction with id ${id} does not exist or is not a transformation`)
    }
    return [known, Number(order)] as const
  })
  for (const [known, order] of wanted) {
    await changeRecord(hogFunctions, call, known, { execution_order: order })
  }
  const ordered = functions
    .all()
    .filter(({ type, deleted }) => type === 'transformation' && deleted !== true)
    .sort((a, b) => executionOrder(a) - executionOrder(b))
  const views = await Promise.all(ordered.map((record) => recordView(hogFunctions, call, record)))
  return jsonResponse(200, views)
}

// PostHog evaluates inputs in this order. The local PostHog does not compile their templates.
function withOrder(inputs: unknown): JsonRecord {
  const entries = Object.entries(isObject(inputs) ? inputs : {})
  return Object.fromEntries(
    entries.map(([name, input], order) => [
      name,
      { order, bytecode: [], transpiled: null, ...(isObject(input) ? input : { value: input }) },
    ]),
  )
}

function executionOrder({ execution_order: order }: StoredRecord): number {
  return typeof order === 'number' ? order : Number.POSITIVE_INFINITY
}

async function invoke(call: Call): Promise<Response> {
  const { id } = call.params
  const known = id === 'new' ? undefined : findRecord(hogFunctions, call)
  const { configuration, use_draft: useDraft, ...given } = readFields(INVOCATION, call.body)
  if (useDraft === true) throw invalid('use_draft', 'The local PostHog does not support tests of a draft.')
  if (configuration === undefined) throw requiredError('configuration')
  const base = known === undefined ? { id: '' } : await recordView(hogFunctions, call, known)
  const message = 'The local PostHog does not run Hog: nothing was executed.'
  const log = { timestamp: call.state.now().toISOString(), level: 'info', message }
  return jsonResponse(200, {
    ...given,
    configuration: { ...base, ...(isObject(configuration) ? configuration : {}) },
    status: 'skipped',
    logs: [log],
  })
}

async function enableBackfills(call: Call): Promise<Response> {
  const known = findRecord(hogFunctions, call)
  if (known['type'] !== 'destination') throw invalid(null, 'Backfills are only available for destinations')
  if (known['backfills'] === true) throw invalid(null, 'Backfills already enabled for this function')
  await changeRecord(hogFunctions, call, known, { backfills: true })
  return jsonResponse(200, { success: true })
}

/** The labels of a metrics chart: times from `after` to `before` in steps of `interval`. */
function metricLabels(url: URL, now: Date): string[] {
  const interval = url.searchParams.get('interval') ?? 'day'
  const step = STEP_MS[interval]
  if (step === undefined) throw invalid('interval', `"${interval}" is not a valid choice.`, 'invalid_choice')
  const from = parseTime(url.searchParams.get('after') ?? '-7d', now, 'after')
  const to = parseTime(url.searchParams.get('before') ?? now.toISOString(), now, 'before')
  const labels: string[] = []
  for (let at = Math.floor(from / step) * step; at <= to; at += step) labels.push(new Date(at).toISOString())
  return labels
}

function parseTime(text: string, now: Date, name: string): number {
  const relative = /^-(\d+)([hdw])$/.exec(text)
  if (relative !== null) return now.getTime() - Number(relative[1]) * (UNIT_MS[relative[2] ?? 'd'] ?? 0)
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw invalid(name, `Expected an ISO date or an offset such as -7d, got ${text}`)
  return time
}
