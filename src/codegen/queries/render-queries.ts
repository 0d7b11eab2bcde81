import { propertyKey, typeName } from '../endpoints/identifiers.ts'
import { byCodeUnit, commentText, docComment } from '../source-text.ts'
import { type ParameterType, typescriptTypeOf } from './parameter-type.ts'
import type { QueryColumn } from './queries-lock.ts'
import type { QueryFile, QueryParameter } from './query-file.ts'
import { typescriptTypeOfColumn } from './row-type.ts'

/** A query file and its columns. */
export interface DescribedQuery {
  readonly file: QueryFile
  readonly columns: readonly QueryColumn[]
}

/** Renders the module of query files. The output is deterministic and does not depend on the order of the input. */
export function renderQueries(described: readonly DescribedQuery[]): string {
  const sorted = [...described].sort((a, b) => byCodeUnit(a.file.name, b.file.name))
  const entries = sorted.map((query) => ({ ...query, type: typeName(query.file.name) }))
  return [
    '// Written by `typehog queries pull`. Do not edit: change the .sql files and pull again.\n',
    ...(entries.length === 0 ? [] : ["import { type HogQL, hogql } from 'typehog'\n"]),
    ...entries.flatMap((entry) => [...renderParameters(entry), renderRow(entry)]),
    renderFunctions(entries),
  ].join('\n')
}

interface Entry extends DescribedQuery {
  readonly type: string
}

function renderParameters({ file, type }: Entry): string[] {
  if (file.parameters.length === 0) return []
  const parameters = [...file.parameters].sort((a, b) => byCodeUnit(a.name, b.name))
  const comment = docComment([`Parameters of \`${file.name}\`.`])
  return [`${comment}export interface ${type}Params {\n${parameters.map(renderParameter).join('')}}\n`]
}

function renderParameter({ name, type, description }: QueryParameter): string {
  const comment = docComment([description], '  ')
  return `${comment}  readonly ${propertyKey(name)}: ${typescriptTypeOf(type)}\n`
}

function renderRow({ file, columns, type }: Entry): string {
  const comment = docComment([`A row of \`${file.name}\`.`])
  const fields = columns.map(
    ({ name, type: column }) => `  ${propertyKey(name)}: ${typescriptTypeOfColumn(column)}\n`,
  )
  return `${comment}export interface ${type}Row {\n${fields.join('')}}\n`
}

function renderFunctions(entries: readonly Entry[]): string {
  const types = entries.map(({ file, type }) => {
    const comment = docComment([file.description, `From ${commentText(file.source.path)}.`], '  ')
    return `${comment}  readonly ${file.name}: (${file.parameters.length === 0 ? '' : `params: ${type}Params`}) => HogQL<${type}Row>\n`
  })
  const values = entries.map(({ file, type }) => {
    const params = file.parameters.length === 0 ? '()' : `(params: ${type}Params)`
    return `  ${file.name}: ${params} => hogql<${type}Row>\`${renderTemplate(file)}\`,\n`
  })
  const block = (lines: readonly string[]): string => (lines.length === 0 ? '{}' : `{\n${lines.join('')}}`)
  return `/** The queries of the project's .sql files. */\nexport const queries: ${block(types)} = ${block(values)}\n`
}

/** Renders the query as the content of a template literal. Parameters are bound by the tag `hogql`. */
function renderTemplate({ source, start, end, parameters }: QueryFile): string {
  const places = parameters
    .flatMap(({ name, type, places: all }) => all.map((place) => ({ ...place, name, type })))
    .sort((a, b) => a.start - b.start)
  let template = ''
  let from = start
  for (const place of places) {
    template += `${escapeTemplate(source.text.slice(from, place.start))}\${${renderValue(place)}}`
    from = place.end
  }
  return template + escapeTemplate(source.text.slice(from, end))
}

function renderValue(place: {
  readonly name: string
  readonly type: ParameterType
  readonly isList: boolean
}): string {
  const name = propertyKey(place.name)
  const value = name === place.name ? `params.${name}` : `params[${name}]`
  // A list in parentheses also works when it is empty.
  return place.isList && place.type.isArray && !place.type.nullable ? `hogql.list(${value})` : value
}

/** Escapes what a template literal reads: backslashes, backticks and `${`. Hides no character from a reviewer. */
function escapeTemplate(text: string): string {
  return text
    .replace(/[\\`]|\$(?=\{)/g, '\\$&')
    .replace(/[^\P{Cc}\n\t]|[\p{Cf}\u2028\u2029]/gu, escapeCharacter)
    .replace(/\p{Cs}/gu, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
