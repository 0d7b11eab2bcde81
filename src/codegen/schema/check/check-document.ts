import type { OpenApiDocument } from '../document.ts'
import { SchemaError } from '../schema-error.ts'
import { checkNames } from './check-names.ts'
import { checkReferences } from './check-references.ts'
import type { Finding } from './finding.ts'

/** Everything that the structural checks find, sorted by place. */
export function checkDocument(document: OpenApiDocument): Finding[] {
  const findings = [...checkReferences(document), ...checkNames(document)]
  return findings.sort((a, b) => (a.pointer < b.pointer ? -1 : a.pointer > b.pointer ? 1 : 0))
}

/**
 * Checks a document before it is normalised.
 *
 * @returns The warnings.
 * @throws SchemaError about the first error.
 */
export function requireUsable(document: OpenApiDocument, source: string): Finding[] {
  const findings = checkDocument(document)
  const errors = findings.filter((finding) => finding.level === 'error')
  const [first] = errors
  if (first === undefined) return findings
  const others = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`
  throw new SchemaError({
    source,
    place: first.pointer,
    problem: `${first.message}${others}`,
    fix: first.fix,
  })
}
