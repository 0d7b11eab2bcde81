import { HogqlError } from '../../hogql/hogql-error.ts'
import { placeholderPath, walk } from '../../hogql/inspect.ts'
import { readToken } from '../../hogql/parse/lexer.ts'
import { parseHogqlQuery } from '../../hogql/parse/parse.ts'
import type { Expression, Join, Placeholder, Query } from '../../hogql/parse/tree.ts'
import { closestName } from '../../shared/did-you-mean.ts'
import { plainIdentifier, typeName } from '../endpoints/identifiers.ts'
import type { SourceText } from '../source-place.ts'
import { type FileComments, readComments } from './file-comments.ts'
import { inferPlaceholders, isListOperand } from './infer-parameters.ts'
import { formatParameterType, type ParameterType } from './parameter-type.ts'
import { problemAt, type SourceProblem } from './source-problem.ts'

/** A place of a parameter in the text of its file. */
export interface ParameterPlace {
  readonly start: number
  readonly end: number
  /** Whether it is the list of an `in`. */
  readonly isList: boolean
}

/** A parameter of a query file. */
export interface QueryParameter {
  readonly name: string
  readonly type: ParameterType
  readonly description: string | undefined
  /** In the order of the text. */
  readonly places: readonly ParameterPlace[]
}

/** A `.sql` file with one HogQL query. */
export interface QueryFile {
  readonly source: SourceText
  /** Name of the function in the generated module. */
  readonly name: string
  readonly description: string | undefined
  readonly tree: Query
  /** Where the query stands in the text, without comments around it and without its semicolon. */
  readonly start: number
  readonly end: number
  /** Sorted by the first place of each. */
  readonly parameters: readonly QueryParameter[]
}

/**
 * Reads a query file. Reports every problem, and returns undefined if there is one.
 *
 * @param source path for messages, and text after `normalizeText`
 */
export function readQueryFile(
  source: SourceText,
  report: (problem: SourceProblem) => void,
): QueryFile | undefined {
  let failed = false
  const fail = (problem: SourceProblem): void => {
    failed = true
    report(problem)
  }
  try {
    const start = readToken(source.text, 0).start
    if (start === source.text.length) {
      fail(problemAt(source, { start: 0 }, 'The file has no query.', 'Write a SELECT, or delete the file.'))
      return undefined
    }
    const tree = parseHogqlQuery(source.text)
    if (tree.node === 'HogQLXTag' || tree.node === 'Placeholder') {
      fail(problemAt(source, tree, 'Expected a SELECT.', 'Write a SELECT.'))
      return undefined
    }
    const comments = readComments(source, start, fail)
    const parameters = readParameters(source, tree, comments.parameters, fail)
    if (failed) return undefined
    const name = plainIdentifier(comments.name?.text ?? fileName(source.path), 'query')
    return {
      source,
      name,
      description: comments.description,
      tree,
      start,
      end: endOfQuery(source.text, tree),
      parameters,
    }
  } catch (error) {
    if (!(error instanceof HogqlError)) throw error
    const { start = 0, end = start } = error
    fail(problemAt(source, { start, end }, `${error.message}.`))
    return undefined
  }
}

function fileName(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/\.[^.]*$/, '')
}

/** The end of the last token that is no semicolon: brackets and limits may follow the SELECT of the tree. */
function endOfQuery(text: string, tree: Query): number {
  let end = tree.end
  for (let token = readToken(text, end); token.kind !== 'end'; token = readToken(text, token.end)) {
    if (token.value !== ';') end = token.end
  }
  return end
}

