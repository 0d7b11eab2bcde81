import type { OpenApiDocument, SchemaObject } from '../document.ts'
import { referencedSchema } from '../walk/component-reference.ts'
import { isObject } from '../walk/is-object.ts'
import { appendPointer } from '../walk/json-pointer.ts'
import { resolveSchema } from '../walk/resolve-schema.ts'
import { type ChangeKind, gradeChange } from './grade-change.ts'
import { nullableView } from './nullable-view.ts'
import { pairMembers } from './pair-members.ts'
import type { Direction, SchemaChange } from './schema-change.ts'

/** Compares schemas of two documents; each pair of components is compared once per direction. */
export interface SchemaComparison {
  compare(older: SchemaObject, newer: SchemaObject, place: ComparedPlace): void
}

/** Where two schemas stand and which way their values travel. */
export interface ComparedPlace {
  readonly pointer: string
  readonly direction: Direction
  readonly operation: string
}

/** Sets up a comparison that hands each change to `report`. */
export function schemaComparison(
  older: OpenApiDocument,
  newer: OpenApiDocument,
  report: (change: SchemaChange) => void,
): SchemaComparison {
  const compared = new Set<string>()

  const tell = (kind: ChangeKind, place: ComparedPlace, message: string): void => {
    const { pointer, operation, direction } = place
    report({ grade: gradeChange(kind, direction), pointer, operation, message: `${message} (${direction})` })
  }

  const compare = (before: SchemaObject, after: SchemaObject, place: ComparedPlace): void => {
    const old = nullableView(before)
    const fresh = nullableView(after)
    if (!old.nullable && fresh.nullable) tell('became-nullable', place, 'may be null now')
    if (old.nullable && !fresh.nullable) tell('stopped-nullable', place, 'may no longer be null')
    const oldName = referencedSchema(old.core.$ref)
    const newName = referencedSchema(fresh.core.$ref)
    if (oldName === undefined && newName === undefined) {
      compareValues(old.core, fresh.core, place)
      return
    }
    // A recursive schema meets its own pair again; what it says there has been said.
    const pair = `${place.direction} ${oldName ?? place.pointer} ${newName ?? place.pointer}`
    if (compared.has(pair)) return
    compared.add(pair)
    const inside = newName === undefined ? place.pointer : appendPointer('/components/schemas', newName)
    const oldTarget = resolveSchema(older, old.core)
    const newTarget = resolveSchema(newer, fresh.core)
    if (oldTarget.$ref !== undefined || newTarget.$ref !== undefined) return
    if (nullableView(oldTarget).nullable || nullableView(newTarget).nullable) {
      compare(oldTarget, newTarget, { ...place, pointer: inside })
    } else compareValues(oldTarget, newTarget, { ...place, pointer: inside })
  }

  const compareValues = (before: SchemaObject, after: SchemaObject, place: ComparedPlace): void => {
    if (isUnknown(before) || isUnknown(after)) {
      if (!isUnknown(before)) tell('type-lost', place, 'its type is no longer described')
      else if (!isUnknown(after)) tell('type-told', place, `is described as ${typeText(after)} now`)
      return
    }
    const oldMembers = before.anyOf ?? before.oneOf
    const newMembers = after.anyOf ?? after.oneOf
    if (oldMembers !== undefined || newMembers !== undefined) {
      compareUnions(oldMembers ?? [before], newMembers ?? [after], place)
      return
    }
    const change = typeChange(typesOf(before), typesOf(after), place.direction)
    if (change) {
      tell('type-changed', place, `was ${typeText(before)} and is ${typeText(after)}`)
      return
    }
    compareConstants(before, after, place)
    if (before['x-typehog-format'] !== after['x-typehog-format'] || before.format !== after.format) {
      tell('format-changed', place, `its format was ${formatText(before)} and is ${formatText(after)}`)
    }
    compareProperties(before, after, place)
    compareAdditional(before, after, place)
    if (before.items !== undefined && after.items !== undefined) {
      compare(before.items, after.items, { ...place, pointer: `${place.pointer}/items` })
    }
    for (const [index, member] of (before.allOf ?? []).entries()) {
      const partner = after.allOf?.[index]
      if (partner !== undefined)
        compare(member, partner, { ...place, pointer: `${place.pointer}/allOf/${index}` })
    }
  }

  const compareUnions = (
    before: readonly SchemaObject[],
    after: readonly SchemaObject[],
    place: ComparedPlace,
  ): void => {
    const paired = pairMembers({ document: older, members: before }, { document: newer, members: after })
    for (const member of paired.removed)
      tell('member-removed', place, `can no longer be ${nameOf(older, member)}`)
    for (const member of paired.added) tell('member-added', place, `can be ${nameOf(newer, member)} now`)
    for (const [index, [old, fresh]] of paired.pairs.entries()) {
      compare(old, fresh, { ...place, pointer: `${place.pointer}/anyOf/${index}` })
    }
  }

  const compareConstants = (before: SchemaObject, after: SchemaObject, place: ComparedPlace): void => {
    const old = valuesOf(before)
    const fresh = valuesOf(after)
    if (old === undefined && fresh === undefined) return
    if (old === undefined || fresh === undefined) {
      if (fresh === undefined) tell('values-added', place, 'takes any value of its type now')
      else tell('values-removed', place, `takes only ${listed(fresh)} now`)
      return
    }
    const gone = old.filter((value) => !fresh.includes(value))
    const extra = fresh.filter((value) => !old.includes(value))
    if (gone.length > 0) tell('values-removed', place, `no longer takes ${listed(gone)}`)
    if (extra.length > 0) tell('values-added', place, `takes ${listed(extra)} as well`)
  }

  const compareProperties = (before: SchemaObject, after: SchemaObject, place: ComparedPlace): void => {
    const old = visibleProperties(before, place.direction)
    const fresh = visibleProperties(after, place.direction)
    for (const [name, property] of old) {
      const partner = fresh.get(name)
      const at = { ...place, pointer: appendPointer(`${place.pointer}/properties`, name) }
      if (partner === undefined) {
        tell('property-removed', at, 'is gone')
        continue
      }
      const was = before.required?.includes(name) ?? false
      const is = after.required?.includes(name) ?? false
      if (!was && is) tell('became-required', at, 'is always there now')
      if (was && !is) tell('became-optional', at, 'may be left out now')
      compare(property, partner, at)
    }
    for (const name of fresh.keys()) {
      if (old.has(name)) continue
      const at = { ...place, pointer: appendPointer(`${place.pointer}/properties`, name) }
      const required = after.required?.includes(name) ?? false
      if (required && place.direction === 'request') tell('became-required', at, 'is new and required')
      else tell('property-added', at, 'is new')
    }
  }

  const compareAdditional = (before: SchemaObject, after: SchemaObject, place: ComparedPlace): void => {
    const old = before.additionalProperties ?? true
    const fresh = after.additionalProperties ?? true
    if (old !== false && fresh === false) tell('closed', place, 'takes no further keys now')
    if (old === false && fresh !== false) tell('opened', place, 'takes further keys now')
    if (isObject(old) && isObject(fresh)) {
      compare(old, fresh, { ...place, pointer: `${place.pointer}/additionalProperties` })
    }
  }

  return { compare }
}

