import { isObject } from '../../../../shared/is-object.ts'
import { type MediaTypeObject, type OpenApiDocument, operationsOf } from '../../document.ts'
import { resolvePointer } from '../../walk/json-pointer.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Inlines request bodies and responses that are references to components, so that later rules handle one form.
 * PostHog's own document has none today.
 */
export function inlineSharedBodies(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const inline = (holder: Record<string, unknown>, key: string, pointer: string): void => {
    const value = holder[key]
    if (!isObject(value) || typeof value['$ref'] !== 'string') return
    const target = resolvePointer(document, value['$ref'])
    if (!isObject(target)) return
    holder[key] = structuredClone(target)
    count.add(`${pointer}/${key}`)
  }
  for (const { operation, pointer } of operationsOf(document)) {
    inline(operation, 'requestBody', pointer)
    for (const status of Object.keys(operation.responses ?? {})) {
      inline(operation.responses ?? {}, status, `${pointer}/responses`)
    }
  }
  for (const key of ['requestBodies', 'responses']) {
    if (document.components?.[key] === undefined) continue
    delete document.components[key]
    count.add(`/components/${key}`)
  }
  return count
}

const json = 'application/json'
const upload = 'multipart/form-data'

/**
 * Keeps one content type per request body. Django REST Framework lists JSON, form and multipart for every view, with
 * the same schema. Keeps multipart only when it is the only or the first type, which identifies an upload.
 */
export function chooseRequestContent(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const { operation, pointer } of operationsOf(document)) {
    const content = operation.requestBody?.content
    if (operation.requestBody === undefined || content === undefined) continue
    const types = Object.keys(content)
    const chosen = choose(types)
    if (chosen === undefined || types.length === 1) continue
    // `choose` returns one of the keys.
    operation.requestBody.content = { [chosen]: content[chosen] as MediaTypeObject }
    count.add(`${pointer}/requestBody`)
  }
  return count
}

function choose(types: readonly string[]): string | undefined {
  if (types[0] === upload) return upload
  if (types.includes(json)) return json
  return types.find((type) => type.endsWith('+json')) ?? types.find((type) => type === upload) ?? types[0]
}

/** Statuses whose response never has a body. */
const bodyless: ReadonlySet<string> = new Set(['204', '205', '304'])

/**
 * Keeps JSON when a response lists several content types; CSV is available wherever the `format` parameter is. Marks
 * every successful response without a described JSON body with `x-typehog-body`: `unknown` (the document does not
 * describe the body), `binary`, `text` or `stream`.
 */
export function chooseResponseContent(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const { operation, pointer } of operationsOf(document)) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const place = `${pointer}/responses/${status}`
      const types = Object.keys(response.content ?? {})
      if (response.content !== undefined && types.includes(json) && types.length > 1) {
        // `types` has the keys of this object, and JSON is one of them.
        response.content = { [json]: response.content[json] as MediaTypeObject }
        count.add(place)
      }
      if (types.length === 0) delete response.content
      const body = /^2/.test(status) && !bodyless.has(status) ? bodyKind(response.content) : undefined
      if (body === undefined || response['x-typehog-body'] === body) continue
      response['x-typehog-body'] = body
      count.add(place)
    }
  }
  return count
}

function bodyKind(content: Record<string, MediaTypeObject> | undefined): string | undefined {
  const [type, media] = Object.entries(content ?? {})[0] ?? []
  if (type === undefined) return 'unknown'
  if (type === 'text/event-stream') return 'stream'
  if (type === json || type.endsWith('+json')) return media?.schema === undefined ? 'unknown' : undefined
  if (type.startsWith('text/')) return 'text'
  return 'binary'
}
