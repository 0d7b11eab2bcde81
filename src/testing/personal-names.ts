import { isSecretName } from '../runtime/observe/secrets.ts'
import { isObject } from '../shared/is-object.ts'

/** Fields, query parameters and columns that identify a person, a group or a device. */
const identities =
  /^(?:(?:\w+_)?e?mail(?:_address)?|(?:first|last|full|user|display|given|family)_?name|\$?(?:\w+_)?distinct_ids?(?:_\w+)?|person_(?:ids?|uuids?)|phone(?:_?number)?|\$?ip(?:_?address)?|\$?anon(?:ymous)?_?(?:distinct_)?ids?|\$?device_id|group_key|\$user_id)$/i

/** Fields that hold property values by name. */
const propertySets = /^(?:properties|(?:person|group|user|event)_properties|\$set|\$set_once|person_props)$/i

/** Types of property filters whose value is a property of a person, event or group. */
const filterTypes = ['person', 'event', 'group', 'session', 'recording', 'event_metadata', 'person_metadata']

/** Whether a field or query parameter holds a secret: a key, a token, a password or the signature of a URL. */
export function isSecretField(name: string): boolean {
  return isSecretName(name) || /(?:^|[_-])(?:token|secret|password|signature)$/i.test(name)
}

/** Whether a field identifies a person, a group or a device, such as `distinct_id` or `email`. */
export function isIdentity(name: string): boolean {
  return name.length <= 100 && identities.test(name)
}

/** Whether a column reads one property, such as `person.properties.plan`. */
export function isPropertyPath(column: string): boolean {
  return /^(?:\w+\.)?properties\.[\w$."`]+$/.test(column)
}

/** Whether a field holds property values, or identifies the person or user that its object describes. */
export function isPersonalIn(owner: Readonly<Record<string, unknown>>, name: string, item: unknown): boolean {
  if (propertySets.test(name)) return isObject(item) && !isFilterGroup(item) && !isSchema(owner)
  if (name === 'value') return isPropertyFilter(owner)
  if ('event' in owner) return false
  if (name === 'id') return 'distinct_ids' in owner || 'distinct_id' in owner
  return name === 'name' && ['distinct_ids', 'distinct_id', 'first_name', 'email'].some((key) => key in owner)
}

/** Whether a field holds values that a caller binds to a query or an endpoint. */
export function isBound(owner: Readonly<Record<string, unknown>>, name: string, item: unknown): boolean {
  if (name === 'values') return owner['kind'] === 'HogQLQuery'
  return (name === 'variables' || name === 'variables_override') && isObject(item)
}

function isPropertyFilter(owner: Readonly<Record<string, unknown>>): boolean {
  if (!('key' in owner) || !('operator' in owner || 'type' in owner)) return false
  return owner['type'] === undefined || filterTypes.includes(String(owner['type']))
}

/** `{ type: 'AND', values: […] }` holds filters. */
const isFilterGroup = (item: Readonly<Record<string, unknown>>): boolean => Array.isArray(item['values'])

/** `properties` of a JSON schema are names and types. */
const isSchema = (owner: Readonly<Record<string, unknown>>): boolean => owner['type'] === 'object'
