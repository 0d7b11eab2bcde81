import { isObject } from '../../../shared/is-object.ts'
import { byCodeUnit } from '../../source-text.ts'
import { type OpenApiDocument, operationsOf, type SchemaObject } from '../document.ts'
import { SchemaError } from '../schema-error.ts'
import { appendPointer, resolvePointer } from '../walk/json-pointer.ts'
import { referencedSchema, referencesOf } from '../walk/references.ts'

/** The kind of a finding. */
export type FindingCode =
  | 'missing-reference'
  | 'external-reference'
  | 'reference-cycle'
  | 'unsafe-name'
  | 'duplicate-operation-id'
  | 'colliding-names'
  | 'invalid-name'
  | 'reference-with-siblings'

/** A problem in a document. An `error` makes it unusable. Normalization rules fix a `warning`. */
export interface Finding {
  readonly level: 'error' | 'warning'
  readonly code: FindingCode
  readonly pointer: string
  readonly message: string
  readonly fix: string
}

/** Checks references and names. Returns all findings, sorted by pointer. */
export function checkDocument(document: OpenApiDocument): Finding[] {
  const findings = [
    ...checkReferences(document),
    ...checkOperationIds(document),
    ...checkComponentNames(document),
    ...checkUnsafeNames(document),
  ]
  return findings.sort((a, b) => byCodeUnit(a.pointer, b.pointer))
}

/**
 * Checks a document before it is normalized.
 *
 * @returns the warnings
 * @throws SchemaError for the first error
 */
export function assertUsable(document: OpenApiDocument, source: string): Finding[] {
  const findings = checkDocument(document)
  const errors = findings.filter((finding) => finding.level === 'error')
  const [first] = errors
  if (first === undefined) return findings
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`
  throw new SchemaError({
    source,
    place: first.pointer,
    problem: `${first.message}${more}`,
    fix: first.fix,
  })
}

/** Finds external, missing and cyclic references, and references with sibling keys. */
function checkReferences(document: OpenApiDocument): Finding[] {
  const findings: Finding[] = []
  const targets = new Map<string, boolean>()
  for (const { reference, pointer, holder } of referencesOf(document)) {
    if (!reference.startsWith('#')) {
      findings.push({
        level: 'error',
        code: 'external-reference',
        pointer,
        message: `The reference ${reference} points outside the document.`,
        fix: 'Bundle the document first. Typehog never fetches URLs found in a document.',
      })
      continue
    }
    const exists = targets.get(reference) ?? resolvePointer(document, reference) !== undefined
    targets.set(reference, exists)
    if (!exists) {
      findings.push({
        level: 'error',
        code: 'missing-reference',
        pointer,
        message: `The target of the reference ${reference} does not exist.`,
        fix: 'Download the document again: it may be truncated or filtered.',
      })
    }
    const siblings = Object.keys(holder).filter((key) => key !== '$ref')
    if (siblings.length > 0) {
      findings.push({
        level: 'warning',
        code: 'reference-with-siblings',
        pointer,
        message: `The reference has the sibling keys ${siblings.join(', ')}.`,
        fix: 'No action needed: they are interpreted as in OpenAPI 3.1.',
      })
    }
  }
  return [...findings, ...checkCycles(document.components?.schemas ?? {})]
}

/** Finds cycles of components that only refer to each other. Recursion through a property or item is valid. */
function checkCycles(schemas: Readonly<Record<string, SchemaObject>>): Finding[] {
  const findings: Finding[] = []
  const checked = new Set<string>()
  for (const start of Object.keys(schemas)) {
    const chain: string[] = []
    let name: string | undefined = start
    while (name !== undefined && !checked.has(name)) {
      if (chain.includes(name)) {
        findings.push({
          level: 'error',
          code: 'reference-cycle',
          pointer: appendPointer('/components/schemas', name),
          message: `The references ${[...chain.slice(chain.indexOf(name)), name].join(' -> ')} form a cycle without a schema.`,
          fix: 'Report it to the author of the document.',
        })
        break
      }
      chain.push(name)
      name = aliasTarget(schemas[name])
    }
    for (const visited of chain) checked.add(visited)
  }
  return findings
}

function aliasTarget(schema: SchemaObject | undefined): string | undefined {
  if (schema === undefined) return undefined
  const single = schema.allOf?.length === 1 ? schema.allOf[0] : undefined
  return referencedSchema(schema.$ref) ?? referencedSchema(single?.$ref)
}

function checkOperationIds(document: OpenApiDocument): Finding[] {
  const findings: Finding[] = []
  const first = new Map<string, string>()
  for (const { operation, pointer } of operationsOf(document)) {
    const id = operation.operationId
    if (typeof id !== 'string') continue
    const other = first.get(id)
    if (other === undefined) first.set(id, pointer)
    else {
      findings.push({
        level: 'warning',
        code: 'duplicate-operation-id',
        pointer,
        message: `The operation id ${id} is already used by ${other}.`,
        fix: 'No action needed: operations are named by method and path.',
      })
    }
  }
  return findings
}

/** Finds component names that differ only in case or separators, and names that are not identifiers. */
function checkComponentNames(document: OpenApiDocument): Finding[] {
  const findings: Finding[] = []
  const first = new Map<string, string>()
  for (const name of Object.keys(document.components?.schemas ?? {}).sort()) {
    const pointer = appendPointer('/components/schemas', name)
    const normalized = name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
    const other = first.get(normalized)
    if (other === undefined) first.set(normalized, name)
    else {
      findings.push({
        level: 'warning',
        code: 'colliding-names',
        pointer,
        message: `${name} and ${other} differ only in case or separators.`,
        fix: 'No action needed: one of them is renamed.',
      })
    }
    if (/^[A-Za-z_]\w*$/.test(name)) continue
    findings.push({
      level: 'warning',
      code: 'invalid-name',
      pointer,
      message: `${name} is not a valid type name.`,
      fix: 'No action needed: it is renamed.',
    })
  }
  return findings
}

/** Keys that change the prototype of an object when they are assigned. */
const unsafeNames: ReadonlySet<string> = new Set(['__proto__'])

function checkUnsafeNames(document: OpenApiDocument): Finding[] {
  const findings: Finding[] = []
  const visit = (value: unknown, pointer: string): void => {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, `${pointer}/${index}`)
    if (!isObject(value)) return
    for (const [key, child] of Object.entries(value)) {
      const place = appendPointer(pointer, key)
      if (unsafeNames.has(key)) {
        findings.push({
          level: 'error',
          code: 'unsafe-name',
          pointer: place,
          message: `The key ${key} has a special meaning in JavaScript.`,
          fix: 'Do not use this document. No PostHog server writes such a key.',
        })
      } else if (child !== null && typeof child === 'object') visit(child, place)
    }
  }
  visit(document, '')
  return findings
}
