import { EndpointDescriptionError } from './endpoint-description-error.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Reads fields of a document of unknown shape. Whatever is not as it should be is an error that names its place. */
export class Reading {
  readonly #root: JsonObject
  readonly #source: 'endpoint' | 'openapi.json'
  /** Name of the endpoint, for errors. */
  endpoint: string

  constructor(root: unknown, source: 'endpoint' | 'openapi.json', endpoint = '?') {
    this.#source = source
    this.endpoint = endpoint
    if (!isObject(root)) this.refuse('', 'is no JSON object')
    this.#root = root as JsonObject
  }

  refuse(pointer: string, problem: string): never {
    throw new EndpointDescriptionError(this.endpoint, this.#source, pointer, problem)
  }

  has(pointer: string): boolean {
    const value = this.#at(pointer)
    return value !== undefined && value !== null
  }

  /** A text that is not empty, at the last part of the pointer in `holder`, or in the whole document. */
  text(pointer: string, holder?: JsonObject): string {
    const value = holder === undefined ? this.#at(pointer) : holder[last(pointer)]
    return typeof value === 'string' && value !== '' ? value : this.refuse(pointer, 'is not a text')
  }

  optionalText(pointer: string): string | undefined {
    const value = this.#at(pointer) ?? undefined
    return value === undefined || typeof value === 'string' ? value : this.refuse(pointer, 'is not a text')
  }

  flag(pointer: string, fallback: boolean): boolean {
    const value = this.#at(pointer) ?? fallback
    return typeof value === 'boolean' ? value : this.refuse(pointer, 'is neither true nor false')
  }

  count(pointer: string): number {
    const value = this.#at(pointer)
    return Number.isSafeInteger(value) && Number(value) > 0
      ? Number(value)
      : this.refuse(pointer, 'is not a whole number above 0')
  }

  object(pointer: string): JsonObject {
    const value = this.#at(pointer)
    return isObject(value) ? value : this.refuse(pointer, 'is no JSON object')
  }

  /** A list of objects; empty when there is none. */
  list(pointer: string): readonly JsonObject[] {
    const value = this.#at(pointer) ?? []
    if (!Array.isArray(value)) return this.refuse(pointer, 'is not a list')
    for (const [index, item] of value.entries()) {
      if (!isObject(item)) this.refuse(`${pointer}/${index}`, 'is no JSON object')
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

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const last = (pointer: string): string => pointer.slice(pointer.lastIndexOf('/') + 1)
