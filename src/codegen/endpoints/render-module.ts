import type { EndpointDescription, EndpointVariable, VariableType } from './describe-endpoint.ts'
import { docComment } from './doc-comment.ts'
import { byCodeUnit, endpointKeys, propertyKey, quoted, typeName } from './identifier.ts'
import { insightRowTypes } from './insight-row-types.ts'

/** Where endpoints were pulled from. */
export interface EndpointSource {
  readonly host: string
  readonly projectId: string
}

const variableTypes: Readonly<Record<VariableType, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  'string[]': 'readonly string[]',
  date: 'string',
  unknown: 'unknown',
}

/** Types of columns. PostHog does not tell which columns may be null, so all may. */
const columnTypes: Readonly<Record<string, string>> = {
  integer: 'number | null',
  float: 'number | null',
  string: 'string | null',
  datetime: 'string | null',
  date: 'string | null',
  boolean: 'boolean | null',
  array: 'readonly unknown[] | null',
}

/**
 * Writes the module of a team's endpoints: an interface for the variables and one for the rows of each, and the object
 * `endpoints`. Only types are imported. The same endpoints give the same bytes, in whatever order they come.
 */
export function renderModule(descriptions: readonly EndpointDescription[], source: EndpointSource): string {
  const sorted = [...descriptions].sort((a, b) => byCodeUnit(a.name, b.name))
  const keys = endpointKeys(sorted.map(({ name }) => name))
  const entries = sorted.map((endpoint) => {
    const key = keys.get(endpoint.name) ?? endpoint.name
    return { endpoint, key, type: typeName(key) }
  })
  const rowTypes = new Set(sorted.flatMap(({ kind }) => insightRowTypes[kind] ?? []))
  const imported = ['Endpoint', ...rowTypes].sort(byCodeUnit).join(', ')
  const place = `${source.host}, project ${source.projectId}`
  return [
    `// Written by \`typehog endpoints pull\` from ${place.replace(/[\r\n\u2028\u2029]/g, ' ')}. Do not edit: pull again.\n`,
    `import type { ${imported} } from 'typehog'\n`,
    ...entries.flatMap(({ endpoint, type }) => [renderVariables(endpoint, type), renderRow(endpoint, type)]),
    renderEndpoints(entries),
  ].join('\n')
}

interface Entry {
  readonly endpoint: EndpointDescription
  readonly key: string
  readonly type: string
}

function renderVariables({ name, variables }: EndpointDescription, type: string): string {
  if (variables.length === 0) return `export type ${type}Variables = Record<string, never>\n`
  const comment = docComment([`Variables of \`${name}\`.`])
  return `${comment}export interface ${type}Variables {\n${variables.map(renderVariable).join('')}}\n`
}

function renderVariable({ name, type, required, nullable, description, example }: EndpointVariable): string {
  const shown = typeof example === 'string' || typeof example === 'number' || typeof example === 'boolean'
  const comment = docComment(
    [
      description,
      type === 'date' ? 'A date, such as 2026-01-31.' : undefined,
      shown ? `Example: ${example}` : undefined,
    ],
    '  ',
  )
  const taken = `${variableTypes[type]}${nullable && type !== 'unknown' ? ' | null' : ''}`
  return `${comment}  readonly ${propertyKey(name)}${required ? '' : '?'}: ${taken}\n`
}

function renderRow({ name, kind, columns }: EndpointDescription, type: string): string {
  if (kind !== 'HogQLQuery') return `export type ${type}Row = ${insightRowTypes[kind] ?? 'unknown'}\n`
  if (columns.length === 0) return `export type ${type}Row = Record<string, unknown>\n`
  const fields = columns.map((column) => {
    return `  ${propertyKey(column.name)}: ${Object.hasOwn(columnTypes, column.type) ? columnTypes[column.type] : 'unknown'}\n`
  })
  return `${docComment([`A row of \`${name}\`.`])}export interface ${type}Row {\n${fields.join('')}}\n`
}

function renderEndpoints(entries: readonly Entry[]): string {
  const types = entries.map(({ endpoint, key, type }) => {
    const { name, version, description, materialized } = endpoint
    const facts = `\`${name}\`, version ${version}${materialized ? ', materialised' : ''}.`
    const comment = docComment([description, facts], '  ')
    return `${comment}  readonly ${key}: Endpoint<${type}Variables, ${type}Row>\n`
  })
  const values = entries.map(({ endpoint, key }) => {
    const { name, version, kind, materialized, columns } = endpoint
    const list = columns
      .map((column) => `\n      { name: ${quoted(column.name)}, type: ${quoted(column.type)} },`)
      .join('')
    return `  ${key}: {
    name: ${quoted(name)},
    version: ${version},
    kind: ${quoted(kind)},
    materialized: ${materialized},
    columns: [${list}${list && '\n    '}],
  },
`
  })
  const place = entries.length === 0 ? ['{}', '{}'] : [`{\n${types.join('')}}`, `{\n${values.join('')}}`]
  return `/** The project's endpoints, each pinned to the version that was pulled. */\nexport const endpoints: ${place[0]} = ${place[1]}\n`
}
