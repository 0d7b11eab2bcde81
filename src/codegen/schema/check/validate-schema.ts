import { isObject } from '../walk/is-object.ts'
import { appendPointer } from '../walk/json-pointer.ts'
import { schemaListKeys, schemaMapKeys, singleSchemaKeys } from '../walk/schemas.ts'
import type { Refuse } from './validate-shape.ts'

const textKeys: readonly string[] = ['$ref', 'format', 'pattern']
const listKeys: readonly string[] = ['enum', 'required']

/**
 * Proves that a schema and all schemas inside it are objects or booleans, with lists, maps and texts where they
 * belong.
 */
export function validateSchema(value: unknown, pointer: string, refuse: Refuse): void {
  if (typeof value === 'boolean') return
  if (!isObject(value)) refuse(pointer, 'A schema must be an object, true or false.')
  for (const key of textKeys) {
    if (value[key] !== undefined && typeof value[key] !== 'string')
      refuse(`${pointer}/${key}`, 'A text was expected here.')
  }
  for (const key of listKeys) {
    if (value[key] !== undefined && !Array.isArray(value[key]))
      refuse(`${pointer}/${key}`, 'A list was expected here.')
  }
  validateType(value['type'], `${pointer}/type`, refuse)
  validateDiscriminator(value['discriminator'], `${pointer}/discriminator`, refuse)
  for (const key of singleSchemaKeys) {
    if (value[key] !== undefined) validateSchema(value[key], `${pointer}/${key}`, refuse)
  }
  for (const key of schemaListKeys) {
    const members = value[key]
    if (members === undefined) continue
    if (!Array.isArray(members)) refuse(`${pointer}/${key}`, 'A list of schemas was expected here.')
    for (const [index, member] of members.entries()) {
      if (typeof member === 'boolean') members[index] = member ? {} : { not: {} }
      validateSchema(members[index], `${pointer}/${key}/${index}`, refuse)
    }
  }
  for (const key of schemaMapKeys) {
    const map = value[key]
    if (map === undefined) continue
    if (!isObject(map)) refuse(`${pointer}/${key}`, 'A map of schemas was expected here.')
    for (const [name, member] of Object.entries(map)) {
      const place = appendPointer(`${pointer}/${key}`, name)
      if (typeof member === 'boolean') map[name] = member ? {} : { not: {} }
      validateSchema(map[name], place, refuse)
    }
  }
}

function validateType(type: unknown, pointer: string, refuse: Refuse): void {
  if (type === undefined || typeof type === 'string') return
  if (Array.isArray(type) && type.length > 0 && type.every((name) => typeof name === 'string')) return
  refuse(pointer, 'A type must be a text or a list of texts.')
}

function validateDiscriminator(value: unknown, pointer: string, refuse: Refuse): void {
  if (value === undefined) return
  if (!isObject(value) || typeof value['propertyName'] !== 'string') {
    refuse(pointer, 'A discriminator must name a property.')
  }
  const mapping = value['mapping'] ?? {}
  if (!isObject(mapping) || Object.values(mapping).some((target) => typeof target !== 'string')) {
    refuse(`${pointer}/mapping`, 'A mapping must lead from texts to texts.')
  }
}
