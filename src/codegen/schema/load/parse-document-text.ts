import { LineCounter, parseDocument } from 'yaml'
import { findJsonFault } from '../../../shared/json-fault.ts'
import { SchemaError } from '../schema-error.ts'

/** Maximum number of YAML aliases to resolve. PostHog writes none; an alias bomb needs many. */
const maxAliasCount = 100

/** Maximum nesting depth. The deepest real document has about 30 levels. */
const maxDepth = 500

/**
 * Parses JSON or YAML. A text that starts with `{` or `[` is parsed as JSON.
 *
 * @throws SchemaError with line and column when the text is empty, truncated, HTML or invalid
 */
export function parseDocumentText(text: string, source: string): unknown {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const first = /\S/.exec(content)?.[0]
  if (first === undefined) {
    const problem = 'The document is empty.'
    throw new SchemaError({ source, problem, fix: 'Check that the download is complete.' })
  }
  if (first === '<') {
    throw new SchemaError({
      source,
      place: 'line 1',
      problem: 'Expected a schema, got an HTML page: probably a login page or the error page of a proxy.',
      fix: 'Use the app host (https://us.posthog.com, https://eu.posthog.com or your own), not the ingestion host or a path inside the app.',
    })
  }
  const value = first === '{' || first === '[' ? parseJson(content, source) : parseYaml(content, source)
  assertNestingDepth(value, source)
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
      problem: fault.truncated ? 'The JSON ends in the middle of a value.' : 'This is not valid JSON.',
      fix: fault.truncated ? 'Download it again: the text is truncated.' : 'Check what the server returned.',
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
      problem: `This is not valid YAML: ${firstSentence(error.message)}`,
      fix: 'Correct that place. If the download is truncated, request JSON instead.',
      cause: error,
    })
  }
  try {
    return document.toJS({ maxAliasCount }) as unknown
  } catch (cause) {
    throw new SchemaError({
      source,
      problem: `The YAML resolves more than ${maxAliasCount} aliases.`,
      fix: 'Download the document as JSON. OpenAPI documents do not need aliases.',
      cause,
    })
  }
}

function assertNestingDepth(root: unknown, source: string): void {
  let level: unknown[] = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) {
      const problem = `The document is nested more than ${maxDepth} levels deep.`
      throw new SchemaError({
        source,
        problem,
        fix: 'Check the origin of the document: OpenAPI documents have about 30 levels.',
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

/** Formats an offset as `line 3, column 7`, both counted from 1. */
function textPosition(text: string, offset: number): string {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`
}
