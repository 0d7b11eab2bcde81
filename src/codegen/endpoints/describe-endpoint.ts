import { readVariables } from './read-variables.ts'
import { type JsonObject, Reading } from './reading.ts'

/** What a variable takes. `date` is a text that the query converts. */
export type VariableType = 'string' | 'number' | 'boolean' | 'string[]' | 'date' | 'unknown'

/** One variable of an endpoint at one version. */
export interface EndpointVariable {
  readonly name: string
  readonly type: VariableType
  /** Whether PostHog refuses a run without it. */
  readonly required: boolean
  /** Whether null may be sent, which becomes SQL NULL. */
  readonly nullable: boolean
  readonly description?: string
  readonly example?: unknown
}

/** Everything that code is made from, of one endpoint at one version. */
export interface EndpointDescription {
  readonly name: string
  readonly version: number
  readonly kind: string
  readonly description: string
  readonly isActive: boolean
  readonly materialized: boolean
  readonly variables: readonly EndpointVariable[]
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** An endpoint as a list shows it, as far as a pull needs it. */
export interface ListedEndpoint {
  readonly name: string
  /** The newest version. */
  readonly version: number
  readonly isActive: boolean
}

/** What the description takes from outside. */
export interface DescribeOptions {
  /** The endpoint that was asked for; another one is refused. */
  readonly name?: string

  /** Gives columns that share a name different ones, as the client does with rows. */
  uniqueColumnNames(names: readonly string[]): string[]
}

/**
 * Reads one version of an endpoint from the endpoint object and its `openapi.json`. Variables come from the document,
 * which lists as required what PostHog enforces; columns come from the object, since the document has none.
 *
 * @throws EndpointDescriptionError when a part that is needed is missing or of another shape
 */
export function describeEndpoint(
  endpoint: unknown,
  openapi: unknown,
  options: DescribeOptions,
): EndpointDescription {
  const object = new Reading(endpoint, 'endpoint', options.name)
  const name = readName(object)
  if (options.name !== undefined && name !== options.name) {
    object.endpoint = options.name
    object.refuse('/name', `is "${name}", which is another endpoint`)
  }
  const document = new Reading(openapi, 'openapi.json', name)
  document.object('/paths')

  const query = object.object('/query')
  const kind = object.text('/query/kind', query)
  const materialized = object.flag('/is_materialized', false)
  // The version form shows the version's own activity, and the endpoint's beside it.
  const isActive = object.flag('/is_active', true) && object.flag('/endpoint_is_active', true)
  return {
    name,
    version: object.has('/version') ? object.count('/version') : object.count('/current_version'),
    kind,
    description: object.optionalText('/description') ?? '',
    isActive,
    materialized,
    variables: readVariables(document, kind === 'HogQLQuery' && !materialized),
    columns: kind === 'HogQLQuery' ? readColumns(object, options) : [],
  }
}

/** PostHog's limit for the name of an endpoint. */
const longestName = 128

/** Reads what a list of endpoints says of one. */
export function readListedEndpoint(item: unknown): ListedEndpoint {
  const object = new Reading(item, 'endpoint')
  return {
    name: readName(object),
    version: object.count('/current_version'),
    isActive: object.flag('/is_active', true),
  }
}

function readName(object: Reading): string {
  const name = object.text('/name')
  if (name.length > longestName) object.refuse('/name', `is longer than ${longestName} characters`)
  if (/\p{Cs}/u.test(name)) object.refuse('/name', 'is not valid Unicode text')
  object.endpoint = name
  return name
}

function readColumns(
  object: Reading,
  { uniqueColumnNames }: DescribeOptions,
): EndpointDescription['columns'] {
  // Older servers have no columns, and newer ones none when they could not be worked out.
  const columns = object.list('/columns').map((column: JsonObject, index) => ({
    name: object.text(`/columns/${index}/name`, column),
    type: object.text(`/columns/${index}/type`, column),
  }))
  const names = uniqueColumnNames(columns.map(({ name }) => name))
  return columns.map(({ name, type }, index) => ({ name: names[index] ?? name, type }))
}
