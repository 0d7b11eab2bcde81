import type { Grade } from '../../change.ts'
import type { OpenApiDocument, OperationObject, ParameterObject, ReferenceObject } from '../document.ts'
import { resolvePointer } from '../walk/json-pointer.ts'
import type { SchemaComparison } from './compare-schemas.ts'
import type { SchemaChange } from './schema-change.ts'

/** Both versions of one operation. */
export interface OperationPair {
  readonly older: OperationObject
  readonly newer: OperationObject
  readonly pointer: string
  /** `GET /api/…` */
  readonly operation: string
}

/** The context of a comparison. */
export interface OperationComparison {
  readonly older: OpenApiDocument
  readonly newer: OpenApiDocument
  readonly schemas: SchemaComparison
  report(change: SchemaChange): void
}

/** Compares the parameters, body, responses and extensions of one operation. */
export function compareOperations(pair: OperationPair, context: OperationComparison): void {
  const report = (grade: Grade, place: string, message: string): void => {
    context.report({ grade, pointer: `${pair.pointer}${place}`, operation: pair.operation, message })
  }
  compareParameters(pair, context, report)
  compareBodies(pair, context, report)
  compareResponses(pair, context, report)
  if (pair.older.deprecated !== true && pair.newer.deprecated === true)
    report('risky', '/deprecated', 'is now deprecated')
  compareExtensions(pair, report)
}

type Report = (grade: Grade, place: string, message: string) => void

function compareParameters(pair: OperationPair, context: OperationComparison, report: Report): void {
  const before = parametersOf(context.older, pair.older)
  const after = parametersOf(context.newer, pair.newer)
  for (const [key, parameter] of before) {
    const partner = after.get(key)
    const place = `/parameters/${parameter.name}`
    if (partner === undefined) {
      // A renamed path parameter has the same position in the path.
      const grade = parameter.in === 'path' ? 'risky' : 'breaking'
      report(grade, place, `the ${parameter.in} parameter ${parameter.name} was removed`)
      continue
    }
    if (parameter.required !== true && partner.required === true) report('breaking', place, 'is now required')
    if (parameter.required === true && partner.required !== true)
      report('safe', place, 'is no longer required')
    if (parameter.schema === undefined || partner.schema === undefined) continue
    const pointer = `${pair.pointer}${place}`
    context.schemas.compare(parameter.schema, partner.schema, {
      pointer,
      direction: 'request',
      operation: pair.operation,
    })
  }
  for (const [key, parameter] of after) {
    if (before.has(key) || parameter.in === 'path') continue
    const required = parameter.required === true
    const message = `the ${parameter.in} parameter ${parameter.name} is new${required ? ' and required' : ''}`
    report(required ? 'breaking' : 'safe', `/parameters/${parameter.name}`, message)
  }
}

function compareBodies(pair: OperationPair, context: OperationComparison, report: Report): void {
  const before = pair.older.requestBody
  const after = pair.newer.requestBody
  if (before === undefined && after !== undefined) {
    report(after.required === true ? 'breaking' : 'safe', '/requestBody', 'now takes a body')
  }
  if (before !== undefined && after === undefined)
    report('breaking', '/requestBody', 'no longer takes a body')
  if (before === undefined || after === undefined) return
  if (before.required !== true && after.required === true)
    report('breaking', '/requestBody', 'the body is now required')
  if (before.required === true && after.required !== true)
    report('safe', '/requestBody', 'the body is now optional')
  const [oldType, oldMedia] = Object.entries(before.content ?? {})[0] ?? []
  const [newType, newMedia] = Object.entries(after.content ?? {})[0] ?? []
  if (oldType !== newType) {
    report(
      'breaking',
      '/requestBody',
      `the body type changed from ${oldType ?? 'unknown'} to ${newType ?? 'unknown'}`,
    )
  } else if (oldMedia?.schema !== undefined && newMedia?.schema !== undefined) {
    const pointer = `${pair.pointer}/requestBody`
    context.schemas.compare(oldMedia.schema, newMedia.schema, {
      pointer,
      direction: 'request',
      operation: pair.operation,
    })
  }
}

function compareResponses(pair: OperationPair, context: OperationComparison, report: Report): void {
  const before = successes(pair.older)
  const after = successes(pair.newer)
  for (const [status, response] of before) {
    const partner = after.get(status)
    const place = `/responses/${status}`
    if (partner === undefined) {
      report('breaking', place, `no longer returns ${status}`)
      continue
    }
    const [oldType, oldMedia] = Object.entries(response.content ?? {})[0] ?? []
    const [newType, newMedia] = Object.entries(partner.content ?? {})[0] ?? []
    if (oldType === undefined && newType !== undefined)
      report('safe', place, `the body is now described (${newType})`)
    else if (oldType !== undefined && newType === undefined)
      report('breaking', place, 'the body is no longer described')
    else if (oldType !== newType)
      report('breaking', place, `the body type changed from ${oldType ?? ''} to ${newType ?? ''}`)
    else if (oldMedia?.schema !== undefined && newMedia?.schema !== undefined) {
      const pointer = `${pair.pointer}${place}`
      context.schemas.compare(oldMedia.schema, newMedia.schema, {
        pointer,
        direction: 'response',
        operation: pair.operation,
      })
    }
  }
  for (const status of after.keys())
    if (!before.has(status)) report('risky', `/responses/${status}`, `may now return ${status}`)
}

/** Extensions that describe the behavior of an operation, and the grade of a change. */
const extensions: readonly { readonly key: string; readonly grade: Grade; readonly label: string }[] = [
  { key: 'x-typehog-delete', grade: 'breaking', label: 'deletion' },
  { key: 'x-typehog-paging', grade: 'breaking', label: 'pagination' },
  { key: 'x-typehog-scopes', grade: 'risky', label: 'scopes' },
]

function compareExtensions(pair: OperationPair, report: Report): void {
  for (const { key, grade, label } of extensions) {
    const before = extensionText(pair.older[key])
    const after = extensionText(pair.newer[key])
    if (before === after) continue
    // No code can rely on an unknown behavior.
    report(before === 'unknown' ? 'safe' : grade, `/${key}`, `${label} changed from ${before} to ${after}`)
  }
}

function extensionText(value: unknown): string {
  if (value === undefined) return 'unknown'
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value)
}

function parametersOf(document: OpenApiDocument, operation: OperationObject): Map<string, ParameterObject> {
  const parameters = new Map<string, ParameterObject>()
  for (const entry of operation.parameters ?? []) {
    const parameter = resolveParameter(document, entry)
    if (parameter !== undefined) parameters.set(`${parameter.in} ${parameter.name}`, parameter)
  }
  return parameters
}

function resolveParameter(
  document: OpenApiDocument,
  entry: ParameterObject | ReferenceObject,
): ParameterObject | undefined {
  // Without `$ref` it is a parameter. In a normalized document, a `$ref` points to a parameter component.
  if (typeof entry['$ref'] !== 'string') return entry as ParameterObject
  return resolvePointer(document, entry['$ref']) as ParameterObject | undefined
}

function successes(
  operation: OperationObject,
): Map<string, NonNullable<OperationObject['responses']>[string]> {
  return new Map(Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith('2')))
}