function readParameters(
  source: SourceText,
  tree: Query,
  declared: FileComments['parameters'],
  fail: (problem: SourceProblem) => void,
): QueryParameter[] {
  const inferred = inferPlaceholders(tree)
  const places = new Map<string, ParameterPlace[]>()
  const types = new Map<string, Map<string, ParameterType>>()
  const declarations = new Map(declared.map((parameter) => [parameter.name, parameter]))
  walk(tree, (node, parents) => {
    if (node.node !== 'Placeholder') return
    const [name = '', ...rest] = placeholderPath(node) ?? []
    if (isPostHogs(node)) return
    if (name === '' || name === '__proto__' || rest.length > 0) {
      const text = source.text.slice(node.start, node.end)
      fail(problemAt(source, node, `${text} is no parameter.`, 'Write a name in braces, such as {since}.'))
      return
    }
    if (parents[0] !== undefined && isTable(node, parents[0])) {
      const message = `{${name}} stands for a table, but a parameter is a value.`
      fail(problemAt(source, node, message, 'Write the table into the query.'))
      return
    }
    const { start, end } = node
    places.set(name, [...(places.get(name) ?? []), { start, end, isList: isListOperand(node, parents) }])
    const type = inferred.get(node)
    const known = types.get(name) ?? new Map<string, ParameterType>()
    if (type !== undefined) known.set(formatParameterType(type), type)
    types.set(name, known)
  })
  for (const { name, start, end } of declared) {
    if (places.has(name)) continue
    const closest = closestName(name, [...places.keys()])
    const fix = closest === undefined ? 'Remove the line.' : `Did you mean {${closest}}?`
    fail(problemAt(source, { start, end }, `The query has no {${name}}.`, fix))
  }
  const parameters: QueryParameter[] = []
  for (const [name, unsorted] of places) {
    const sorted = unsorted.sort((a, b) => a.start - b.start)
    const declaration = declarations.get(name)
    const type = declaration?.type ?? typeOf(source, name, sorted, types.get(name) ?? new Map(), fail)
    if (type !== undefined)
      parameters.push({ name, type, description: declaration?.description, places: sorted })
  }
  return parameters.sort((a, b) => (a.places[0]?.start ?? 0) - (b.places[0]?.start ?? 0))
}

function typeOf(
  source: SourceText,
  name: string,
  [first]: readonly ParameterPlace[],
  types: ReadonlyMap<string, ParameterType>,
  fail: (problem: SourceProblem) => void,
): ParameterType | undefined {
  const [type] = types.values()
  if (types.size === 1 && type !== undefined) return type
  const example = [...types.keys()][0] ?? 'String'
  const message =
    types.size === 0
      ? `The type of {${name}} is not plain from the query.`
      : `{${name}} is compared as ${[...types.keys()].join(' and as ')}.`
  const fix = `Add a line with its type, such as \`-- @param ${name} ${example}\`.`
  fail(problemAt(source, first ?? { start: 0 }, message, fix))
  return undefined
}

/** `{filters}` and `{variables.x}` are placeholders that PostHog fills in. */
function isPostHogs(placeholder: Placeholder): boolean {
  const [name] = placeholderPath(placeholder) ?? []
  return name === 'filters' || name === 'variables'
}

/** Whether a placeholder stands for a table or a query. */
function isTable(node: Placeholder, parent: Expression): boolean {
  if (parent.node === 'SelectSetQuery')
    return [parent.first, ...parent.rest.map(({ query }) => query)].includes(node)
  if (parent.node !== 'SelectQuery') return false
  for (let join: Join | undefined = parent.from; join !== undefined; join = join.next) {
    if (join.table === node) return true
  }
  return false
}

/** Reports files that have the same name in the module. */
export function duplicateNames(files: readonly QueryFile[]): SourceProblem[] {
  const first = new Map<string, QueryFile>()
  return files.flatMap((file) => {
    // Type names start with a capital letter.
    const key = typeName(file.name)
    const other = first.get(key)
    if (other === undefined) {
      first.set(key, file)
      return []
    }
    const message = `${file.source.path} and ${other.source.path} are both queries.${file.name}.`
    return [
      problemAt(file.source, { start: 0 }, message, 'Rename a file, or add a line such as `-- @name other`.'),
    ]
  })
}
