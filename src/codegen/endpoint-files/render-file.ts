import { Document, isMap, isScalar, isSeq, parseDocument, type Scalar, type ToStringOptions } from 'yaml'
import type { EndpointDefinition } from '../../shared/endpoint-definition.ts'
import type { Field } from './compare-definition.ts'
import { type EndpointFile, isPlainHogql } from './endpoint-file.ts'

/** A file and its new text. */
export interface RenderedFile {
  readonly file: string
  readonly text: string
}

/** Style of the files that PostHog's CLI writes. */
const style: ToStringOptions = { lineWidth: 0, indentSeq: false, blockQuote: 'literal' }

/** Renders an endpoint file in the format of PostHog's CLI. Its first line is a comment with its name. */
export function renderEndpointFile(
  definition: EndpointDefinition,
  fileName: string = `${definition.name}.yaml`,
): string {
  const { name, description, variables, materialization } = definition
  const document = new Document({
    name,
    ...(description === undefined ? {} : { description }),
    ...queryFields(definition),
    ...(variables.length === 0 ? {} : { variables }),
    ...(materialization === undefined ? {} : { materialization }),
  })
  document.commentBefore = ` ${fileName}`
  // A comment of a document stands apart from its content; PostHog's CLI writes no blank line.
  return document.toString(style).replace(/^(#.*\n)\n/, '$1')
}

function queryFields(definition: EndpointDefinition): Record<string, unknown> {
  const { query } = definition
  if (isPlainHogql(definition)) return { query: query.query ?? '' }
  return { query_definition: query }
}

/**
 * Writes fields of a definition into an existing endpoint file. Comments, unknown keys and the order of keys stay. A
 * query that is in a `.sql` file is written there.
 *
 * @returns the files that change; none without fields
 */
export function updateEndpointFile(
  file: EndpointFile,
  definition: EndpointDefinition,
  fields: ReadonlySet<Field>,
): RenderedFile[] {
  const { yaml, queryFile } = file
  if (yaml === undefined || fields.size === 0) return []
  const document = parseDocument(yaml, { keepSourceTokens: true })
  const inQueryFile = fields.has('query') && queryFile !== undefined
  if (fields.has('description')) setText(document, ['description'], definition.description)
  if (fields.has('query') && !inQueryFile) {
    const path = document.has('query_definition') ? ['query_definition', 'query'] : ['query']
    setText(document, path, definition.query.query)
  }
  if (fields.has('query_definition')) {
    for (const key of ['query', 'query_file', 'query_definition']) {
      if (!(key in queryFields(definition))) document.delete(key)
    }
    for (const [key, value] of Object.entries(queryFields(definition)))
      document.set(key, document.createNode(value))
  }
  if (fields.has('variables')) setVariables(document, definition.variables)
  if (fields.has('materialization') || fields.has('schedule')) {
    setMaterialization(document, definition.materialization ?? { enabled: false }, fields)
  }
  const text = document.toString({ ...style, ...styleOf(yaml) })
  return [
    ...(text === yaml ? [] : [{ file: file.file, text }]),
    ...(inQueryFile ? [{ file: queryFile.file, text: `${definition.query.query ?? ''}\n` }] : []),
  ]
}

/** Keeps the indentation of a file. */
function styleOf(yaml: string): ToStringOptions {
  const indent = /^( +)(?!-| )\S/m.exec(yaml)?.[1]?.length ?? 2
  return {
    indent: Math.max(indent, 2),
    indentSeq: /^\w+:[^\S\n]*\n(?:\s*#.*\n)*[^\S\n]+- /m.test(yaml),
    flowCollectionPadding: !/^\s*(?:- |[\w$]+: )[{[]\S/m.test(yaml),
  }
}

/** Sets a text, and keeps its style and comments. Undefined removes it. */
function setText(document: Document, path: readonly string[], text: string | undefined): void {
  if (text === undefined) {
    document.deleteIn(path)
    return
  }
  const node = document.getIn(path, true)
  if (isScalar(node)) {
    node.value = text
    // A plain or quoted text of several lines is hard to read.
    if (text.includes('\n')) (node as Scalar).type = 'BLOCK_LITERAL'
  } else document.setIn(path, text)
}

function setVariables(document: Document, variables: EndpointDefinition['variables']): void {
  const list = document.get('variables')
  if (!isSeq(list) || variables.length === 0) {
    if (variables.length === 0) document.delete('variables')
    else document.set('variables', document.createNode(variables))
    return
  }
  const byName = new Map(variables.map((variable) => [variable.name, variable]))
  const kept = list.items.filter((item) => isMap(item) && byName.has(String(item.get('name'))))
  for (const item of kept) {
    if (!isMap(item)) continue
    const variable = byName.get(String(item.get('name')))
    if (variable === undefined) continue
    byName.delete(variable.name)
    if (item.get('type') !== variable.type) item.set('type', variable.type)
    if (variable.default === undefined) item.delete('default')
    else if (JSON.stringify(item.toJSON().default) !== JSON.stringify(variable.default)) {
      item.set('default', document.createNode(variable.default))
    }
  }
  list.items = [...kept, ...[...byName.values()].map((variable) => document.createNode(variable))]
}

function setMaterialization(
  document: Document,
  { enabled, schedule }: NonNullable<EndpointDefinition['materialization']>,
  fields: ReadonlySet<Field>,
): void {
  document.setIn(['materialization', 'enabled'], enabled)
  if (schedule !== undefined) document.setIn(['materialization', 'schedule'], schedule)
  else if (fields.has('schedule')) document.deleteIn(['materialization', 'schedule'])
}
