import { stringLiteral } from '../../engine/sql-values.ts'
import { invalid, notFound } from '../../http/api-error.ts'
import { keysetPage } from '../../http/cursor-page.ts'
import { jsonResponse } from '../../http/json.ts'
import { DEFAULT_PAGE_SIZE } from '../../http/page.ts'
import { requiredQuery } from '../../http/parameters.ts'
import type { Call, Route } from '../../http/route.ts'
import { activityPage, changesBetween, logActivity } from '../../store/activity.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { type Fields, integer, json, object, text } from '../../store/fields.ts'
import { readField, readFields } from '../../store/read-fields.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { readPersons } from '../persons/person-table.ts'
import { personViews } from '../persons/person-view.ts'
import { countValues } from '../properties/property-values.ts'
import {
  addGroup,
  findGroup,
  type GroupRecord,
  groupsOfType,
  groupTypesOf,
  setGroupProperties,
} from './groups.ts'

const ROOT = 'projects/:project/groups'
const READ = 'group:read'
const WRITE = 'group:write'
const NEW_GROUP: Fields = {
  group_type_index: integer({ required: true }),
  group_key: text({ required: true }),
  group_properties: object({ nullable: true }),
}
const PROPERTY: Fields = { key: text({ required: true }), value: json({ required: true }) }

/** Groups and group types. A group is identified by type and key; its id is not public. */
export const groupRoutes: readonly Route[] = [
  {
    path: ROOT,
    throttle: 'default',
    methods: {
      GET: { scope: READ, handle: listGroups },
      POST: { scope: WRITE, handle: createGroup },
    },
  },
  actionRoute('GET', `${ROOT}/find`, READ, (call) =>
    jsonResponse(200, groupView(requestedGroup(call, 'group_key'))),
  ),
  actionRoute('POST', `${ROOT}/update_property`, WRITE, updateProperty),
  actionRoute('POST', `${ROOT}/delete_property`, WRITE, deleteProperty),
  actionRoute('GET', `${ROOT}/related`, READ, listRelated),
  actionRoute('GET', `${ROOT}/property_definitions`, READ, listPropertyNames),
  actionRoute('GET', `${ROOT}/property_values`, READ, listPropertyValues),
  actionRoute('GET', `${ROOT}/activity`, 'activity_log:read', (call) =>
    activityPage(call, 'Group', activityId(requestedGroup(call, 'id'))),
  ),
  actionRoute('GET', 'projects/:project/groups_types', READ, ({ state }) =>
    jsonResponse(
      200,
      groupTypesOf(state).map(({ id, ...type }) => ({
        ...type,
        name_singular: null,
        name_plural: null,
        detail_dashboard: null,
        default_columns: null,
        created_at: state.startedAt.toISOString(),
      })),
    ),
  ),
]

// PostHog paginates groups by cursor, 100 per page, and ignores `limit`.
function listGroups(call: Call): Response {
  const { state, url } = call
  const search = url.searchParams.get('search')?.toLowerCase() ?? ''
  const found = groupsOfType(state, typeIndex(call)).filter(({ group_key, group_properties }) =>
    `${group_key} ${JSON.stringify(group_properties)}`.toLowerCase().includes(search),
  )
  const numbered = found.map((group) => ({ number: group.id, group }))
  const page = keysetPage(numbered, url, Math.min(DEFAULT_PAGE_SIZE, state.pageSize))
  if (page === undefined) throw notFound('Invalid cursor')
  return jsonResponse(200, { ...page, results: page.results.map(({ group }) => groupView(group)) })
}

async function createGroup({ state, body }: Call): Promise<Response> {
  const { group_type_index, group_key, group_properties } = readFields(NEW_GROUP, body)
  const [index, key] = [Number(group_type_index), String(group_key)]
  if (!groupTypesOf(state).some((type) => type.group_type_index === index)) {
    throw invalid('group_type_index', 'There is no group type with this index.')
  }
  if (findGroup(state, index, key) !== undefined) {
    throw invalid('detail', 'A group with this key already exists', 'unique')
  }
  const group = addGroup(state, index, key, (group_properties ?? {}) as JsonRecord)
  logActivity(state, { scope: 'Group', item: activityId(group), activity: 'create_group', name: key })
  await state.persist()
  return jsonResponse(201, groupView(group))
}

