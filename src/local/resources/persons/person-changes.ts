import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { logActivity } from '../../store/activity.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { type Fields, json, object, text, texts } from '../../store/fields.ts'
import { readField, readFields } from '../../store/read-fields.ts'
import { personInPath } from './person-lists.ts'
import { addPersons, distinctIdsOf, moveDistinctIds, type PersonRow, savePerson } from './person-table.ts'
import { personViews } from './person-view.ts'

const PROPERTY: Fields = { key: text({ required: true }), value: json({ required: true }) }
const SPLIT: Fields = { main_distinct_id: json(), distinct_ids_to_split: texts({ nullable: true }) }

/** PATCH: sets the properties that are given and leaves the others. */
export async function patchPerson(call: Call): Promise<Response> {
  const properties = readField('properties', object(), call.body) as JsonRecord
  const person = await change(call, (before) => ({ ...before, ...properties }), 'updated')
  const [view] = await personViews(call.world, [person])
  return jsonResponse(202, view)
}

/** POST a property to set. */
export async function updateProperty(call: Call): Promise<Response> {
  const { key, value } = readFields(PROPERTY, call.body)
  await change(call, (before) => ({ ...before, [String(key)]: value }), 'updated')
  return new Response(null, { status: 202 })
}

/** POST a property to remove. */
export async function deleteProperty(call: Call): Promise<Response> {
  const key = readField('$unset', text(), call.body)
  await change(
    call,
    (before) => Object.fromEntries(Object.entries(before).filter(([name]) => name !== key)),
    'delete_property',
  )
  return jsonResponse(201, { success: true })
}

async function change(
  call: Call,
  make: (before: PersonRow['properties']) => Record<string, unknown>,
  activity: string,
): Promise<PersonRow> {
  const { world } = call
  const after = await world.withTableLock(async () => {
    const before = await personInPath(call)
    const person = { ...before, properties: make(before.properties) }
    await savePerson(world, person)
    return person
  })
  logActivity(world, {
    scope: 'Person',
    item: after.uuid,
    activity,
    name: after.uuid,
    changes: [{ type: 'Person', action: 'changed', field: 'properties', before: null, after: null }],
  })
  await world.persist()
  return after
}

/** POST: every distinct id but the one to keep, or just the ones named, becomes a person of its own. */
export async function splitPerson(call: Call): Promise<Response> {
  const { world } = call
  const { main_distinct_id: main, distinct_ids_to_split: listed } = readFields(SPLIT, call.body)
  const named = Array.isArray(listed) ? listed.map(String) : undefined
  if (named !== undefined && main !== undefined && main !== null) {
    throw invalid(null, 'main_distinct_id cannot be combined with distinct_ids_to_split')
  }
  const person = await world.withTableLock(async () => {
    const whole = await personInPath(call)
    const ids = (await distinctIdsOf(world, [whole.uuid])).get(whole.uuid) ?? []
    const unknown = named?.find((id) => !ids.includes(id))
    if (unknown !== undefined) throw invalid('distinct_ids_to_split', `not on this person: ${unknown}`)
    const kept = typeof main === 'string' ? main : ids[0]
    for (const id of named ?? ids.filter((candidate) => candidate !== kept)) {
      const part = { ...whole, uuid: crypto.randomUUID(), properties: {}, isIdentified: false }
      await addPersons(world, [part])
      await moveDistinctIds(world, [id], part.uuid)
    }
    return whole
  })
  logActivity(world, {
    scope: 'Person',
    item: person.uuid,
    activity: 'split_person',
    name: person.uuid,
  })
  await world.persist()
  return jsonResponse(201, { success: true })
}
