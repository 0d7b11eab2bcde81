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
  const literals: TaggedLiteral[] = []
  const visit = (node: ts.Node, isNested: boolean): void => {
    const isLiteral = tsApi.isTaggedTemplateExpression(node) && isHogqlLiteral(tsApi, node)
    if (isLiteral) literals.push({ node, isNested })
    tsApi.forEachChild(node, (child) => visit(child, isNested || isLiteral))
  }
  visit(file, false)
  return literals
}

/** Local names of the tag by file. Each file is read once. */
const namesByFile = new WeakMap<ts.SourceFile, ReadonlySet<string>>()

/** Local names of the tag: those that the file imports, and `hogql` itself. */
function tagNames(tsApi: TypeScript, file: ts.SourceFile): ReadonlySet<string> {
  const known = namesByFile.get(file)
  if (known !== undefined) return known
  const names = new Set(['hogql'])
  namesByFile.set(file, names)
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

/** Whether a tagged template is a HogQL query or fragment. */
export function isHogqlLiteral(tsApi: TypeScript, { tag }: ts.TaggedTemplateExpression): boolean {
  return isHogqlTag(tsApi, tag)
}

function isHogqlTag(tsApi: TypeScript, tag: ts.Expression): boolean {
  if (tsApi.isIdentifier(tag)) return tagNames(tsApi, tag.getSourceFile()).has(tag.text)
  return tsApi.isPropertyAccessExpression(tag) && tag.name.text === 'hogql'
}

/** The method and the arguments of `hogql.list(…)`; undefined for any other expression. */
export function fragmentMethod(
  tsApi: TypeScript,
  node: ts.Expression,
): { readonly method: string; readonly args: readonly ts.Expression[] } | undefined {
  if (!tsApi.isCallExpression(node) || !tsApi.isPropertyAccessExpression(node.expression)) return undefined
  const { expression, name } = node.expression
  return isHogqlTag(tsApi, expression) ? { method: name.text, args: node.arguments } : undefined
}
