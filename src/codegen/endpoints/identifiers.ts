import { byCodeUnit, quoted } from '../source-text.ts'

/** Property names that have a special meaning in JavaScript. */
const reservedNames: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
  'then',
  'toString',
  'valueOf',
])

/**
 * Assigns identifiers in the generated module to endpoints, by name. An endpoint keeps its identifier in `existing`.
 * When two endpoints share one, the first keeps it. A new endpoint gets its name in camelCase, with the suffix `_2`,
 * `_3`… if it is taken, in the order of the names. The identifiers of deleted endpoints in `existing` stay reserved, so
 * that old code never runs another endpoint.
 *
 * @param noun identifier of a name without letters or digits of ASCII
 */
export function endpointIdentifiers(
  names: readonly string[],
  existing: ReadonlyMap<string, string> = new Map(),
  noun = 'endpoint',
): ReadonlyMap<string, string> {
  const identifiers = new Map<string, string>()
  // Type names start with a capital letter, so `Foo` and `foo` cannot both be identifiers.
  const taken = new Set<string>()
  const assign = (name: string, identifier: string): void => {
    taken.add(typeName(identifier))
    identifiers.set(name, identifier)
  }
  for (const [name, identifier] of existing) {
    if (isIdentifier(identifier) && !taken.has(typeName(identifier))) assign(name, identifier)
  }
  const counts = new Map<string, number>()
  for (const name of [...names].sort(byCodeUnit)) {
    if (identifiers.has(name)) continue
    const plain = plainIdentifier(name, noun)
    let identifier = plain
    let count = counts.get(plain) ?? 1
    while (taken.has(typeName(identifier))) {
      count += 1
      identifier = `${plain}_${count}`
    }
    counts.set(plain, count)
    assign(name, identifier)
  }
  return new Map(names.map((name) => [name, identifiers.get(name) ?? plainIdentifier(name, noun)]))
}

/**
 * Returns the identifier of an endpoint without a name collision.
 *
 * @param noun what the name belongs to. It completes names that JavaScript reserves, and replaces those without letters
 */
export function plainIdentifier(name: string, noun = 'endpoint'): string {
  const identifier = camelCase(name, noun)
  return reservedNames.has(identifier) ? `${identifier.replace(/_/g, '')}${typeName(noun)}` : identifier
}

/** Whether a string is a valid identifier for an endpoint. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(text) && text !== '__proto__'
}

/** Capitalizes an identifier for use in a type name. */
export function typeName(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1)
}

/** Renders a property key: bare when it is an identifier, otherwise quoted. */
export function propertyKey(text: string): string {
  return isIdentifier(text) ? text : quoted(text)
}

function camelCase(name: string, noun: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const [first = noun, ...rest] = words
  const joined = first.charAt(0).toLowerCase() + first.slice(1) + rest.map(typeName).join('')
  return /^\d/.test(joined) ? `_${joined}` : joined
}

/** A changed identifier of an endpoint in the generated module. */
export interface RenamedIdentifier {
  readonly name: string
  readonly from: string
  readonly to: string
}

/** The start of an entry of `endpoints` in a generated module. */
const entry = /^ {2}([A-Za-z_$][\w$]*): \{\r?\n {4}name: '((?:[^'\\\r\n]|\\.)*)',\r?$/gm

/** Reads the identifiers in a generated module, by endpoint name. In a merge conflict, the first side applies. */
export function readModuleIdentifiers(module: string): ReadonlyMap<string, string> {
  const identifiers = new Map<string, string>()
  for (const [, identifier = '', literal = ''] of module.matchAll(entry)) {
    const name = textOf(literal)
    if (name !== undefined && !identifiers.has(name)) identifiers.set(name, identifier)
  }
  return identifiers
}

/** Returns the endpoints that have different identifiers in `before` and `after`. */
export function renamedIdentifiers(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): RenamedIdentifier[] {
  return [...after]
    .flatMap(([name, to]) => {
      const from = before.get(name)
      return from === undefined || from === to ? [] : [{ name, from, to }]
    })
    .sort((a, b) => byCodeUnit(a.name, b.name))
}

/** Parses the content of a single-quoted literal. Returns undefined for a literal that `quoted` does not write. */
function textOf(literal: string): string | undefined {
  try {
    const text: unknown = JSON.parse(`"${literal.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`)
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}
