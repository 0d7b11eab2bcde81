import { type Document, isNode, isScalar, LineCounter, parseDocument, type Scalar } from 'yaml'
import type { PathStep } from './endpoint-file.ts'
import { type FileProblem, type Place, placeAt } from './file-problem.ts'

/** A parsed YAML file with the places of its parts. */
export interface YamlText {
  readonly value: unknown
  readonly problems: readonly FileProblem[]
  /** Returns the place of a value, or of the closest value around it. */
  at(path: readonly PathStep[]): Place
  /** Returns the place of a character of a text value. */
  atText(path: readonly PathStep[], offset: number): Place
}

/** Maximum number of aliases to resolve. An alias bomb needs many. */
const maxAliasCount = 100

/** Parses a YAML file. Faults are problems, and the value is then undefined. */
export function parseYamlText(file: string, text: string): YamlText {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' })
  const toPlace = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset)
    return { file, line, column: col }
  }
  const at = (path: readonly PathStep[]): Place => {
    const node = nodeAt(document, path)
    const start = node?.range?.[0]
    if (start !== undefined) return toPlace(start)
    return path.length === 0 ? { file, line: 1, column: 1 } : at(path.slice(0, -1))
  }
  const problems = document.errors.map(
    ({ message, pos }): FileProblem => ({
      place: toPlace(pos[0]),
      message: `The file is not valid YAML: ${message.replace(/[.:]?\s*$/, '')}.`,
      fix: 'Correct the line. Queries of several lines are easiest in a block that starts with `query: |-`.',
    }),
  )
  return {
    ...readValue(document, file, problems),
    at,
    atText: (path, offset) => {
      const node = nodeAt(document, path)
      const start = isScalar(node) ? textOffset(text, node, offset) : undefined
      return start === undefined ? at(path) : placeAt(file, text, start)
    },
  }
}

function readValue(
  document: Document.Parsed,
  file: string,
  problems: readonly FileProblem[],
): Pick<YamlText, 'value' | 'problems'> {
  if (problems.length > 0) return { value: undefined, problems }
  try {
    return { value: document.toJS({ maxAliasCount }) as unknown, problems }
  } catch (error) {
    const message = `The file is not valid YAML: ${error instanceof Error ? error.message : String(error)}.`
    return {
      value: undefined,
      problems: [{ place: { file, line: 1 }, message, fix: 'Write the values out.' }],
    }
  }
}

function nodeAt(
  document: Document.Parsed,
  path: readonly PathStep[],
): { range?: readonly number[] | null } | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true)
  return isNode(node) ? node : undefined
}

/** Returns the offset in the file of a character of a scalar. Undefined when folds or escapes hide it. */
function textOffset(text: string, { value, type, range }: Scalar, offset: number): number | undefined {
  if (typeof value !== 'string' || !range) return undefined
  const [start, end] = range
  if (type === 'BLOCK_LITERAL') {
    const lines = text.slice(start, end).split('\n')
    const before = value.slice(0, offset).split('\n')
    const line = lines[before.length]?.replace(/\r$/, '')
    const content = value.split('\n')[before.length - 1]
    if (line === undefined || content === undefined || !line.endsWith(content)) return undefined
    const lineStart = lines.slice(0, before.length).join('\n').length + 1
    return start + lineStart + line.length - content.length + (before.at(-1)?.length ?? 0)
  }
  const quotes = type === 'PLAIN' ? 0 : 1
  return text.startsWith(value, start + quotes) ? start + quotes + offset : undefined
}
