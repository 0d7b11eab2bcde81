import { stringLiteral } from '../../hogql/write-token.ts'
import { invalid, notFound } from '../../http/api-error.ts'
import { fieldsOf, requiredField, requiredQuery, requiredText } from '../../http/fields.ts'
import { isObject, jsonResponse } from '../../http/json.ts'
import { DEFAULT_PAGE_SIZE } from '../../http/page.ts'
import type { Call } from '../../http/route.ts'
import { changesBetween, noteActivity } from '../activity/activity-log.ts'
import { activityPage } from '../activity/activity-page.ts'
import { readPersons } from '../persons/person-table.ts'
import { personViews } from '../persons/person-view.ts'
import { countValues } from '../properties/value-counts.ts'
import { cursorPage } from './cursor-page.ts'
import type { GroupRecord } from './group-record.ts'
import { addGroup, findGroup } from './group-store.ts'

/** A group as the API shows it. */
function groupView({ number: _number, ...group }: GroupRecord): Record<string, unknown> {
  return group
}

function indexOf({ url }: Call): number {
  const text = requiredQuery(url, 'group_type_index')
  if (!/^\d+$/.test(text)) throw invalid('group_type_index', 'A valid integer is required.')
  return Number(text)
}

/** GET the groups of one kind, newest first, a hundred on a page whatever `limit` says. */
export function listGroups(call: Call): Response {
  const { world, url } = call
  const index = indexOf(call)
  const search = url.searchParams.get('search')?.toLowerCase() ?? ''
  const groups = world.data.stores.groups
    .filter((group) => group.group_type_index === index)
    .filter(({ group_key, group_properties }) =>
      `${group_key} ${JSON.stringify(group_properties)}`.toLowerCase().includes(search),
    )
  const page = cursorPage(groups, url, Math.min(DEFAULT_PAGE_SIZE, world.pageSize))
  if (page === undefined) throw notFound('Invalid cursor')
  return jsonResponse(200, { ...page, results: page.results.map(groupView) })
}

/** POST a new group. */
export async function postGroup({ world, project, body }: Call): Promise<Response> {
  const { stores } = world.data
  const fields = fieldsOf(body)
  const index = requiredField(fields, 'group_type_index')
  const key = requiredText(fields, 'group_key')
  if (!stores.groupTypes.some((type) => type.group_type_index === index)) {
    throw invalid('group_type_index', 'There is no group type with this index.')
  }
  if (findGroup(stores, Number(index), key) !== undefined) {
    throw invalid('detail', 'A group with this key already exists', 'unique')
  }
  const given = fields['group_properties'] ?? {}
  if (!isObject(given)) throw invalid('group_properties', 'Expected a dictionary of items.')
  const group = addGroup(stores, Number(index), key, given, world.now())
  noteActivity(world, { project, scope: 'Group', item: itemOf(group), activity: 'create_group', name: key })
  await world.persist()
  return jsonResponse(201, groupView(group))
}

function itemOf(group: GroupRecord): string {
  return `${group.group_type_index}/${group.group_key}`
}

function groupAsked(call: Call, parameter: string): GroupRecord {
  const group = findGroup(call.world.data.stores, indexOf(call), requiredQuery(call.url, parameter))
  if (group === undefined) throw notFound()
  return group
}

/** GET one by its key. */
export function getGroup(call: Call): Response {
  return jsonResponse(200, groupView(groupAsked(call, 'group_key')))
}

/** POST a property to set. */
export async function updateGroupProperty(call: Call): Promise<Response> {
  const fields = fieldsOf(call.body)
  const key = requiredText(fields, 'key')
  if (!('value' in fields)) throw invalid('value', 'This field is required.', 'required')
  return change(call, 'update_property', (before) => ({ ...before, [key]: fields['value'] }))
}

/** POST a property to remove. */
export async function deleteGroupProperty(call: Call): Promise<Response> {
  const key = requiredText(fieldsOf(call.body), '$unset')
  return change(call, 'delete_property', (before) =>
    Object.fromEntries(Object.entries(before).filter(([name]) => name !== key)),
  )
}

async function change(
  call: Call,
  activity: string,
  make: (before: GroupRecord['group_properties']) => Record<string, unknown>,
): Promise<Response> {
  const group = groupAsked(call, 'group_key')
  const before = { ...group }
  group.group_properties = make(before.group_properties)
  noteActivity(call.world, {
    project: call.project,
    scope: 'Group',
    item: itemOf(group),
    activity,
    name: group.group_key,
    changes: changesBetween('Group', before, group, ['group_properties']),
  })
  await call.world.persist()
  return jsonResponse(200, groupView(group))
}

/** GET the activity of one. */
export function groupActivity(call: Call): Response {
  return activityPage(call, 'Group', itemOf(groupAsked(call, 'id')))
}

/** GET the names of properties by kind of group, the most frequent first. */
export function groupPropertyNames({ world }: Call): Response {
  const { groups, groupTypes } = world.data.stores
  const byType = groupTypes.map(({ group_type_index: index }) => {
    const names = groups
      .filter((group) => group.group_type_index === index)
      .flatMap((group) => Object.keys(group.group_properties))
    return [String(index), countValues(names, null)] as const
  })
  return jsonResponse(200, Object.fromEntries(byType.filter(([, names]) => names.length > 0)))
}

/** GET the values of one property. */
export function groupPropertyValues(call: Call): Response {
  const index = indexOf(call)
  const key = requiredQuery(call.url, 'key')
  const values = call.world.data.stores.groups
    .filter((group) => group.group_type_index === index)
    .map((group) => group.group_properties[key])
  return jsonResponse(200, countValues(values, call.url.searchParams.get('value')))
}

/** GET persons and other groups that share events with a group, or with a person. */
export async function relatedToGroup(call: Call): Promise<Response> {
  const { world, url } = call
  const key = requiredQuery(url, 'id')
  const index = indexOf(call)
  if (!world.engine.available) return jsonResponse(200, [])
  const property = (at: number): string => `JSONExtractString(properties, ${stringLiteral(`$group_${at}`)})`
  const others = world.data.stores.groupTypes
    .map((type) => type.group_type_index)
    .filter((other) => other !== index)
  const columns = ['toString(person_id)', ...others.map(property)].join(', ')
  const { rows } = await world.engine.query(
    `SELECT DISTINCT ${columns} FROM ${world.engine.database}.events WHERE ${property(index)} = {key:String}`,
    { key },
  )
  const persons = await readPersons(
    world,
    rows.map(([person]) => String(person)),
  )
  const groups = others.flatMap((other, at) =>
    [...new Set(rows.map((row) => String(row[at + 1])))].map((name) =>
      findGroup(world.data.stores, other, name),
    ),
  )
  return jsonResponse(200, [
    ...(await personViews(world, persons)).map((view) => ({ ...view, type: 'person', id: view.uuid })),
    ...groups
      .filter((group) => group !== undefined)
      .map((group) => ({ ...groupView(group), type: 'group', id: group.group_key })),
  ])
}
