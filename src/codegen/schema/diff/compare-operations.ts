import type { OpenApiDocument, OperationObject, ParameterObject, ReferenceObject } from '../document.ts'
import { resolvePointer } from '../walk/json-pointer.ts'
import type { SchemaComparison } from './compare-schemas.ts'
import type { Grade, SchemaChange } from './schema-change.ts'

/** The two sides of one operation. */
export interface OperationPair {
  readonly older: OperationObject
  readonly newer: OperationObject
  readonly pointer: string
  /** `GET /api/…` */
  readonly operation: string
}

/** What comparing two operations needs. */
export interface OperationComparison {
  readonly older: OpenApiDocument
  readonly newer: OpenApiDocument
  readonly schemas: SchemaComparison
  report(change: SchemaChange): void
}

/** Compares parameters, body, answers and marks of one operation. */
export function compareOperations(pair: OperationPair, context: OperationComparison): void {
  const tell = (grade: Grade, place: string, message: string): void => {
    context.report({ grade, pointer: `${pair.pointer}${place}`, operation: pair.operation, message })
  }
  compareParameters(pair, context, tell)
  compareBodies(pair, context, tell)
  compareAnswers(pair, context, tell)
  if (pair.older.deprecated !== true && pair.newer.deprecated === true)
    tell('risky', '/deprecated', 'is deprecated now')
  compareMarks(pair, tell)
}

type Tell = (grade: Grade, place: string, message: string) => void

function compareParameters(pair: OperationPair, context: OperationComparison, tell: Tell): void {
  const old = parametersOf(context.older, pair.older)
  const fresh = parametersOf(context.newer, pair.newer)
  for (const [key, parameter] of old) {
    const partner = fresh.get(key)
    const place = `/parameters/${parameter.name}`
    if (partner === undefined) {
      // A path parameter by another name is the same place in the same path.
      const grade = parameter.in === 'path' ? 'risky' : 'breaking'
      tell(grade, place, `the ${parameter.in} parameter ${parameter.name} is gone`)
      continue
    }
    if (parameter.required !== true && partner.required === true) tell('breaking', place, 'is required now')
    if (parameter.required === true && partner.required !== true) tell('safe', place, 'is no longer required')
    if (parameter.schema === undefined || partner.schema === undefined) continue
    const pointer = `${pair.pointer}${place}`
    context.schemas.compare(parameter.schema, partner.schema, {
      pointer,
      direction: 'request',
      operation: pair.operation,
    })
  }
  for (const [key, parameter] of fresh) {
    if (old.has(key) || parameter.in === 'path') continue
    const required = parameter.required === true
    const message = `the ${parameter.in} parameter ${parameter.name} is new${required ? ' and required' : ''}`
    tell(required ? 'breaking' : 'safe', `/parameters/${parameter.name}`, message)
  }
}

function compareBodies(pair: OperationPair, context: OperationComparison, tell: Tell): void {
  const old = pair.older.requestBody
  const fresh = pair.newer.requestBody
  if (old === undefined && fresh !== undefined) {
    tell(fresh.required === true ? 'breaking' : 'safe', '/requestBody', 'takes a body now')
  }
  if (old !== undefined && fresh === undefined) tell('breaking', '/requestBody', 'takes no body any more')
  if (old === undefined || fresh === undefined) return
  if (old.required !== true && fresh.required === true)
    tell('breaking', '/requestBody', 'its body is required now')
  if (old.required === true && fresh.required !== true)
    tell('safe', '/requestBody', 'its body is optional now')
  const [oldType, oldMedia] = Object.entries(old.content ?? {})[0] ?? []
  const [newType, newMedia] = Object.entries(fresh.content ?? {})[0] ?? []
  if (oldType !== newType) {
    tell('breaking', '/requestBody', `its body was ${oldType ?? 'not told'} and is ${newType ?? 'not told'}`)
  } else if (oldMedia?.schema !== undefined && newMedia?.schema !== undefined) {
    const pointer = `${pair.pointer}/requestBody`
    context.schemas.compare(oldMedia.schema, newMedia.schema, {
      pointer,
      direction: 'request',
      operation: pair.operation,
    })
  }
}

function compareAnswers(pair: OperationPair, context: OperationComparison, tell: Tell): void {
  const old = successes(pair.older)
  const fresh = successes(pair.newer)
  for (const [status, answer] of old) {
    const partner = fresh.get(status)
    const place = `/responses/${status}`
    if (partner === undefined) {
      tell('breaking', place, `no longer answers ${status}`)
      continue
    }
    const [oldType, oldMedia] = Object.entries(answer.content ?? {})[0] ?? []
    const [newType, newMedia] = Object.entries(partner.content ?? {})[0] ?? []
    if (oldType === undefined && newType !== undefined)
      tell('safe', place, `its body is described (${newType}) now`)
    else if (oldType !== undefined && newType === undefined)
      tell('breaking', place, 'its body is no longer described')
    else if (oldType !== newType)
      tell('breaking', place, `its body was ${oldType ?? ''} and is ${newType ?? ''}`)
    else if (oldMedia?.schema !== undefined && newMedia?.schema !== undefined) {
      const pointer = `${pair.pointer}${place}`
      context.schemas.compare(oldMedia.schema, newMedia.schema, {
        pointer,
        direction: 'response',
        operation: pair.operation,
      })
    }
  }
  for (const status of fresh.keys())
    if (!old.has(status)) tell('risky', `/responses/${status}`, `may answer ${status} now`)
}

/** Marks that say how the operation behaves, and what a change of each means. */
const marks: readonly { readonly key: string; readonly grade: Grade; readonly what: string }[] = [
  { key: 'x-typehog-delete', grade: 'breaking', what: 'deleting' },
  { key: 'x-typehog-paging', grade: 'breaking', what: 'paging' },
  { key: 'x-typehog-scopes', grade: 'risky', what: 'needed scopes' },
]

function compareMarks(pair: OperationPair, tell: Tell): void {
  for (const { key, grade, what } of marks) {
    const old = markText(pair.older[key])
    const fresh = markText(pair.newer[key])
    if (old === fresh) continue
    // What was not known before cannot have been relied on.
    tell(old === 'not told' ? 'safe' : grade, `/${key}`, `${what}: was ${old} and is ${fresh}`)
  }
}

function markText(mark: unknown): string {
  if (mark === undefined) return 'not told'
  return Array.isArray(mark) ? mark.join(', ') || 'none' : String(mark)
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
  // Without `$ref` it is a parameter; a normalised document refers to parameter components only.
  if (typeof entry['$ref'] !== 'string') return entry as ParameterObject
  return resolvePointer(document, entry['$ref']) as ParameterObject | undefined
}

function successes(
  operation: OperationObject,
): Map<string, NonNullable<OperationObject['responses']>[string]> {
  return new Map(Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith('2')))
}
