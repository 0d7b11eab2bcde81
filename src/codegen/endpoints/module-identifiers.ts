import { byCodeUnit } from './identifier.ts'

/** An endpoint whose identifier in the generated module changes. */
export interface MovedIdentifier {
  readonly name: string
  readonly from: string
  readonly to: string
}

/** How an entry of `endpoints` begins in a generated module. */
const entry = /^ {2}([A-Za-z_$][\w$]*): \{\r?\n {4}name: '((?:[^'\\\r\n]|\\.)*)',\r?$/gm

/** Identifiers in the text of a generated module, by name of the endpoint. With merge conflicts, the first side's. */
export function readModuleIdentifiers(module: string): ReadonlyMap<string, string> {
  const identifiers = new Map<string, string>()
  for (const [, identifier = '', literal = ''] of module.matchAll(entry)) {
    const name = textOf(literal)
    if (name !== undefined && !identifiers.has(name)) identifiers.set(name, identifier)
  }
  return identifiers
}

/** Endpoints that are in both, with different identifiers. */
export function movedIdentifiers(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): MovedIdentifier[] {
  return [...after]
    .flatMap(([name, to]) => {
      const from = before.get(name)
      return from === undefined || from === to ? [] : [{ name, from, to }]
    })
    .sort((a, b) => byCodeUnit(a.name, b.name))
}

/** The text of a literal in single quotes; undefined for one that no pull wrote. */
function textOf(literal: string): string | undefined {
  try {
    const text: unknown = JSON.parse(`"${literal.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`)
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}
