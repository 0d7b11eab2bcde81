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
