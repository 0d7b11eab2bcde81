import { isName, isSymbol, type Token } from './token.ts'
import { quotedName, stringLiteral } from './write-token.ts'

/** ClickHouse types of properties that PostHog knows not to be text, such as `amount` -> `Float64`. */
export type PropertyTypes = Readonly<Record<string, string>>

/** A dotted name of the source, rewritten for ClickHouse. */
export interface Chain {
  /** First token index, and the one after the last. */
  readonly from: number
  readonly to: number
  readonly sql: string
  /** Last part of the name: the column's name in a result. */
  readonly label: string
}

/** Fields of a person that the events table carries beside each event. */
const PERSON_FIELDS: Readonly<Record<string, string>> = {
  id: 'person_id',
  created_at: 'person_created_at',
  is_identified: 'person_is_identified',
  properties: 'person_properties',
}

/**
 * Rewrites the dotted name at `from` when it reaches into `properties` or into `person`; undefined otherwise.
 * A property is read as text or NULL (or as its known type): HogQL's rule for JSON properties.
 */
export function readChain(
  tokens: readonly Token[],
  from: number,
  aliases: ReadonlySet<string>,
  types: PropertyTypes,
): Chain | undefined {
  const parts: string[] = []
  let to = from
  while (isName(tokens[to]) || (to > from && tokens[to]?.kind === 'number')) {
    parts.push(tokens[to]?.value ?? '')
    to += 1
    // `properties['x']` is the same as `properties.x`.
    while (isSymbol(tokens[to], '[') && tokens[to + 1]?.kind === 'string' && isSymbol(tokens[to + 2], ']')) {
      parts.push(tokens[to + 1]?.value ?? '')
      to += 3
    }
    if (!isSymbol(tokens[to], '.')) break
    to += 1
  }
  if (parts.length < 2 || isSymbol(tokens[to], '(')) return undefined
  const personAt = aliases.has('person') ? -1 : parts.slice(0, 2).indexOf('person')
  const label = parts.at(-1) ?? ''
  if (personAt >= 0 && personAt + 1 < parts.length) {
    const field = PERSON_FIELDS[parts[personAt + 1] ?? '']
    if (field === undefined) return undefined
    const column = [...parts.slice(0, personAt), field].map(quotedName).join('.')
    return { from, to, sql: readProperty(column, parts.slice(personAt + 2), types), label }
  }
  const propertiesAt = parts.slice(0, 2).indexOf('properties')
  if (propertiesAt < 0 || propertiesAt + 1 >= parts.length) return undefined
  const column = parts
    .slice(0, propertiesAt + 1)
    .map(quotedName)
    .join('.')
  return { from, to, sql: readProperty(column, parts.slice(propertiesAt + 1), types), label }
}

function readProperty(column: string, path: readonly string[], types: PropertyTypes): string {
  if (path.length === 0) return column
  const type = (path.length === 1 ? types[path[0] ?? ''] : undefined) ?? 'String'
  return `JSONExtract(${column}, ${path.map(stringLiteral).join(', ')}, 'Nullable(${type})')`
}
