import ts from 'typescript'
import { applyEdits, type Edit, readAliases, walk } from './aliases.ts'

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