/** Keys that say something about a value; a schema without any of them takes everything. */
const valueKeys: readonly string[] = [
  '$ref',
  'type',
  'const',
  'enum',
  'properties',
  'items',
  'additionalProperties',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
]

function isUnknown(schema: SchemaObject): boolean {
  return valueKeys.every((key) => schema[key] === undefined)
}

/** Integer and number are one type in JavaScript, and the server itself mixes them up. */
function typesOf(schema: SchemaObject): ReadonlySet<string> {
  const listed = schema.type ?? (schema.properties === undefined ? [] : 'object')
  const types = Array.isArray(listed) ? listed : [listed]
  return new Set(types.map((type) => (type === 'integer' ? 'number' : type)))
}

function typeChange(old: ReadonlySet<string>, fresh: ReadonlySet<string>, direction: Direction): boolean {
  if (old.size === 0 || fresh.size === 0) return false
  const [inner, outer] = direction === 'request' ? [old, fresh] : [fresh, old]
  return [...inner].some((type) => !outer.has(type))
}

function valuesOf(schema: SchemaObject): string[] | undefined {
  if (schema.const !== undefined) return [JSON.stringify(schema.const)]
  return schema.enum?.map((value) => JSON.stringify(value))
}

function visibleProperties(schema: SchemaObject, direction: Direction): Map<string, SchemaObject> {
  const hidden = direction === 'request' ? 'readOnly' : 'writeOnly'
  return new Map(Object.entries(schema.properties ?? {}).filter(([, property]) => property[hidden] !== true))
}

function nameOf(document: OpenApiDocument, schema: SchemaObject): string {
  const resolved = resolveSchema(document, schema)
  const internal = resolved['x-typehog-internal'] === true
  return (internal ? undefined : referencedSchema(schema.$ref)) ?? typeText(resolved)
}

function typeText(schema: SchemaObject): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.type !== undefined) return Array.isArray(schema.type) ? schema.type.join(' or ') : schema.type
  return schema.properties === undefined ? 'a union' : 'object'
}

function formatText(schema: SchemaObject): string {
  return String(schema['x-typehog-format'] ?? schema.format ?? 'not told')
}

/** Values that are named before the rest is only counted. */
const shownValues = 6

function listed(values: readonly string[]): string {
  const more = values.length - shownValues
  return values.slice(0, shownValues).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
