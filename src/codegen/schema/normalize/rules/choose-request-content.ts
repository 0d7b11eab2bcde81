import type { MediaTypeObject, OpenApiDocument } from '../../document.ts'
import { operationsOf } from '../../walk/operations.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

const json = 'application/json'
const upload = 'multipart/form-data'

/**
 * Leaves one content type per request body: the framework lists JSON, form and multipart for every view, with the
 * same schema. Multipart stays where it is the only or the first form, which is how uploads are declared.
 */
export function chooseRequestContent(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const { operation, pointer } of operationsOf(document)) {
    const content = operation.requestBody?.content
    if (operation.requestBody === undefined || content === undefined) continue
    const types = Object.keys(content)
    const chosen = choose(types)
    if (chosen === undefined || types.length === 1) continue
    // `choose` answers with one of the keys.
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
