import { type OpenApiDocument, type OperationObject, operationsOf } from '../schema/document.ts'
import type { GeneratedSymbol } from './hey-api.ts'

/** An operation with the types of its input and output. */
export interface TypedOperation {
  /** `GET /api/…` */
  readonly route: string
  readonly input: GeneratedSymbol
  readonly output: GeneratedSymbol | undefined
  /** Responses by status, if there is an output. */
  readonly responses: GeneratedSymbol | undefined
  /** Bodies by status, if the document describes the body of an error. */
  readonly errors: GeneratedSymbol | undefined
  /** Whether it returns a list, page by page. */
  readonly isList: boolean
}

/** Finds the generated types of each operation. */
export function typedOperations(
  document: OpenApiDocument,
  symbols: readonly GeneratedSymbol[],
): TypedOperation[] {
  const byRoute = new Map<string, GeneratedSymbol>()
  for (const symbol of symbols) {
    if (symbol.file === 'types' && symbol.route !== undefined)
      byRoute.set(`${symbol.route} ${symbol.role}`, symbol)
  }
  return [...operationsOf(document)].map(({ method, path, operation }) => {
    const route = `${method.toUpperCase()} ${path}`
    const input = byRoute.get(`${route} data`)
    const output = byRoute.get(`${route} response`)
    if (input === undefined) throw new Error(`The generator wrote no input type for ${route}.`)
    const responses = output && byRoute.get(`${route} responses`)
    const errors = describesErrors(operation) ? byRoute.get(`${route} errors`) : undefined
    const paging = operation['x-typehog-paging'] ?? 'none'
    const isList = method === 'get' && output !== undefined && paging !== 'none'
    return { route, input, output, responses, errors, isList }
  })
}

/** Whether a document describes the body of an error response. Most list only the status, or no error at all. */
function describesErrors({ responses = {} }: OperationObject): boolean {
  return Object.entries(responses).some(([status, response]) => {
    return /^[45]/.test(status) && Object.keys(response.content ?? {}).length > 0
  })
}

/** Source of the type that finds the items of a list response. */
export const itemTypeSource: string = `/** The item type of a list response, which is an array or has \`results\`. */
type ItemOf<Output> = Output extends readonly (infer Item)[]
  ? Item
  : Output extends { readonly results?: readonly (infer Item)[] }
    ? Item
    : never
`
