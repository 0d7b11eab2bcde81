import type { EndpointVariable, VariableType } from './describe-endpoint.ts'
import { isObject, type JsonObject, type Reading } from './reading.ts'

const place = '/components/schemas/Variables'

/**
 * Variables of an `openapi.json`, in the document's order. There is no `Variables` component when an endpoint takes
 * none. `nullable` says whether the server takes null, which the document does not tell.
 */
export function readVariables(document: Reading, nullable: boolean): readonly EndpointVariable[] {
  if (!document.has(place)) return []
  const properties = document.object(`${place}/properties`)
  const required = readRequired(document, properties)
  return Object.entries(properties).map(([name, schema]) => {
    if (!isObject(schema)) return document.refuse(`${place}/properties/${name}`, 'is no JSON object')
    const { description, example } = schema
    return {
      name,
      type: typeOf(schema),
      required: required.has(name),
      nullable,
      ...(typeof description === 'string' && description !== '' ? { description } : {}),
      ...(example === undefined ? {} : { example }),
    }
  })
}

function readRequired(document: Reading, properties: JsonObject): ReadonlySet<string> {
  if (!document.has(`${place}/required`)) return new Set()
  const { required } = document.object(place)
  if (!Array.isArray(required)) return document.refuse(`${place}/required`, 'is not a list')
  for (const [index, name] of required.entries()) {
    if (typeof name !== 'string' || !Object.hasOwn(properties, name)) {
      document.refuse(`${place}/required/${index}`, 'names no variable')
    }
  }
  return new Set<string>(required)
}

/** Types that PostHog gives to variables; what it may add later is sent as it is. */
function typeOf({ type, format, items }: JsonObject): VariableType {
  if (type === 'string') return format === 'date' ? 'date' : 'string'
  if (type === 'number' || type === 'integer') return 'number'
  if (type === 'boolean') return 'boolean'
  return type === 'array' && isObject(items) && items['type'] === 'string' ? 'string[]' : 'unknown'
}
