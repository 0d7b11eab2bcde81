/** Keys that mean something to JavaScript when they stand on an object. */
const risky: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
  'then',
  'toString',
  'valueOf',
])

/**
 * Keys of the generated object: names in camelCase. Names that fold to one key (`a-b`, `a_b`) get `_2`, `_3`… in
 * the order of their names, so that the same endpoints have the same keys on every pull.
 */
export function endpointKeys(names: readonly string[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  const taken = new Set<string>()
  for (const name of [...names].sort(byCodeUnit)) {
    const folded = camelCase(name)
    const plain = risky.has(folded) ? `${folded.replace(/_/g, '')}Endpoint` : folded
    let key = plain
    // Type names differ in their first letter only, so `Foo` and `foo` may not both be keys.
    for (let count = 2; taken.has(typeName(key)); count += 1) key = `${plain}_${count}`
    taken.add(typeName(key))
    keys.set(name, key)
  }
  return keys
}

/** Name of a type made from a key. */
export function typeName(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1)
}

/** A property key as it stands in code: bare when it is an identifier, else quoted. */
export function propertyKey(text: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(text) && text !== '__proto__' ? text : quoted(text)
}

/** A text as a literal in single quotes, with everything escaped that could end it or hide in it. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner.replace(/[\u2028\u2029\p{Cc}\p{Cf}]/gu, escapeUnit)}'`
}

/** Order by code unit, which no locale changes. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const escapeUnit = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

function camelCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const [first = 'endpoint', ...rest] = words
  const joined = first.charAt(0).toLowerCase() + first.slice(1) + rest.map(typeName).join('')
  return /^\d/.test(joined) ? `_${joined}` : joined
}
