import { type HttpMethod, httpMethods, type OpenApiDocument, type OperationObject } from '../document.ts'
import { appendPointer } from './json-pointer.ts'

/** One operation of a document with its place. */
export interface LocatedOperation {
  readonly path: string
  readonly method: HttpMethod
  readonly operation: OperationObject
  readonly pointer: string
}

/** Every operation of a document, paths in document order, methods in the order of `httpMethods`. */
export function* operationsOf(document: OpenApiDocument): Generator<LocatedOperation> {
  for (const [path, item] of Object.entries(document.paths)) {
    const pointer = appendPointer('/paths', path)
    for (const method of httpMethods) {
      const operation = item[method]
      if (operation !== undefined) yield { path, method, operation, pointer: `${pointer}/${method}` }
    }
  }
}
