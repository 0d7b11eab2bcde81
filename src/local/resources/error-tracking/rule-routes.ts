import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Action, Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { choice, type Field, integer, json, number, object, text } from '../../store/fields.ts'
import { type BodyMode, readField } from '../../store/read-fields.ts'
import { listRecords, recordView, updateRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { filtersIn } from '../properties/property-filter.ts'
import { readAssignee } from './issues.ts'

const ASSIGNEE: Field = json({ writeOnly: true })
const ROOT = 'projects/:project/error_tracking'

const assignment = rules('assignment_rules', {
  filters: object({ required: true }),
  assignee: json({ required: true, writeOnly: true }),
})
const grouping = rules('grouping_rules', {
  filters: object({ required: true }),
  assignee: ASSIGNEE,
  description: text({ nullable: true, blank: true }),
})
const suppression = rules('suppression_rules', {
  filters: object({ default: { type: 'AND', values: [] } }),
  sampling_rate: number({ default: 1 }),
})

const severity = rules('severity_rules', {
  severity: choice(['low', 'medium', 'high', 'critical'], { required: true }),
  filters: object({ required: true }),
  order_key: integer({ default: 0 }),
})
const bypass = rules('bypass_rules', { filters: object({ required: true }) })

/** Rules that assign, group and suppress errors, set their severity, and exempt them from rate limits. */
export const ruleRoutes: readonly Route[] = [assignment, grouping, suppression, severity, bypass].flatMap(
  (resource) => [
    actionRoute('PATCH', `${resource.path}/reorder`, 'error_tracking:write', (call) =>
      reorder(resource, call),
    ),
    ...resourceRoutes(resource).map((route) => withSpecialResponses(resource, route)),
  ],
)

function rules(name: string, fields: Resource['fields']): Resource {
  const check = ({ state }: Call, values: JsonRecord): JsonRecord => {
    const rate = values['sampling_rate']
    if (typeof rate === 'number' && rate < 0) {
      throw invalid('sampling_rate', 'Ensure this value is greater than or equal to 0.0.', 'min_value')
    }
    if (typeof rate === 'number' && rate > 1) {
      throw invalid('sampling_rate', 'Ensure this value is less than or equal to 1.0.', 'max_value')
    }
    const filters = values['filters']
    if (name === 'bypass_rules' && filters !== undefined && filtersIn(filters).length === 0) {
      throw invalid('filters', 'A bypass rule must have at least one filter.')
    }
    return values['assignee'] === undefined ? {} : { assignee: readAssignee(state, values['assignee']) }
  }
  const resource: Resource = {
    kind: { name: `error_tracking_${name}`, ids: 'uuid' },
    path: `${ROOT}/${name}`,
    object: 'error_tracking',
    fields,
    systemFields: ['created_at', 'updated_at'],
    deletion: 'hard',
    filter: (_, records) => [...records].sort((a, b) => orderOf(a) - orderOf(b)),
    prepareCreate: (call, values) => ({
      ...check(call, values),
      disabled_data: null,
      order_key: values['order_key'] ?? nextOrder(call, resource),
    }),
    prepareUpdate: (call, _, values) => ({ ...check(call, values), disabled_data: null }),
    view: (_, rule) => ({
      order_key: orderOf(rule),
      disabled_data: rule['disabled_data'],
      ...('assignee' in fields ? { assignee: rule['assignee'] ?? null } : {}),
      ...(name === 'grouping_rules' ? { issue: null } : {}),
    }),
  }
  return resource
}

function nextOrder({ state }: Call, resource: Resource): number {
  return collectionOf(state, resource.kind)
    .all()
    .reduce((next, rule) => Math.max(next, orderOf(rule) + 1), 0)
}

function orderOf(rule: StoredRecord): number {
  return Number(rule['order_key'])
}

// PostHog lists grouping and severity rules without pages, and responds to a change with 204, except of grouping rules.
function withSpecialResponses(resource: Resource, route: Route): Route {
  const { GET, PATCH } = route.methods
  const isList = route.path === resource.path
  if ((resource === grouping || resource === severity) && isList && GET !== undefined) {
    const handle = async (call: Call): Promise<Response> => {
      const views = listRecords(resource, call).map((rule) => recordView(resource, call, rule, true))
      return jsonResponse(200, { results: await Promise.all(views) })
    }
    return { ...route, methods: { ...route.methods, GET: { ...GET, handle } } }
  }
  if (resource === grouping || isList || PATCH === undefined) return route
  const update = (mode: BodyMode): Action => ({
    ...PATCH,
    handle: async (call) => {
      await updateRecord(resource, call, mode)
      return new Response(null, { status: 204 })
    },
  })
  return { ...route, methods: { ...route.methods, PATCH: update('change'), PUT: update('replace') } }
}

async function reorder(resource: Resource, call: Call): Promise<Response> {
  const orders = readField('orders', object(), call.body) as JsonRecord
  const stored = collectionOf(call.state, resource.kind)
  for (const [id, order] of Object.entries(orders)) {
    if (stored.get(id) !== undefined) stored.change(id, { order_key: Number(order) })
  }
  await call.state.persist()
  return new Response(null, { status: 204 })
}
