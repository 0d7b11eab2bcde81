import type { OpenApiDocument } from '../document.ts'
import { isObject } from '../walk/is-object.ts'
import { appendPointer } from '../walk/json-pointer.ts'
import { operationsOf } from '../walk/operations.ts'
import type { Finding } from './finding.ts'

/** Finds ids that are used twice, names that become one once their case is changed, and names that are no identifiers. */
export function checkNames(document: OpenApiDocument): Finding[] {
  return [...checkOperationIds(document), ...checkComponentNames(document), ...checkUnsafeNames(document)]
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
        message: `The id ${id} is also that of ${other}.`,
        fix: 'Nothing to do: operations are named after method and path.',
      })
    }
  }
  return findings
}

function checkComponentNames(document: OpenApiDocument): Finding[] {
  const findings: Finding[] = []
  const first = new Map<string, string>()
  for (const name of Object.keys(document.components?.schemas ?? {}).sort()) {
    const pointer = appendPointer('/components/schemas', name)
    const folded = name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
    const other = first.get(folded)
    if (other === undefined) first.set(folded, name)
    else {
      findings.push({
        level: 'warning',
        code: 'colliding-names',
        pointer,
        message: `${name} and ${other} are one name once their case is changed.`,
        fix: 'Nothing to do: one of them is renamed.',
      })
    }
    if (/^[A-Za-z_]\w*$/.test(name)) continue
    findings.push({
      level: 'warning',
      code: 'odd-name',
      pointer,
      message: `${name} cannot be the name of a type.`,
      fix: 'Nothing to do: it is renamed.',
    })
  }
  return findings
}

/** Names that would change the prototype of an object when it is written to. */
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
          message: `The name ${key} has a meaning of its own in JavaScript.`,
          fix: 'Do not use this document; no PostHog server writes it.',
        })
      } else if (child !== null && typeof child === 'object') visit(child, place)
    }
  }
  visit(document, '')
  return findings
}
