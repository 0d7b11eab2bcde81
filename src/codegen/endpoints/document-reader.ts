import { isObject } from '../../shared/is-object.ts'

/** An invalid description of an endpoint from the server. No code can be generated from it. */
export class EndpointDescriptionError extends Error {
  override readonly name = 'EndpointDescriptionError' as const
  /** Name of the endpoint, or `?` when it is unknown. */
  readonly endpoint: string
  /** JSON pointer of the invalid value, in the endpoint object or its OpenAPI document. */
  readonly pointer: string

  constructor(endpoint: string, source: 'endpoint' | 'openapi.json', pointer: string, problem: string) {
    super(`Endpoint "${endpoint}": ${source} at ${pointer || '/'} ${problem}.`)
    this.endpoint = endpoint
    this.pointer = pointer
  }
}

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Reads fields of an unvalidated document. An invalid field is an error with its JSON pointer. */
export class DocumentReader {
  readonly #root: JsonObject
  readonly #source: 'endpoint' | 'openapi.json'
  /** Name of the endpoint, for error messages. */
  endpoint: string

  constructor(root: unknown, source: 'endpoint' | 'openapi.json', endpoint = '?') {
    this.#source = source
    this.endpoint = endpoint
    if (!isObject(root)) this.fail('', 'is not a JSON object')
    this.#root = root as JsonObject
  }

  fail(pointer: string, problem: string): never {
    throw new EndpointDescriptionError(this.endpoint, this.#source, pointer, problem)
  }

  has(pointer: string): boolean {
    const value = this.#at(pointer)
    return value !== undefined && value !== null
  }

  /** Returns a non-empty string. With `holder`, the last token of the pointer is one of its keys. */
  string(pointer: string, holder?: JsonObject): string {
    const value = holder === undefined ? this.#at(pointer) : holder[last(pointer)]
    return typeof value === 'string' && value !== '' ? value : this.fail(pointer, 'is not a string')
  }

  optionalString(pointer: string): string | undefined {
    const value = this.#at(pointer) ?? undefined
    return value === undefined || typeof value === 'string' ? value : this.fail(pointer, 'is not a string')
  }

  boolean(pointer: string, fallback: boolean): boolean {
    const value = this.#at(pointer) ?? fallback
    return typeof value === 'boolean' ? value : this.fail(pointer, 'is not a boolean')
  }

  positiveInteger(pointer: string): number {
    const value = this.#at(pointer)
    return Number.isSafeInteger(value) && Number(value) > 0
      ? Number(value)
      : this.fail(pointer, 'is not a positive integer')
  }

  object(pointer: string): JsonObject {
    const value = this.#at(pointer)
    return isObject(value) ? value : this.fail(pointer, 'is not a JSON object')
  }

  /** Returns a list of objects. It is empty when the field is missing. */
  list(pointer: string): readonly JsonObject[] {
    const value = this.#at(pointer) ?? []
    if (!Array.isArray(value)) return this.fail(pointer, 'is not a list')
    for (const [index, item] of value.entries()) {
      if (!isObject(item)) this.fail(`${pointer}/${index}`, 'is not a JSON object')
    }
    return value as readonly JsonObject[]
  }

  #at(pointer: string): unknown {
    let value: unknown = this.#root
    for (const part of pointer.split('/').slice(1)) {
      value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined
    }
    return value
  }
}

const last = (pointer: string): string => pointer.slice(pointer.lastIndexOf('/') + 1)
