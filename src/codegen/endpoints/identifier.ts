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
 * Identifiers of endpoints in the generated module, by name. An endpoint keeps the identifier that it has in `kept`;
 * when two have the same, the first keeps it.
 * A new one gets its name in camelCase, with `_2`, `_3`… where that is taken, in the order of the names. Identifiers in
 * `kept` stay reserved for endpoints that are gone: code that still uses one must not run another endpoint.
 */
export function endpointIdentifiers(
  names: readonly string[],
  kept: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const identifiers = new Map<string, string>()
  // Type names capitalize the first letter, so `Foo` and `foo` cannot both be identifiers.
  const taken = new Set<string>()
  const assign = (name: string, identifier: string): void => {
    taken.add(typeName(identifier))
    identifiers.set(name, identifier)
  }
  for (const [name, identifier] of kept) {
    if (isIdentifier(identifier) && !taken.has(typeName(identifier))) assign(name, identifier)
  }
  const counts = new Map<string, number>()
  for (const name of [...names].sort(byCodeUnit)) {
    if (identifiers.has(name)) continue
    const plain = plainIdentifier(name)
    let identifier = plain
    let count = counts.get(plain) ?? 1
    while (taken.has(typeName(identifier))) {
      count += 1
      identifier = `${plain}_${count}`
    }
    counts.set(plain, count)
    assign(name, identifier)
  }
  return new Map(names.map((name) => [name, identifiers.get(name) ?? plainIdentifier(name)]))
}

/** The identifier of an endpoint whose name collides with no other. */
export function plainIdentifier(name: string): string {
  const folded = camelCase(name)
  return risky.has(folded) ? `${folded.replace(/_/g, '')}Endpoint` : folded
}

/** Whether a text can be the identifier of an endpoint. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(text) && text !== '__proto__'
}

/** Name of a type made from an identifier. */
export function typeName(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1)
}

/** A property key as it stands in code: bare when it is an identifier, else quoted. */
export function propertyKey(text: string): string {
  return isIdentifier(text) ? text : quoted(text)
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
