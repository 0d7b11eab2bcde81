import type { OpenApiDocument, SchemaObject } from '../document.ts'
import { referencedSchema } from '../walk/component-reference.ts'
import { appendPointer, resolvePointer } from '../walk/json-pointer.ts'
import { referencesOf } from '../walk/references.ts'
import type { Finding } from './finding.ts'

/** Finds references that lead outside, to nothing or in a circle, and those with siblings. */
export function checkReferences(document: OpenApiDocument): Finding[] {
  const findings: Finding[] = []
  const targets = new Map<string, boolean>()
  for (const { reference, pointer, holder } of referencesOf(document)) {
    if (!reference.startsWith('#')) {
      findings.push({
        level: 'error',
        code: 'external-reference',
        pointer,
        message: `The reference ${reference} leads out of the document.`,
        fix: 'Bundle the document first; nothing is fetched from addresses inside it.',
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
        message: `The reference ${reference} leads to nothing.`,
        fix: 'Download the document again; it may be cut off or filtered.',
      })
    }
    if (Object.keys(holder).length > 1) {
      findings.push({
        level: 'warning',
        code: 'reference-with-siblings',
        pointer,
        message: `Beside the reference stand ${Object.keys(holder)
          .filter((key) => key !== '$ref')
          .join(', ')}.`,
        fix: 'Nothing to do: they are read as in OpenAPI 3.1.',
      })
    }
  }
  return [...findings, ...checkCycles(document.components?.schemas ?? {})]
}

/** A component that is nothing but a reference, in a circle of such, has no meaning; recursion through parts is fine. */
function checkCycles(schemas: Readonly<Record<string, SchemaObject>>): Finding[] {
  const findings: Finding[] = []
  const settled = new Set<string>()
  for (const start of Object.keys(schemas)) {
    const chain: string[] = []
    let name: string | undefined = start
    while (name !== undefined && !settled.has(name)) {
      if (chain.includes(name)) {
        findings.push({
          level: 'error',
          code: 'reference-cycle',
          pointer: appendPointer('/components/schemas', name),
          message: `The references ${[...chain.slice(chain.indexOf(name)), name].join(' -> ')} never reach a schema.`,
          fix: 'Report it to whoever made the document; it has no meaning as it is.',
        })
        break
      }
      chain.push(name)
      name = aliasTarget(schemas[name])
    }
    for (const visited of chain) settled.add(visited)
  }
  return findings
}

function aliasTarget(schema: SchemaObject | undefined): string | undefined {
  if (schema === undefined) return undefined
  const single = schema.allOf?.length === 1 ? schema.allOf[0] : undefined
  return referencedSchema(schema.$ref) ?? referencedSchema(single?.$ref)
}