function updateProperty(call: Call): Promise<Response> {
  const { key, value } = readFields(PROPERTY, call.body)
  return changeProperties(call, 'update_property', (before) => ({ ...before, [String(key)]: value }))
}

function deleteProperty(call: Call): Promise<Response> {
  const key = readField('$unset', text(), call.body)
  return changeProperties(call, 'delete_property', (before) =>
    Object.fromEntries(Object.entries(before).filter(([name]) => name !== key)),
  )
}

async function changeProperties(
  call: Call,
  activity: string,
  change: (before: JsonRecord) => JsonRecord,
): Promise<Response> {
  const before = requestedGroup(call, 'group_key')
  const group_properties = change(before.group_properties)
  const group = setGroupProperties(call.state, before, group_properties)
  const changes = changesBetween('Group', before, { group_properties })
  logActivity(call.state, {
    scope: 'Group',
    item: activityId(group),
    activity,
    name: group.group_key,
    changes,
  })
  await call.state.persist()
  return jsonResponse(200, groupView(group))
}

/** The property names of each group type, the most frequent first. */
function listPropertyNames({ state }: Call): Response {
  const byType = groupTypesOf(state).map(({ group_type_index: index }) => {
    const names = groupsOfType(state, index).flatMap((group) => Object.keys(group.group_properties))
    return [String(index), countValues(names, null)] as const
  })
  return jsonResponse(200, Object.fromEntries(byType.filter(([, names]) => names.length > 0)))
}

function listPropertyValues(call: Call): Response {
  const index = typeIndex(call)
  const key = requiredQuery(call.url, 'key')
  const values = groupsOfType(call.state, index).map((group) => group.group_properties[key])
  return jsonResponse(200, countValues(values, call.url.searchParams.get('value')))
}

/** Persons and other groups that share events with a group. */
async function listRelated(call: Call): Promise<Response> {
  const { state, url } = call
  const key = requiredQuery(url, 'id')
  const index = typeIndex(call)
  if (!state.engine.available) return jsonResponse(200, [])
  const property = (at: number): string => `JSONExtractString(properties, ${stringLiteral(`$group_${at}`)})`
  const others = groupTypesOf(state)
    .map((type) => type.group_type_index)
    .filter((other) => other !== index)
  const columns = ['toString(person_id)', ...others.map(property)].join(', ')
  const { rows } = await state.engine.query(
    `SELECT DISTINCT ${columns} FROM ${state.engine.database}.events WHERE ${property(index)} = {key:String}`,
    { key },
  )
  const persons = await readPersons(
    state,
    rows.map(([person]) => String(person)),
  )
  const groups = others.flatMap((other, at) => {
    const keys = new Set(rows.map((row) => String(row[at + 1])))
    return [...keys].flatMap((name) => findGroup(state, other, name) ?? [])
  })
  return jsonResponse(200, [
    ...(await personViews(state, persons)).map((view) => ({ ...view, type: 'person', id: view.uuid })),
    ...groups.map((group) => ({ ...groupView(group), type: 'group', id: group.group_key })),
  ])
}

function groupView({ id, ...group }: GroupRecord): JsonRecord {
  return group
}

function requestedGroup(call: Call, keyParameter: string): GroupRecord {
  const group = findGroup(call.state, typeIndex(call), requiredQuery(call.url, keyParameter))
  if (group === undefined) throw notFound()
  return group
}

function typeIndex({ url }: Call): number {
  const given = requiredQuery(url, 'group_type_index')
  if (!/^\d+$/.test(given)) throw invalid('group_type_index', 'A valid integer is required.')
  return Number(given)
}

function activityId(group: GroupRecord): string {
  return `${group.group_type_index}/${group.group_key}`
}
