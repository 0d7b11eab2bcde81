import type ts from 'typescript'
import type { TypeScript } from './hogql-literals.ts'

/** A place in the code that reads a column of a generated row type. */
export interface ColumnUse {
  /** Name of the row type, such as `TopPagesRow`. */
  readonly rowType: string
  readonly column: string
  readonly node: ts.Node
}

/**
 * Finds the code that reads columns of the generated row types: property access, element access with a literal, and
 * destructuring.
 *
 * @param module the file of the generated module
 * @param wanted columns by row type
 */
export function findColumnUses(
  tsApi: TypeScript,
  checker: ts.TypeChecker,
  files: readonly ts.SourceFile[],
  module: ts.SourceFile,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): ColumnUse[] {
  const columns = new Set([...wanted.values()].flatMap((names) => [...names]))
  const uses: ColumnUse[] = []
  const add = (node: ts.Node, owner: ts.Type, column: string): void => {
    for (const part of owner.isUnion() ? owner.types : [owner]) {
      const rowType = rowTypeOf(tsApi, checker.getPropertyOfType(part, column), module)
      if (rowType === undefined || wanted.get(rowType)?.has(column) !== true) continue
      uses.push({ rowType, column, node })
      return
    }
  }
  const visit = (node: ts.Node): void => {
    if (tsApi.isPropertyAccessExpression(node) && columns.has(node.name.text)) {
      add(node.name, checker.getTypeAtLocation(node.expression), node.name.text)
    } else if (tsApi.isElementAccessExpression(node) && tsApi.isStringLiteralLike(node.argumentExpression)) {
      const { text } = node.argumentExpression
      if (columns.has(text)) add(node.argumentExpression, checker.getTypeAtLocation(node.expression), text)
    } else if (tsApi.isBindingElement(node) && tsApi.isObjectBindingPattern(node.parent)) {
      const name = node.propertyName ?? node.name
      const text = tsApi.isIdentifier(name) || tsApi.isStringLiteralLike(name) ? name.text : ''
      if (columns.has(text)) add(name, checker.getTypeAtLocation(node.parent), text)
    }
    tsApi.forEachChild(node, visit)
  }
  for (const file of files) if (file !== module) visit(file)
  return uses
}

/** The generated row type that declares a property. */
function rowTypeOf(
  tsApi: TypeScript,
  property: ts.Symbol | undefined,
  module: ts.SourceFile,
): string | undefined {
  for (const { parent } of property?.declarations ?? []) {
    if (tsApi.isInterfaceDeclaration(parent) && parent.getSourceFile() === module) return parent.name.text
  }
  return undefined
}
