import { resolve, sep } from 'node:path'
import ts from 'typescript'

/** Prints types as text. */
export interface Printer {
  readonly checker: ts.TypeChecker
  /** A type by its name, or in full if it has none. */
  readonly type: (type: ts.Type) => string
  /** The definition of a type alias. */
  readonly aliased: (type: ts.Type) => string
  /** Parameters and return type, as in a method. */
  readonly signature: (signature: ts.Signature) => string
  /** A part of a declaration as its source has it. */
  readonly node: (node: ts.Node) => string
  /** Whether the package itself declares the symbol. */
  readonly isOurs: (symbol: ts.Symbol) => boolean
}

const flags =
  ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope |
  ts.NodeBuilderFlags.IgnoreErrors

/** Prints types in a stable form: sorted unions, and names without the suffixes of the bundler. */
export function createPrinter(checker: ts.TypeChecker, folder: string): Printer {
  const printer = ts.createPrinter({ removeComments: true })
  const blank = ts.createSourceFile('blank.ts', '', ts.ScriptTarget.ES2022)
  const print = (node: ts.Node, source = blank): string => {
    const [settled = node] = ts.transform(node, [settle(source)]).transformed
    return printer.printNode(ts.EmitHint.Unspecified, settled, source).replaceAll(/;$/gm, '')
  }
  const home = resolve(folder) + sep
  return {
    checker,
    type: (type) => print(required(checker.typeToTypeNode(type, undefined, flags))),
    aliased: (type) => {
      const node = required(checker.typeToTypeNode(type, undefined, flags | ts.NodeBuilderFlags.InTypeAlias))
      const line = print(node)
      if (!ts.isTypeLiteralNode(node) || line.length < 100) return line
      return `{\n${node.members.map((member) => `  ${print(member)}`).join('\n')}\n}`
    },
    signature: (signature) => {
      const kind = ts.SyntaxKind.MethodSignature
      return print(required(checker.signatureToSignatureDeclaration(signature, kind, undefined, flags)))
    },
    node: (node) => print(node, node.getSourceFile()),
    isOurs: ({ declarations = [] }) => {
      return declarations.some((declaration) =>
        resolve(declaration.getSourceFile().fileName).startsWith(home),
      )
    },
  }
}

function required<T>(node: T | undefined): T {
  if (node === undefined) throw new Error('A type has no text.')
  return node
}

/** The compiler orders unions by first use, and the bundler numbers names that several files have. */
function settle(source: ts.SourceFile): ts.TransformerFactory<ts.Node> {
  const printer = ts.createPrinter({ removeComments: true })
  return (context) => {
    const visit = (node: ts.Node): ts.Node => {
      const settled = ts.visitEachChild(node, visit, context)
      if (ts.isIdentifier(settled) && /\$\w+$/.test(settled.text)) {
        return ts.factory.createIdentifier(settled.text.replace(/\$\w+$/, ''))
      }
      if (
        ts.isParameter(settled) &&
        settled.questionToken &&
        settled.type &&
        ts.isUnionTypeNode(settled.type)
      ) {
        return optional(settled, settled.type)
      }
      if (!ts.isUnionTypeNode(settled)) return settled
      const texts = new Map(
        settled.types.map((type) => [type, printer.printNode(ts.EmitHint.Unspecified, type, source)]),
      )
      const text = (type: ts.TypeNode): string => texts.get(type) ?? ''
      return ts.factory.createUnionTypeNode(
        [...settled.types].sort((a, b) => rank(text(a)) - rank(text(b)) || (text(a) < text(b) ? -1 : 1)),
      )
    }
    return (node) => ts.visitNode(node, visit)
  }
}

/** Removes `undefined` from the type of an optional parameter. */
function optional(parameter: ts.ParameterDeclaration, { types }: ts.UnionTypeNode): ts.ParameterDeclaration {
  const remaining = types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword)
  const [only] = remaining
  const { modifiers, dotDotDotToken, name, questionToken } = parameter
  const type = remaining.length === 1 && only !== undefined ? only : ts.factory.createUnionTypeNode(remaining)
  return ts.factory.updateParameterDeclaration(
    parameter,
    modifiers,
    dotDotDotToken,
    name,
    questionToken,
    ts.isParenthesizedTypeNode(type) ? type.type : type,
    undefined,
  )
}

/** Sorts `null` and `undefined` last. */
function rank(text: string): number {
  return ['null', 'undefined'].indexOf(text) + 1
}
