import ts from 'typescript'
import { applyEdits, type Edit, propertiesOf, readAliases } from './aliases.ts'

/** Writes `PatchedFoo` as `Partial<Foo>` where its properties are those of `Foo`, all optional, with the same comments. */
export function writePartialTypes(text: string): string {
  const { source, byName } = readAliases(text)
  const edits: Edit[] = []
  for (const [name, alias] of byName) {
    const base = name.replace(/^Patched/, '')
    if (base === name) continue
    const properties = propertiesOf(alias)
    const originals = propertiesOf(byName.get(base))
    const isPartial =
      properties.size > 0 &&
      properties.size === originals.size &&
      hasOnly(alias, properties.size) &&
      hasOnly(byName.get(base), originals.size) &&
      [...properties].every(([key, property]) => {
        const original = originals.get(key)
        return property.questionToken !== undefined && original && required(property) === required(original)
      })
    if (isPartial) edits.push({ node: alias.type, text: `Partial<${base}>` })
  }
  return applyEdits(source, edits)
}

/** Whether an object type has properties only, and no index signature. */
const hasOnly = (alias: ts.TypeAliasDeclaration | undefined, count: number): boolean =>
  alias !== undefined && ts.isTypeLiteralNode(alias.type) && alias.type.members.length === count

/** The text of a property as if it was required, with its comment. */
function required(property: ts.PropertySignature): string {
  const { questionToken } = property
  const text = property.getFullText().trim()
  if (questionToken === undefined) return text
  const at = questionToken.getStart() - property.end + text.length
  return text.slice(0, at) + text.slice(at + 1)
}
