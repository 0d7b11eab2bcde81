import { pascalCase, wordsOf } from '../schema/naming/words.ts'
import { byCodeUnit } from '../source-text.ts'
import { membersOf } from './type-sources.ts'

/** The part of an input that a shape is for. */
export type ShapeKind = 'Path' | 'Query'

/** Rarer object types are easier to read in place. */
const minUses = 5
/** A longer name is harder to read than the object type. */
const maxFields = 4

/**
 * Names the object types that many operations use by their fields: `ProjectAndIdPath`, `LimitAndOffsetQuery`. Types with
 * many fields have no name. Of two types with the same fields, the more frequent one gets the name.
 *
 * @param uses the source of each use
 * @param taken names of other types
 * @returns names by source, sorted
 */
export function nameShapes(
  kind: ShapeKind,
  uses: readonly string[],
  taken: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const counts = new Map<string, number>()
  for (const source of uses) counts.set(source, (counts.get(source) ?? 0) + 1)
  const frequent = [...counts].filter(([, count]) => count >= minUses)
  const sources = new Map<string, string>()
  for (const [source] of frequent.sort(([a, m], [b, n]) => n - m || byCodeUnit(a, b))) {
    const name = nameOf(kind, source)
    if (name !== undefined && !sources.has(name) && !taken.has(name)) sources.set(name, source)
  }
  return new Map([...sources].sort(([a], [b]) => byCodeUnit(a, b)).map(([name, source]) => [source, name]))
}

function nameOf(kind: ShapeKind, source: string): string | undefined {
  const fields = membersOf(source)
  if (fields.length === 0 || fields.length > maxFields) return undefined
  return `${fields.map(({ name, type }) => nameOfField(kind, name, type)).join('And')}${kind}`
}

/** In paths, the project and the organization have ids only, and other ids may be numbers. */
function nameOfField(kind: ShapeKind, name: string, type: string): string {
  const words = wordsOf(name)
  if (kind === 'Query') return pascalCase(words)
  if (type === 'string | number') return pascalCase(words.filter((word) => word !== 'id'))
  return pascalCase(type === 'number' ? ['numeric', ...words] : words)
}
