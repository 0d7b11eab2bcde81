import type ts from 'typescript'

/** The API of the TypeScript that the project has installed. */
export type TypeScript = typeof ts

/** A tagged template that is a HogQL query or fragment. */
export interface TaggedLiteral {
  readonly node: ts.TaggedTemplateExpression
  /** Whether it stands in the placeholder of another one. */
  readonly isNested: boolean
}

/**
 * Finds the `hogql` literals of a file: the tag `hogql` of `typehog`, also under another name, and the method `hogql` of
 * any client.
 */
export function findHogqlLiterals(tsApi: TypeScript, file: ts.SourceFile): TaggedLiteral[] {
  const names = importedNames(tsApi, file)
  const literals: TaggedLiteral[] = []
  const visit = (node: ts.Node, isNested: boolean): void => {
    const isLiteral = tsApi.isTaggedTemplateExpression(node) && isHogqlTag(tsApi, node.tag, names)
    if (isLiteral) literals.push({ node, isNested })
    tsApi.forEachChild(node, (child) => visit(child, isNested || isLiteral))
  }
  visit(file, false)
  return literals
}

/** Local names of the tag: those that the file imports, and `hogql` itself. */
function importedNames(tsApi: TypeScript, file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set(['hogql'])
  for (const statement of file.statements) {
    if (!tsApi.isImportDeclaration(statement)) continue
    const { moduleSpecifier, importClause } = statement
    if (!tsApi.isStringLiteral(moduleSpecifier) || moduleSpecifier.text !== 'typehog') continue
    const bindings = importClause?.namedBindings
    if (bindings === undefined || !tsApi.isNamedImports(bindings)) continue
    for (const { name, propertyName } of bindings.elements) {
      if ((propertyName ?? name).text === 'hogql') names.add(name.text)
    }
  }
  return names
}

function isHogqlTag(tsApi: TypeScript, tag: ts.Expression, names: ReadonlySet<string>): boolean {
  if (tsApi.isIdentifier(tag)) return names.has(tag.text)
  return tsApi.isPropertyAccessExpression(tag) && tag.name.text === 'hogql'
}

/** The method and the arguments of `hogql.list(…)`; undefined for any other expression. */
export function fragmentMethod(
  tsApi: TypeScript,
  node: ts.Expression,
): { readonly method: string; readonly args: readonly ts.Expression[] } | undefined {
  if (!tsApi.isCallExpression(node) || !tsApi.isPropertyAccessExpression(node.expression)) return undefined
  const { expression, name } = node.expression
  return isHogqlTag(tsApi, expression, importedNames(tsApi, node.getSourceFile()))
    ? { method: name.text, args: node.arguments }
    : undefined
}
