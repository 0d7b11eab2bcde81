import { isObject } from '../shared/is-object.ts'
import { isNumberPlaceholder, placeholder } from './pseudonyms.ts'
import type { RecordedRequest } from './recording.ts'

/** The parts of a request by which it is matched, and in which it can differ from a recorded one. */
export type RequestPart = 'method' | 'path' | 'query' | 'body'

/** The values of this process that replacements of the recording stand for. Each stands for one value. */
export class Substitutions {
  readonly #recorded = new Map<unknown, unknown>()
  readonly #actual = new Map<unknown, unknown>()

  get size(): number {
    return this.#recorded.size
  }

  /** Remembers what a replacement stands for. Returns false when either side belongs to another value already. */
  add(recorded: unknown, actual: unknown): boolean {
    const known = this.#recorded.has(recorded)
      ? this.#recorded.get(recorded) === actual
      : !this.#actual.has(actual)
    if (!known) return false
    this.#recorded.set(recorded, actual)
    this.#actual.set(actual, recorded)
    return true
  }

  copy(): Substitutions {
    const copy = new Substitutions()
    for (const [recorded, actual] of this.#recorded) copy.add(recorded, actual)
    return copy
  }
}

/**
 * The parts in which a request differs from a recorded one. Keys and query parameters in any order are equal.
 *
 * @param known substitutions that hold already; new ones are added
 * @param ignored query parameters and fields of bodies that are not compared
 */
export function differences(
  recorded: RecordedRequest,
  actual: RecordedRequest,
  known: Substitutions,
  ignored: ReadonlySet<string>,
): RequestPart[] {
  const [recordedPath, recordedQuery] = splitPath(recorded.path)
  const [path, query] = splitPath(actual.path)
  const without = (pairs: URLSearchParams): unknown[] =>
    [...pairs]
      .filter(([name]) => !ignored.has(name))
      .sort(([one], [two]) => (one < two ? -1 : one > two ? 1 : 0))
  const same: Readonly<Record<RequestPart, boolean>> = {
    method: recorded.method === actual.method,
    path: isSame(recordedPath, path, known, ignored),
    query: isSame(without(recordedQuery), without(query), known, ignored),
    body: isSame(recorded.body, actual.body, known, ignored),
  }
  return (Object.keys(same) as RequestPart[]).filter((part) => !same[part])
}

function splitPath(path: string): readonly [string, URLSearchParams] {
  const [name = '', query = ''] = path.split(/\?(.*)/s)
  return [name, new URLSearchParams(query)]
}

function isSame(
  recorded: unknown,
  actual: unknown,
  known: Substitutions,
  ignored: ReadonlySet<string>,
): boolean {
  if (typeof recorded === 'string') return typeof actual === 'string' && isSameText(recorded, actual, known)
  if (typeof recorded === 'number' && isNumberPlaceholder(recorded)) {
    return recorded === actual || (typeof actual === 'number' && known.add(recorded, actual))
  }
  if (Array.isArray(recorded)) {
    return (
      Array.isArray(actual) &&
      recorded.length === actual.length &&
      recorded.every((item, index) => isSame(item, actual[index], known, ignored))
    )
  }
  if (!isObject(recorded)) return recorded === actual
  if (!isObject(actual)) return false
  const names = (value: object): string[] => Object.keys(value).filter((name) => !ignored.has(name))
  return (
    names(recorded).length === names(actual).length &&
    names(recorded).every((name) => {
      const own = Object.hasOwn(actual, name)
        ? name
        : names(actual).find((other) => isSameText(name, other, known))
      return own !== undefined && isSame(recorded[name], actual[own], known, ignored)
    })
  )
}

/** Whether a text equals a recorded one in which values are replaced. */
function isSameText(recorded: string, actual: string, known: Substitutions): boolean {
  if (recorded === actual) return true
  const replaced = recorded.match(placeholder)
  if (replaced === null) return false
  const literals = recorded.split(placeholder).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const values = new RegExp(`^${literals.join('([^]+?)')}$`).exec(actual)?.slice(1)
  return (
    values?.every((value, index) => value === replaced[index] || known.add(replaced[index], value)) === true
  )
}
