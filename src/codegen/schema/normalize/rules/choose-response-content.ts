import type { MediaTypeObject, OpenApiDocument } from '../../document.ts'
import { operationsOf } from '../../walk/operations.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

const json = 'application/json'

/** Statuses whose answer has no body by definition. */
const bodyless: ReadonlySet<string> = new Set(['204', '205', '304'])

/**
 * Says what kind of body a success has. CSV beside JSON is dropped (it exists wherever the `format` parameter does).
 * `x-typehog-body` marks what is not a described JSON body: `unknown` (a body that the document does not describe),
 * `binary`, `text` or `stream`.
 */
export function chooseResponseContent(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const { operation, pointer } of operationsOf(document)) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const place = `${pointer}/responses/${status}`
      const types = Object.keys(response.content ?? {})
      if (response.content !== undefined && types.includes(json) && types.length > 1) {
        // `types` are the keys of this object, and JSON is one of them.
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
