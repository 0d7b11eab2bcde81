import { isObject } from '../../shared/is-object.ts'
import { DocumentReader, type JsonObject } from './document-reader.ts'
import { type InsightRow, insightRow } from './insight-row.ts'

/** The type of a variable. A `date` is a string that the query converts. */
export type VariableType = 'string' | 'number' | 'boolean' | 'string[]' | 'date' | 'unknown'

/** A variable of one version of an endpoint. */
export interface EndpointVariable {
  readonly name: string
  readonly type: VariableType
  /** Whether PostHog rejects a run without it. */
  readonly required: boolean
  /** Whether it accepts null, which becomes SQL NULL. */
  readonly nullable: boolean
  readonly description?: string
  readonly example?: unknown
}

/** One version of an endpoint: the input of code generation. */
export interface EndpointDescription {
  readonly name: string
  readonly version: number
  readonly kind: string
  readonly description: string
  readonly isActive: boolean
  readonly materialized: boolean
  readonly variables: readonly EndpointVariable[]
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Row type of an insight kind. Absent for HogQL and for kinds without a stable row type. */
  readonly insightRow?: InsightRow
}

/** The fields of a listed endpoint that a pull needs. */
export interface ListedEndpoint {
  readonly name: string
  /** The latest version. */
  readonly version: number
  readonly isActive: boolean
}

/** Options of `describeEndpoint`. */
export interface DescribeOptions {
  /** Name of the requested endpoint. A description of another endpoint is an error. */
  readonly name?: string

  /** Makes column names unique, in the same way as the client does for rows. */
  uniqueColumnNames(names: readonly string[]): string[]
}

/**
 * Reads one version of an endpoint from the endpoint object and its `openapi.json`. Variables come from the document,
 * which marks them as required when PostHog enforces them. Columns come from the object, because the document has none.
 *
 * @throws EndpointDescriptionError when a required field is missing or invalid
 */
export function describeEndpoint(
  endpoint: unknown,
  openapi: unknown,
  options: DescribeOptions,
): EndpointDescription {
  const object = new DocumentReader(endpoint, 'endpoint', options.name)
  const name = readName(object)
  if (options.name !== undefined && name !== options.name) {
    object.endpoint = options.name
    object.fail('/name', `is "${name}", expected "${options.name}"`)
  }
  const document = new DocumentReader(openapi, 'openapi.json', name)
  document.object('/paths')

  const query = object.object('/query')
  const kind = object.string('/query/kind', query)
  const row = insightRow(kind, query)
  const materialized = object.boolean('/is_materialized', false)
  // With `?version=`, PostHog returns the status of the version and, separately, of the endpoint.
  const isActive = object.boolean('/is_active', true) && object.boolean('/endpoint_is_active', true)
  return {
    name,
    version: object.has('/version')
      ? object.positiveInteger('/version')
      : object.positiveInteger('/current_version'),
    kind,
    description: object.optionalString('/description') ?? '',
    isActive,
    materialized,
    variables: readVariables(document, kind === 'HogQLQuery' && !materialized),
    columns: kind === 'HogQLQuery' ? readColumns(object, options) : [],
    ...(row === undefined ? {} : { insightRow: row }),
  }
}

/** PostHog's limit for the length of an endpoint name. */
const maxNameLength = 128

/** Reads an endpoint from a list of endpoints. */
export function readListedEndpoint(item: unknown): ListedEndpoint {
  const object = new DocumentReader(item, 'endpoint')
  return {
    name: readName(object),
    version: object.positiveInteger('/current_version'),
    isActive: object.boolean('/is_active', true),
  }
}

function readName(object: DocumentReader): string {
  const name = object.string('/name')
  if (name.length > maxNameLength) object.fail('/name', `is longer than ${maxNameLength} characters`)
  if (/\p{Cs}/u.test(name)) object.fail('/name', 'is not valid Unicode text')
  object.endpoint = name
  return name
}

function readColumns(
  object: DocumentReader,
  { uniqueColumnNames }: DescribeOptions,
): EndpointDescription['columns'] {
  // Older servers return no columns, and newer ones none when they cannot infer them.
  const columns = object.list('/columns').map((column: JsonObject, index) => ({
    name: object.string(`/columns/${index}/name`, column),
    type: object.string(`/columns/${index}/type`, column),
  }))
  const names = uniqueColumnNames(columns.map(({ name }) => name))
  return columns.map(({ name, type }, index) => ({ name: names[index] ?? name, type }))
}

const variablesPointer = '/components/schemas/Variables'

/**
 * Reads the variables of an `openapi.json`, in document order. An endpoint without variables has no `Variables`
 * component.
 *
 * @param nullable whether the server accepts null, which the document does not describe
 */
function readVariables(document: DocumentReader, nullable: boolean): readonly EndpointVariable[] {
  if (!document.has(variablesPointer)) return []
  const properties = document.object(`${variablesPointer}/properties`)
  const required = readRequired(document, properties)
  return Object.entries(properties).map(([name, schema]) => {
    if (!isObject(schema))
      return document.fail(`${variablesPointer}/properties/${name}`, 'is not a JSON object')
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

function readRequired(document: DocumentReader, properties: JsonObject): ReadonlySet<string> {
  if (!document.has(`${variablesPointer}/required`)) return new Set()
  const { required } = document.object(variablesPointer)
  if (!Array.isArray(required)) return document.fail(`${variablesPointer}/required`, 'is not a list')
  for (const [index, name] of required.entries()) {
    if (typeof name !== 'string' || !Object.hasOwn(properties, name)) {
      document.fail(`${variablesPointer}/required/${index}`, 'is not the name of a variable')
    }
  }
  return new Set<string>(required)
}

/** Returns the type of a variable. Typehog sends values of types that it does not know unchanged. */
function typeOf({ type, format, items }: JsonObject): VariableType {
  if (type === 'string') return format === 'date' ? 'date' : 'string'
  if (type === 'number' || type === 'integer') return 'number'
  if (type === 'boolean') return 'boolean'
  return type === 'array' && isObject(items) && items['type'] === 'string' ? 'string[]' : 'unknown'
}
