import { LineCounter, parseDocument } from 'yaml'
import { SchemaError } from '../schema-error.ts'
import { findJsonFault } from './find-json-fault.ts'
import { textPosition } from './text-position.ts'

/** Aliases that a YAML document may resolve; PostHog writes none, and a bomb needs many. */
const maxAliasCount = 100

/** Nesting beyond which a document is refused; the deepest real one has about 30 levels. */
const maxDepth = 500

/**
 * Parses JSON or YAML, told apart by the first character.
 *
 * @throws SchemaError naming line and column for text that is empty, cut off, HTML or simply neither.
 */
export function parseDocumentText(text: string, source: string): unknown {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const first = /\S/.exec(content)?.[0]
  if (first === undefined) {
    const problem = 'The document is empty.'
    throw new SchemaError({ source, problem, fix: 'Check that the download has finished.' })
  }
  if (first === '<') {
    throw new SchemaError({
      source,
      place: 'line 1',
      problem: 'This is an HTML page and not a schema, most likely a login page or an error page of a proxy.',
      fix: 'Use the app host (https://us.posthog.com, https://eu.posthog.com or your own), not the ingestion host or a path inside the app.',
    })
  }
  const value = first === '{' || first === '[' ? parseJson(content, source) : parseYaml(content, source)
  refuseDeepNesting(value, source)
  return value
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    const fault = findJsonFault(text)
    const place = textPosition(text, fault.offset)
    throw new SchemaError({
      source,
      place,
      problem: fault.truncated ? 'The JSON ends in the middle of a value.' : 'This is not JSON.',
      fix: fault.truncated ? 'Download it again; the file was cut off.' : 'Check what the server answered.',
      cause,
    })
  }
}

function parseYaml(text: string, source: string): unknown {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0])
    throw new SchemaError({
      source,
      place: `line ${line}, column ${col}`,
      problem: `This is not YAML: ${firstSentence(error.message)}`,
      fix: 'Correct that place; a download may be cut off, and JSON is the safer form to ask for.',
      cause: error,
    })
  }
  try {
    return document.toJS({ maxAliasCount }) as unknown
  } catch (cause) {
    throw new SchemaError({
      source,
      problem: `The YAML resolves more than ${maxAliasCount} aliases, which an OpenAPI document has no use for.`,
      fix: 'Do not use this file, or download the document as JSON.',
      cause,
    })
  }
}

function refuseDeepNesting(root: unknown, source: string): void {
  let level: unknown[] = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) {
      const problem = `The document is nested more than ${maxDepth} levels deep.`
      throw new SchemaError({
        source,
        problem,
        fix: 'Check where it comes from: no OpenAPI document needs that.',
      })
    }
    const next: unknown[] = []
    for (const value of level) {
      if (value === null || typeof value !== 'object') continue
      for (const child of Object.values(value))
        if (child !== null && typeof child === 'object') next.push(child)
    }
    level = next
  }
}

function firstSentence(message: string): string {
  const line = message.split('\n')[0] ?? message
  return line.endsWith('.') ? line : `${line}.`
}
