import type ts from 'typescript'
import { fragmentMethod, isHogqlLiteral, type TypeScript } from './hogql-literals.ts'
import type { ParameterType } from './parameter-type.ts'
import { baseTypeOfValue } from './value-type.ts'

/** A placeholder that stands for a value of the program. */
export interface LiteralValue {
  readonly name: string
  /** The type of the expression; undefined if it is not certain. */
  readonly type: ParameterType | undefined
}

/** The query text of a literal, with `{name}` for each value. */
export interface LiteralText {
  readonly text: string
  readonly values: readonly LiteralValue[]
  /** Converts an offset of the text to an offset of the file. */
  toFile(offset: number): number
}

/** Why the text of a literal is only known at run time. */
export interface UnknownText {
  readonly unknown: string
}

/** A part of the text, and where it starts in the file. */
interface Piece {
  readonly text: string
  readonly at: number
  /** Whether each character of the text is one of the file. */
  readonly isExact: boolean
}

/** Builds the query text of a literal. Fragments with a known text become part of it. */
export function textOfLiteral(
  tsApi: TypeScript,
  checker: ts.TypeChecker,
  literal: ts.TaggedTemplateExpression,
): LiteralText | UnknownText {
  const pieces: Piece[] = []
  const values: LiteralValue[] = []
  let prefix = 'value'
  while (literal.getText().includes(`{${prefix}`)) prefix += '_'
  const addValue = (expression: ts.Expression, type: ParameterType | undefined): void => {
    const name = `${prefix}${values.length}`
    values.push({ name, type })
    pieces.push({ text: `{${name}}`, at: expression.getStart(), isExact: false })
  }
  const unknown = (expression: ts.Expression): string => {
    const { line } = expression.getSourceFile().getLineAndCharacterOfPosition(expression.getStart())
    return `the fragment in line ${line + 1} is known only at run time`
  }
  const addLiteral = (node: ts.TaggedTemplateExpression): string | undefined => {
    const { template } = node
    if (tsApi.isNoSubstitutionTemplateLiteral(template)) return addString(template, template.getEnd() - 1)
    const problem = addString(template.head, template.head.getEnd() - 2)
    if (problem !== undefined) return problem
    for (const { expression, literal: text } of template.templateSpans) {
      const isTail = tsApi.isTemplateTail(text)
      const failed = addExpression(expression) ?? addString(text, text.getEnd() - (isTail ? 1 : 2))
      if (failed !== undefined) return failed
    }
    return undefined
  }
  const addString = (
    node: ts.NoSubstitutionTemplateLiteral | ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail,
    end: number,
  ): string | undefined => {
    const at = node.getStart() + 1
    pieces.push({ text: node.text, at, isExact: end - at === node.text.length })
    return undefined
  }
  const addExpression = (given: ts.Expression): string | undefined => {
    const expression = tsApi.isParenthesizedExpression(given) ? given.expression : given
    if (tsApi.isTaggedTemplateExpression(expression) && isHogqlLiteral(tsApi, expression))
      return addLiteral(expression)
    const call = fragmentMethod(tsApi, expression)
    if (call !== undefined) return addFragment(expression, call)
    const type = checker.getTypeAtLocation(expression)
    if (!isFragment(checker, type)) {
      const isAny = (type.flags & (tsApi.TypeFlags.Any | tsApi.TypeFlags.Unknown)) !== 0
      if (isAny) return unknown(expression)
      addValue(expression, baseTypeOfValue(tsApi, checker, type))
      return undefined
    }
    const declared = tsApi.isIdentifier(expression) ? constantLiteral(expression) : undefined
    return declared === undefined ? unknown(expression) : addLiteral(declared)
  }
  const addFragment = (
    expression: ts.Expression,
    { method, args }: NonNullable<ReturnType<typeof fragmentMethod>>,
  ): string | undefined => {
    const texts = args.map((argument) => (tsApi.isStringLiteralLike(argument) ? argument.text : undefined))
    const isKnown = texts.length > 0 && texts.every((text) => text !== undefined)
    if (method === 'raw' && isKnown) {
      pieces.push({ text: texts.join(''), at: expression.getStart(), isExact: false })
      return undefined
    }
    if (method === 'ref' && isKnown) {
      const names = texts.map((text) => `\`${text.replaceAll('`', '``')}\``)
      pieces.push({ text: names.join('.'), at: expression.getStart(), isExact: false })
      return undefined
    }
    const [list] = args
    if (method !== 'list' || list === undefined) return unknown(expression)
    addValue(expression, baseTypeOfValue(tsApi, checker, checker.getTypeAtLocation(list)))
    return undefined
  }
  /** The literal of a constant in the same file. */
  const constantLiteral = (name: ts.Identifier): ts.TaggedTemplateExpression | undefined => {
    const declaration = checker.getSymbolAtLocation(name)?.valueDeclaration
    if (declaration === undefined || !tsApi.isVariableDeclaration(declaration)) return undefined
    if (declaration.getSourceFile() !== name.getSourceFile()) return undefined
    const isConstant = (tsApi.getCombinedNodeFlags(declaration) & tsApi.NodeFlags.Const) !== 0
    const { initializer } = declaration
    if (!isConstant || initializer === undefined || !tsApi.isTaggedTemplateExpression(initializer))
      return undefined
    return isHogqlLiteral(tsApi, initializer) ? initializer : undefined
  }
  const problem = addLiteral(literal)
  if (problem !== undefined) return { unknown: problem }
  return { text: pieces.map(({ text }) => text).join(''), values, toFile: (offset) => toFile(pieces, offset) }
}

/** Whether a type is that of a HogQL fragment, or may be one. */
function isFragment(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some((part) => isFragment(checker, part))
  return (
    checker.getPropertyOfType(type, 'query') !== undefined &&
    checker.getPropertyOfType(type, 'values') !== undefined
  )
}

function toFile(pieces: readonly Piece[], offset: number): number {
  let before = 0
  for (const { text, at, isExact } of pieces) {
    if (offset < before + text.length) return isExact ? at + offset - before : at
    before += text.length
  }
  const last = pieces.at(-1)
  if (last === undefined) return 0
  return last.isExact ? last.at + last.text.length : last.at
}
