import { isObject } from '../../../shared/is-object.ts'
import type { OpenApiDocument, SchemaObject } from '../document.ts'
import { appendPointer } from '../walk/json-pointer.ts'
import { referencedSchema, resolveSchema } from '../walk/references.ts'
import { nullableView, pairMembers } from './pair-members.ts'
import { type ChangeKind, type Direction, gradeChange, type SchemaChange } from './schema-change.ts'

/** The place of two compared schemas, and the direction of their values. */
export interface ComparedPlace {
  readonly pointer: string
  readonly direction: Direction
  readonly operation: string
}

/** Compares schemas of two documents. It compares each pair of components once per direction. */
export class SchemaComparison {
  readonly #older: OpenApiDocument
  readonly #newer: OpenApiDocument
  readonly #onChange: (change: SchemaChange) => void
  /** Keys of the compared pairs of components. */
  readonly #compared = new Set<string>()

  constructor(older: OpenApiDocument, newer: OpenApiDocument, onChange: (change: SchemaChange) => void) {
    this.#older = older
    this.#newer = newer
    this.#onChange = onChange
  }

  /** Compares two schemas and all nested schemas. */
  compare(before: SchemaObject, after: SchemaObject, place: ComparedPlace): void {
    const old = nullableView(before)
    const fresh = nullableView(after)
    if (!old.nullable && fresh.nullable) this.#report('became-nullable', place, 'is now nullable')
    if (old.nullable && !fresh.nullable) this.#report('stopped-nullable', place, 'is no longer nullable')
    const oldName = referencedSchema(old.core.$ref)
    const newName = referencedSchema(fresh.core.$ref)
    if (oldName === undefined && newName === undefined) {
      this.#compareValues(old.core, fresh.core, place)
      return
    }
    // A recursive schema reaches its own pair again.
    const pair = `${place.direction} ${oldName ?? place.pointer} ${newName ?? place.pointer}`
    if (this.#compared.has(pair)) return
    this.#compared.add(pair)
    const inside = newName === undefined ? place.pointer : appendPointer('/components/schemas', newName)
    const oldTarget = resolveSchema(this.#older, old.core)
    const newTarget = resolveSchema(this.#newer, fresh.core)
    if (oldTarget.$ref !== undefined || newTarget.$ref !== undefined) return
    if (nullableView(oldTarget).nullable || nullableView(newTarget).nullable) {
      this.compare(oldTarget, newTarget, { ...place, pointer: inside })
    } else this.#compareValues(oldTarget, newTarget, { ...place, pointer: inside })
  }

  #compareValues(before: SchemaObject, after: SchemaObject, place: ComparedPlace): void {
    if (isUnknown(before) || isUnknown(after)) {
      if (!isUnknown(before)) this.#report('type-lost', place, 'the type is no longer described')
      else if (!isUnknown(after))
        this.#report('type-described', place, `is now described as ${typeText(after)}`)
      return
    }
    const oldMembers = before.anyOf ?? before.oneOf
    const newMembers = after.anyOf ?? after.oneOf
    if (oldMembers !== undefined || newMembers !== undefined) {
      this.#compareUnions(oldMembers ?? [before], newMembers ?? [after], place)
      return
    }
    const change = typeChange(typesOf(before), typesOf(after), place.direction)
    if (change) {
      this.#report('type-changed', place, `changed from ${typeText(before)} to ${typeText(after)}`)
      return
    }
    this.#compareConstants(before, after, place)
    if (before['x-typehog-format'] !== after['x-typehog-format'] || before.format !== after.format) {
      this.#report(
        'format-changed',
        place,
        `the format changed from ${formatText(before)} to ${formatText(after)}`,
      )
    }
    this.#compareProperties(before, after, place)
    this.#compareAdditional(before, after, place)
    if (before.items !== undefined && after.items !== undefined) {
      this.compare(before.items, after.items, { ...place, pointer: `${place.pointer}/items` })
    }
    for (const [index, member] of (before.allOf ?? []).entries()) {
      const partner = after.allOf?.[index]
      if (partner !== undefined)
        this.compare(member, partner, { ...place, pointer: `${place.pointer}/allOf/${index}` })
    }
  }

  #compareUnions(
    before: readonly SchemaObject[],
    after: readonly SchemaObject[],
    place: ComparedPlace,
  ): void {
    const paired = pairMembers(
      { document: this.#older, members: before },
      { document: this.#newer, members: after },
    )
    for (const member of paired.removed)
      this.#report('member-removed', place, `can no longer be ${nameOf(this.#older, member)}`)
    for (const member of paired.added)
      this.#report('member-added', place, `can now be ${nameOf(this.#newer, member)}`)
    for (const [index, [old, fresh]] of paired.pairs.entries()) {
      this.compare(old, fresh, { ...place, pointer: `${place.pointer}/anyOf/${index}` })
    }
  }

  #compareConstants(before: SchemaObject, after: SchemaObject, place: ComparedPlace): void {
    const old = valuesOf(before)
    const fresh = valuesOf(after)
    if (old === undefined && fresh === undefined) return
    if (old === undefined || fresh === undefined) {
      if (fresh === undefined) this.#report('values-added', place, 'now accepts any value of its type')
      else this.#report('values-removed', place, `now accepts only ${listed(fresh)}`)
      return
    }
    const removed = old.filter((value) => !fresh.includes(value))
    const added = fresh.filter((value) => !old.includes(value))
    if (removed.length > 0) this.#report('values-removed', place, `no longer accepts ${listed(removed)}`)
    if (added.length > 0) this.#report('values-added', place, `also accepts ${listed(added)}`)
  }

  #compareProperties(before: SchemaObject, after: SchemaObject, place: ComparedPlace): void {
    const old = visibleProperties(before, place.direction)
    const fresh = visibleProperties(after, place.direction)
    for (const [name, property] of old) {
      const partner = fresh.get(name)
      const at = { ...place, pointer: appendPointer(`${place.pointer}/properties`, name) }
      if (partner === undefined) {
        this.#report('property-removed', at, 'was removed')
        continue
      }
      const wasRequired = before.required?.includes(name) ?? false
      const isRequired = after.required?.includes(name) ?? false
      const inRequest = place.direction === 'request'
      if (!wasRequired && isRequired)
        this.#report('became-required', at, inRequest ? 'is now required' : 'is now always present')
      if (wasRequired && !isRequired) this.#report('became-optional', at, 'is now optional')
      this.compare(property, partner, at)
    }
    for (const name of fresh.keys()) {
      if (old.has(name)) continue
      const at = { ...place, pointer: appendPointer(`${place.pointer}/properties`, name) }
      const required = after.required?.includes(name) ?? false
      if (required && place.direction === 'request')
        this.#report('became-required', at, 'is new and required')
      else this.#report('property-added', at, 'is new')
    }
  }

  #compareAdditional(before: SchemaObject, after: SchemaObject, place: ComparedPlace): void {
    const old = before.additionalProperties ?? true
    const fresh = after.additionalProperties ?? true
    if (old !== false && fresh === false) this.#report('closed', place, 'no longer accepts additional keys')
    if (old === false && fresh !== false) this.#report('opened', place, 'now accepts additional keys')
    if (isObject(old) && isObject(fresh)) {
      this.compare(old, fresh, { ...place, pointer: `${place.pointer}/additionalProperties` })
    }
  }

  #report(kind: ChangeKind, place: ComparedPlace, message: string): void {
    const { pointer, operation, direction } = place
    this.#onChange({
      grade: gradeChange(kind, direction),
      pointer,
      operation,
      message: `${message} (${direction})`,
    })
  }
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
