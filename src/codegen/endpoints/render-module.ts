import { byCodeUnit, commentText, docComment, quoted } from '../source-text.ts'
import type { EndpointDescription, EndpointVariable, VariableType } from './describe-endpoint.ts'
import { endpointIdentifiers, propertyKey, typeName } from './identifiers.ts'

/** The origin of pulled endpoints. */
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

/** Column types. All are nullable, because PostHog does not report which columns are. */
const columnTypes: Readonly<Record<string, string>> = {
  integer: 'number | null',
  float: 'number | null',
  string: 'string | null',
  datetime: 'string | null',
  date: 'string | null',
  boolean: 'boolean | null',
  array: 'readonly unknown[] | null',
}

/** Options of `renderModule`. */
export interface ModuleOptions {
  /** Names in the module, by endpoint name. Default: the names of a first pull. */
  readonly identifiers?: ReadonlyMap<string, string>
  /** Whether to add the endpoints to `EndpointRegistry`, which types runs by name. Default: `true`. */
  readonly registry?: boolean | undefined
}

/**
 * Renders the module of a team's endpoints: types for the variables and rows of each endpoint, and the object
 * `endpoints`. It imports types only. The output is deterministic and does not depend on the order of the input.
 */
export function renderModule(
  descriptions: readonly EndpointDescription[],
  source: EndpointSource,
  options: ModuleOptions = {},
): string {
  const { identifiers = endpointIdentifiers(descriptions.map(({ name }) => name)), registry = true } = options
  const sorted = [...descriptions].sort((a, b) => byCodeUnit(a.name, b.name))
  const entries = sorted.map((endpoint) => {
    const key = identifiers.get(endpoint.name) ?? endpoint.name
    return { endpoint, key, type: typeName(key) }
  })
  const rowTypes = importedRowTypes(entries)
  const imported = [...rowTypes].map(([name, local]) => (name === local ? name : `${name} as ${local}`))
  const origin = `${source.host}, project ${source.projectId}`
  return [
    `// Written by \`typehog endpoints pull\` from ${commentText(origin)}. Do not edit: pull again.\n`,
    ...(entries.length === 0
      ? []
      : [`import type { ${['Endpoint', ...imported].sort(byCodeUnit).join(', ')} } from 'typehog'\n`]),
    ...entries.flatMap(({ endpoint, type }) => [
      renderVariables(endpoint, type),
      renderRow(endpoint, type, rowTypes),
    ]),
    renderEndpoints(entries),
    ...(registry && entries.length > 0 ? [renderRegistry(entries)] : []),
  ].join('\n')
}

/** Returns the row types to import, with their local names. A type gets an alias if an endpoint type has its name. */
function importedRowTypes(entries: readonly Entry[]): ReadonlyMap<string, string> {
  const own = new Set(entries.map(({ type }) => `${type}Row`))
  const names = entries.flatMap(({ endpoint }) => endpoint.insightRow?.type ?? [])
  // All types of the module end with `Row` or `Variables`, so the alias is free.
  return new Map(names.map((name) => [name, own.has(name) ? `${name}OfInsight` : name]))
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
  const hasExample =
    typeof example === 'string' || typeof example === 'number' || typeof example === 'boolean'
  const comment = docComment(
    [
      description,
      type === 'date' ? 'A date, such as 2026-01-31.' : undefined,
      hasExample ? `Example: ${example}` : undefined,
    ],
    '  ',
  )
  const valueType = `${variableTypes[type]}${nullable && type !== 'unknown' ? ' | null' : ''}`
  return `${comment}  readonly ${propertyKey(name)}${required ? '' : '?'}: ${valueType}\n`
}

function renderRow(
  { name, kind, columns, insightRow }: EndpointDescription,
  type: string,
  rowTypes: ReadonlyMap<string, string>,
): string {
  if (kind !== 'HogQLQuery') {
    const row = insightRow === undefined ? undefined : rowTypes.get(insightRow.type)
    const suffix = insightRow?.isArray ? '[]' : ''
    return `export type ${type}Row = ${row === undefined ? 'unknown' : row + suffix}\n`
  }
  if (columns.length === 0) return `export type ${type}Row = Record<string, unknown>\n`
  const fields = columns.map((column) => {
    return `  ${propertyKey(column.name)}: ${Object.hasOwn(columnTypes, column.type) ? columnTypes[column.type] : 'unknown'}\n`
  })
  return `${docComment([`A row of \`${name}\`.`])}export interface ${type}Row {\n${fields.join('')}}\n`
}

/** Two modules with the same name in one program conflict here, hence the option. */
function renderRegistry(entries: readonly Entry[]): string {
  const types = entries.map(({ endpoint, key }) => `    ${quoted(endpoint.name)}: typeof endpoints.${key}\n`)
  return `declare module 'typehog' {\n  ${registryStart} {\n${types.join('')}  }\n}\n`
}

const registryStart = 'interface EndpointRegistry'

/** Whether a generated module adds its endpoints to `EndpointRegistry`. */
export function hasRegistry(module: string): boolean {
  return module.includes(`\n  ${registryStart} {`)
}

function renderEndpoints(entries: readonly Entry[]): string {
  const types = entries.map(({ endpoint, key, type }) => {
    const { name, version, description, materialized } = endpoint
    const facts = `\`${name}\`, version ${version}${materialized ? ', materialized' : ''}.`
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
  const block = (lines: readonly string[]): string => (lines.length === 0 ? '{}' : `{\n${lines.join('')}}`)
  return `/** The endpoints of the project, pinned to the pulled versions. */\nexport const endpoints: ${block(types)} = ${block(values)}\n`
}
