import ts from 'typescript'

/** The type aliases of a declaration file, without generic ones. */
export interface Aliases {
  readonly source: ts.SourceFile
  readonly byName: ReadonlyMap<string, ts.TypeAliasDeclaration>
}

/** A piece of text to replace. */
export interface Edit {
  readonly node: ts.Node
  readonly text: string
}

export function readAliases(text: string): Aliases {
  const source = ts.createSourceFile('types.d.ts', text, ts.ScriptTarget.Latest, true)
  const aliases = source.statements.filter(ts.isTypeAliasDeclaration)
  const plain = aliases.filter(({ typeParameters }) => typeParameters === undefined)
  return { source, byName: new Map(plain.map((alias) => [alias.name.text, alias])) }
}

/** Replaces the text of nodes. Of nested nodes, only the outer one is replaced. */
export function applyEdits(source: ts.SourceFile, edits: readonly Edit[]): string {
  let text = ''
  let end = 0
  const starts = edits.map((edit) => ({ ...edit, start: edit.node.getStart(source) }))
  for (const { node, start, text: replacement } of starts.sort(
    (a, b) => a.start - b.start || b.node.end - a.node.end,
  )) {
    if (start < end) continue
    text += source.text.slice(end, start) + replacement
    end = node.end
  }
  return text + source.text.slice(end)
}

/** Calls `visit` with each node below one. */
export function walk(node: ts.Node, visit: (child: ts.Node) => void): void {
  ts.forEachChild(node, (child) => {
    visit(child)
    walk(child, visit)
  })
}

/** The properties of an object type by name; none for other types. */
export function propertiesOf(
  alias: ts.TypeAliasDeclaration | undefined,
): ReadonlyMap<string, ts.PropertySignature> {
  if (alias === undefined || !ts.isTypeLiteralNode(alias.type)) return new Map()
  const properties = alias.type.members.filter(ts.isPropertySignature)
  return new Map(properties.map((property) => [property.name.getText(), property]))
}
