import ts from 'typescript'
import { type Aliases, applyEdits, type Edit, propertiesOf, readAliases, walk } from './aliases.ts'

/**
 * Replaces `({ kind: 'EventsNode' } & EventsNode)` with `EventsNode` where `EventsNode` has the same required property.
 * The generator writes the intersection for each member of a discriminated union.
 */
export function dropDiscriminators(text: string): string {
  const aliases = readAliases(text)
  const edits: Edit[] = []
  walk(aliases.source, (node) => {
    if (!ts.isIntersectionTypeNode(node)) return
    const [first, second, ...others] = node.types
    if (others.length > 0 || first === undefined || second === undefined || !repeats(aliases, first, second))
      return
    edits.push({ node: ts.isParenthesizedTypeNode(node.parent) ? node.parent : node, text: second.getText() })
  })
  return applyEdits(aliases.source, edits)
}

/** Whether an object type has one property only, and a named type has the same one. */
function repeats({ byName }: Aliases, object: ts.TypeNode, named: ts.TypeNode): boolean {
  if (!ts.isTypeLiteralNode(object) || !ts.isTypeReferenceNode(named)) return false
  const [only, ...others] = object.members
  if (only === undefined || others.length > 0 || !ts.isPropertySignature(only)) return false
  const property = propertiesOf(byName.get(named.typeName.getText())).get(only.name.getText())
  return (
    property !== undefined && !property.questionToken && property.type?.getText() === only.type?.getText()
  )
}

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

/** Writes `Array<Foo>` as `Foo[]`, which is less for the compiler to read. */
export function writeArrays(text: string): string {
  const { source } = readAliases(text)
  const edits: Edit[] = []
  walk(source, (node) => {
    if (!ts.isTypeReferenceNode(node) || node.typeName.getText() !== 'Array') return
    const item = node.typeArguments?.[0]?.getText() ?? ''
    if (/^[\w$]+$/.test(item)) edits.push({ node, text: `${item}[]` })
  })
  return applyEdits(source, edits)
}
