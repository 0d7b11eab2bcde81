import type ts from 'typescript'
import { findHogqlLiterals, type TypeScript } from '../../codegen/queries/hogql-literals.ts'
import { inferPlaceholders } from '../../codegen/queries/infer-parameters.ts'
import { textOfLiteral } from '../../codegen/queries/literal-text.ts'
import type { ParameterType } from '../../codegen/queries/parameter-type.ts'
import { problemAt, type SourceProblem } from '../../codegen/queries/source-problem.ts'
import { placeOf, type SourcePlace, type SourceText } from '../../codegen/source-place.ts'
import { HogqlError } from '../../hogql/hogql-error.ts'
import { placeholderName, walk } from '../../hogql/inspect.ts'
import { readToken } from '../../hogql/parse/lexer.ts'
import { parseHogqlQuery } from '../../hogql/parse/parse.ts'
import type { Query } from '../../hogql/parse/tree.ts'
import type { Context } from '../context.ts'
import type { ModuleFiles } from '../module-files.ts'
import { createQuestion, type Question } from './ask-columns.ts'
import {
  createSourceProgram,
  filesWithText,
  loadTypeScript,
  type SourceProgram,
  sourceOf,
} from './source-program.ts'

/** A literal that is not checked, with the reason. */
export interface SkippedLiteral {
  readonly place: SourcePlace
  readonly reason: string
}

/** A question about a literal. */
export interface LiteralQuestion extends Question {
  readonly place: SourcePlace
  /** The declared row type, as in `hogql<Row>`. */
  readonly rowType: ts.TypeNode | undefined
  /** Whether the tables do not determine the type of a value, so that its sample may not fit. */
  readonly isGuessed: boolean
}

/** The `hogql` literals of source files. */
export interface SourceLiterals {
  /** Undefined without files that contain literals. */
  readonly program: SourceProgram | undefined
  readonly literals: readonly LiteralQuestion[]
  /** Literals that do not parse. */
  readonly problems: readonly SourceProblem[]
  readonly skipped: readonly SkippedLiteral[]
}

/**
 * Finds the queries among the `hogql` literals of source files. Sends no request. Ignores fragments, and the generated
 * module.
 *
 * @throws UsageError without TypeScript
 */
export async function findLiterals(
  { io }: Context,
  patterns: readonly string[],
  { modulePath }: ModuleFiles,
): Promise<SourceLiterals> {
  const tsApi = loadTypeScript(io.cwd)
  const found = await filesWithText(io.cwd, patterns, ['hogql`', 'hogql<', 'hogql as '])
  const paths = found.filter((path) => path !== modulePath)
  if (paths.length === 0) return { program: undefined, literals: [], problems: [], skipped: [] }
  const program = createSourceProgram(tsApi, io.cwd, paths)
  const literals: LiteralQuestion[] = []
  const problems: SourceProblem[] = []
  const skipped: SkippedLiteral[] = []
  for (const file of program.files) {
    const source = sourceOf(io.cwd, file)
    for (const { node, isNested } of findHogqlLiterals(tsApi, file)) {
      if (isNested) continue
      const result = readLiteral(tsApi, program.checker, source, node)
      if (result === undefined) continue
      if ('question' in result) literals.push(result.question)
      else if ('problem' in result) problems.push(result.problem)
      else skipped.push(result.skipped)
    }
  }
  return { program, literals, problems, skipped }
}

type ReadLiteral =
  | { readonly question: LiteralQuestion }
  | { readonly problem: SourceProblem }
  | { readonly skipped: SkippedLiteral }

/** Reads a literal. Undefined for a fragment. */
function readLiteral(
  tsApi: TypeScript,
  checker: ts.TypeChecker,
  source: SourceText,
  node: ts.TaggedTemplateExpression,
): ReadLiteral | undefined {
  const { template } = node
  const head = tsApi.isNoSubstitutionTemplateLiteral(template) ? template.text : template.head.text
  const isStart = /^(?:\s|\(|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:select|with)\b/i.test(head)
  if (!isStart) return undefined
  const place = placeOf(source, node.getStart())
  const literal = textOfLiteral(tsApi, checker, node)
  if ('unknown' in literal) return { skipped: { place, reason: literal.unknown } }
  const { text, values, toFile } = literal
  let tree: Query
  try {
    const parsed = parseHogqlQuery(text)
    if (parsed.node === 'HogQLXTag') return undefined
    tree = parsed
  } catch (error) {
    if (!(error instanceof HogqlError)) throw error
    const { start = 0, end = start } = error
    // The start of a query, which other literals complete.
    if (tsApi.isIdentifier(node.tag) && start >= text.trimEnd().length) return undefined
    const span = { start: toFile(start), end: toFile(Math.max(start, end - 1)) + 1 }
    return { problem: problemAt(source, span, `${error.message}.`) }
  }
  const inferred = new Map<string, ParameterType>()
  const places = new Map<string, { start: number; end: number }[]>()
  const types = inferPlaceholders(tree)
  walk(tree, (placeholder) => {
    if (placeholder.node !== 'Placeholder') return
    const name = placeholderName(placeholder) ?? ''
    places.set(name, [...(places.get(name) ?? []), placeholder])
    const type = types.get(placeholder)
    if (type !== undefined) inferred.set(name, type)
  })
  const parameters = values.map(({ name, type }) => ({
    name,
    type: inferred.get(name) ?? type ?? { base: 'String' as const, isArray: false, nullable: false },
    places: places.get(name) ?? [],
  }))
  const start = readToken(text, 0).start
  const question = createQuestion(source, { text, tree, start, end: endOfText(text), parameters })
  const { toSource } = question.asked
  return {
    question: {
      ...question,
      asked: { ...question.asked, toSource: (offset) => toFile(toSource(offset)) },
      place,
      rowType: node.typeArguments?.[0],
      isGuessed: values.some(({ name }) => !inferred.has(name)),
    },
  }
}

function endOfText(text: string): number {
  return text.replace(/[\s;]+$/, '').length
}
