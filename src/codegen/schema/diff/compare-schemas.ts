import { isObject } from '../../../shared/is-object.ts'
import type { OpenApiDocument, SchemaObject } from '../document.ts'
import { appendPointer } from '../walk/json-pointer.ts'
import { referencedSchema, resolveSchema } from '../walk/references.ts'
import { nullableView, pairMembers } from './pair-members.ts'
import { type ChangeKind, type Direction, gradeChange, type SchemaChange } from './schema-change.ts'

/** Compares schemas of two documents. It compares each pair of components once per direction. */
export interface SchemaComparison {
  compare(older: SchemaObject, newer: SchemaObject, place: ComparedPlace): void
}

/** The place of two compared schemas, and the direction of their values. */
export interface ComparedPlace {
  readonly pointer: string
  readonly direction: Direction
  readonly operation: string
}

/** Creates a comparison that passes each change to `onChange`. */
export function schemaComparison(
  older: OpenApiDocument,
  newer: OpenApiDocument,
  onChange: (change: SchemaChange) => void,
): SchemaComparison {
  const compared = new Set<string>()

  const report = (kind: ChangeKind, place: ComparedPlace, message: string): void => {
    const { pointer, operation, direction } = place
    onChange({
      grade: gradeChange(kind, direction),
      pointer,
      operation,
      message: `${message} (${direction})`,
    })
  }

  const compare = (before: SchemaObject, after: SchemaObject, place: ComparedPlace): void => {
    const old = nullableView(before)
    const fresh = nullableView(after)
    if (!old.nullable && fresh.nullable) report('became-nullable', place, 'is now nullable')
    if (old.nullable && !fresh.nullable) report('stopped-nullable', place, 'is no longer nullable')
    const oldName = referencedSchema(old.core.$ref)
    const newName = referencedSchema(fresh.core.$ref)
    if (oldName === undefined && newName === undefined) {
      compareValues(old.core, fresh.core, place)
      return
    }
    // A recursive schema reaches its own pair again.
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
      if (!isUnknown(before)) report('type-lost', place, 'the type is no longer described')
      else if (!isUnknown(after)) report('type-described', place, `is now described as ${typeText(after)}`)
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
      report('type-changed', place, `changed from ${typeText(before)} to ${typeText(after)}`)
      return
    }
    compareConstants(before, after, place)
    if (before['x-typehog-format'] !== after['x-typehog-format'] || before.format !== after.format) {
      report('format-changed', place, `the format changed from ${formatText(before)} to ${formatText(after)}`)
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
      report('member-removed', place, `can no longer be ${nameOf(older, member)}`)
    for (const member of paired.added) report('member-added', place, `can now be ${nameOf(newer, member)}`)
    for (const [index, [old, fresh]] of paired.pairs.entries()) {
      compare(old, fresh, { ...place, pointer: `${place.pointer}/anyOf/${index}` })
    }
  }

  const compareConstants = (before: SchemaObject, after: SchemaObject, place: ComparedPlace): void => {
    const old = valuesOf(before)
    const fresh = valuesOf(after)
    if (old === undefined && fresh === undefined) return
    if (old === undefined || fresh === undefined) {
      if (fresh === undefined) report('values-added', place, 'now accepts any value of its type')
      else report('values-removed', place, `now accepts only ${listed(fresh)}`)
      return
    }
    const removed = old.filter((value) => !fresh.includes(value))
    const added = fresh.filter((value) => !old.includes(value))
    if (removed.length > 0) report('values-removed', place, `no longer accepts ${listed(removed)}`)
    if (added.length > 0) report('values-added', place, `also accepts ${listed(added)}`)
  }

  const compareProperties = (before: SchemaObject, after: SchemaObject, place: ComparedPlace): void => {
    const old = visibleProperties(before, place.direction)
    const fresh = visibleProperties(after, place.direction)
    for (const [name, property] of old) {
      const partner = fresh.get(name)
      const at = { ...place, pointer: appendPointer(`${place.pointer}/properties`, name) }
      if (partner === undefined) {
        report('property-removed', at, 'was removed')
        continue
      }
      const was = before.required?.includes(name) ?? false
      const is = after.required?.includes(name) ?? false
      const inRequest = place.direction === 'request'
      if (!was && is) report('became-required', at, inRequest ? 'is now required' : 'is now always present')
      if (was && !is) report('became-optional', at, 'is now optional')
      compare(property, partner, at)
    }
    for (const name of fresh.keys()) {
      if (old.has(name)) continue
      const at = { ...place, pointer: appendPointer(`${place.pointer}/properties`, name) }
      const required = after.required?.includes(name) ?? false
      if (required && place.direction === 'request') report('became-required', at, 'is new and required')
      else report('property-added', at, 'is new')
    }
  }

  const compareAdditional = (before: SchemaObject, after: SchemaObject, place: ComparedPlace): void => {
    const old = before.additionalProperties ?? true
    const fresh = after.additionalProperties ?? true
    if (old !== false && fresh === false) report('closed', place, 'no longer accepts additional keys')
    if (old === false && fresh !== false) report('opened', place, 'now accepts additional keys')
    if (isObject(old) && isObject(fresh)) {
      compare(old, fresh, { ...place, pointer: `${place.pointer}/additionalProperties` })
    }
  }

  return { compare }
}

/** Keys that constrain a value. A schema without any of them accepts everything. */
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

/** Integer and number are one type in JavaScript, and PostHog uses both for the same values. */
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
  return String(schema['x-typehog-format'] ?? schema.format ?? 'unknown')
}

/** Maximum number of values to list; the rest is counted. */
const maxListedValues = 6

function listed(values: readonly string[]): string {
  const more = values.length - maxListedValues
  return values.slice(0, maxListedValues).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
