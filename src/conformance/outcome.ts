/** What a run saw, in words without personal data: types, names of fields, statuses and codes. */
export interface Verdict {
  readonly held: boolean
  readonly seen: string
}

/** Reason why an assertion was not tested. It says nothing about the fact. */
export class NotTried extends Error {
  override readonly name = 'NotTried'
}

/** A needed step showed that the fact does not hold. The message says what was seen. */
export class Differs extends Error {
  override readonly name = 'Differs'
}

/** The value at a path of keys and indexes. Undefined where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner === null ? undefined : Object(inner)[key]), value)
}
