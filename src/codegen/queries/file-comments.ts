import { closestName } from '../../shared/did-you-mean.ts'
import type { SourceText } from '../source-place.ts'
import { type ParameterType, parameterTypeNames, parseParameterType } from './parameter-type.ts'
import { problemAt, type SourceProblem } from './source-problem.ts'

/** A `-- @param` line. */
export interface DeclaredParameter {
  readonly name: string
  readonly type: ParameterType
  readonly description: string | undefined
  readonly start: number
  readonly end: number
}

/** What the comments of a query file declare. */
export interface FileComments {
  readonly description: string | undefined
  readonly name: { readonly text: string; readonly start: number; readonly end: number } | undefined
  readonly parameters: readonly DeclaredParameter[]
}

const tagLine = /^[ \t]*(?:--|\/\/|#)[ \t]*@(\w+)(?:[ \t]+(.*?))?[ \t]*$/gm
const parameterText = /^\{?([A-Za-z_$][\w$]*)\}?\s+([A-Za-z]\w*\s*(?:\([^)]*\))?\??)(?:\s+(.*))?$/

/**
 * Reads the description, the name and the parameters of a query file.
 *
 * @param queryStart offset of the query. The description stands before it
 */
export function readComments(
  source: SourceText,
  queryStart: number,
  report: (problem: SourceProblem) => void,
): FileComments {
  const parameters = new Map<string, DeclaredParameter>()
  let name: FileComments['name']
  for (const match of source.text.matchAll(tagLine)) {
    const [line, tag = '', text = ''] = match
    const start = match.index + line.indexOf('@')
    const span = { start, end: match.index + line.trimEnd().length }
    if (tag === 'name') {
      if (/^[A-Za-z][A-Za-z0-9]*$/.test(text)) name = { text, ...span }
      else
        report(problemAt(source, span, `Expected a name after @name, got ${JSON.stringify(text)}.`, nameFix))
    } else if (tag === 'param') {
      const parameter = readParameter(source, text, span, report)
      if (parameter === undefined) continue
      if (parameters.has(parameter.name))
        report(problemAt(source, span, `{${parameter.name}} has two @param lines.`, 'Remove one of them.'))
      parameters.set(parameter.name, parameter)
    } else {
      const closest = closestName(tag, ['param', 'name'])
      if (closest !== undefined)
        report(problemAt(source, span, `@${tag} is unknown.`, `Did you mean @${closest}?`))
    }
  }
  return {
    description: readDescription(source.text.slice(0, queryStart)),
    name,
    parameters: [...parameters.values()],
  }
}

const nameFix = 'Write letters and digits, such as `-- @name topPages`.'

function readParameter(
  source: SourceText,
  text: string,
  span: { readonly start: number; readonly end: number },
  report: (problem: SourceProblem) => void,
): DeclaredParameter | undefined {
  const [, name = '', typeText = '', description] = parameterText.exec(text) ?? []
  if (name === '') {
    const message = `Expected @param with a name and a type, got ${JSON.stringify(text)}.`
    report(problemAt(source, span, message, 'Write a line such as `-- @param since DateTime`.'))
    return undefined
  }
  const type = parseParameterType(typeText.replace(/\s/g, ''))
  if (type !== undefined) return { name, type, description, ...span }
  report(problemAt(source, span, `${typeText} is no type of a parameter.`, `Use ${parameterTypeNames}.`))
  return undefined
}

/** Reads the first block of comments, up to an empty line. */
function readDescription(head: string): string | undefined {
  const lines = head.split('\n').map((line) => line.trim())
  const first = lines.findIndex((line) => line !== '')
  if (first < 0) return undefined
  const last = lines.indexOf('', first)
  const text = lines
    .slice(first, last < 0 ? undefined : last)
    .map((line) => line.replace(/^(?:--+|\/\/+|#+|\/\*+|\*+(?!\/))\s?/, '').replace(/\s*\*\/$/, ''))
    .filter((line) => !/^@(?:param|name)\b/.test(line))
    .join(' ')
    .trim()
  return text === '' ? undefined : text
}
