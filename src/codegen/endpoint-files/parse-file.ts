import { closestName } from '../../shared/did-you-mean.ts'
import type { EndpointDefinition } from '../../shared/endpoint-definition.ts'
import { isObject } from '../../shared/is-object.ts'
import { normalizeLines } from '../source-text.ts'
import { type EndpointFile, type PathStep, type QueryFile, queryOfFile } from './endpoint-file.ts'
import { type FileProblem, placeAt } from './file-problem.ts'
import { isSchedule, schedules } from './schedule.ts'
import { fitsType, isVariableType, variableTypes } from './variable-types.ts'
import { parseYamlText } from './yaml-text.ts'

/** An endpoint, or the problems that prevent one. */
export interface ParsedEndpoint {
  readonly endpoint?: EndpointFile
  readonly problems: readonly FileProblem[]
}

/** Reads a `.sql` file by its path relative to the YAML file. Undefined when there is none. */
export type ReadQueryFile = (path: string) => QueryFile | undefined

type Report = (path: readonly PathStep[], message: string, fix: string) => undefined

/**
 * Parses an endpoint file of PostHog's CLI. Unknown keys are ignored. `query_file`, the path of a `.sql` file, is a key
 * of Typehog.
 */
export function parseEndpointFile(file: string, text: string, readQueryFile: ReadQueryFile): ParsedEndpoint {
  const yaml = parseYamlText(file, text)
  const problems: FileProblem[] = [...yaml.problems]
  const report: Report = (path, message, fix) => void problems.push({ place: yaml.at(path), message, fix })
  if (problems.length > 0) return { problems }
  const { value } = yaml
  if (!isObject(value)) {
    report([], 'Expected an endpoint with `name` and `query`, got another kind of file.', emptyFix)
    return { problems }
  }
  const name = readName(value, report)
  const description = readText(value, 'description', report)
  const query = readQuery(value, readQueryFile, report)
  const variables = readVariables(value['variables'] ?? [], report)
  const materialization = readMaterialization(value['materialization'] ?? undefined, report)
  if (name === undefined || query === undefined || problems.length > 0) return { problems }
  const definition: EndpointDefinition = {
    name,
    query: query.query,
    variables,
    ...(description === undefined || description === '' ? {} : { description }),
    ...(materialization === undefined ? {} : { materialization }),
  }
  const { queryFile } = query
  const endpoint: EndpointFile = {
    file,
    definition,
    yaml: text,
    at: yaml.at,
    atQuery: (offset) =>
      queryFile === undefined
        ? yaml.atText(query.path, offset)
        : placeAt(queryFile.file, normalizeLines(queryFile.text), offset),
    ...(queryFile === undefined ? {} : { queryFile }),
  }
  return { endpoint, problems }
}

const emptyFix = 'See `typehog endpoints get <name>` for an example, or exclude the file.'

function readName(value: Readonly<Record<string, unknown>>, report: Report): string | undefined {
  const { name } = value
  if (typeof name === 'string' && name !== '') return name
  if (name !== undefined && name !== null)
    return report(['name'], `Expected \`name\` to be a string, got ${show(name)}.`, 'Put it in quotes.')
  const typo = closestName('name', Object.keys(value))
  return report(
    [],
    'The endpoint has no `name`.',
    typo === undefined ? emptyFix : `Did you mean \`name\` instead of \`${typo}\`?`,
  )
}

function readText(value: Readonly<Record<string, unknown>>, key: string, report: Report): string | undefined {
  const text = value[key] ?? undefined
  if (text === undefined || typeof text === 'string') return text
  return report([key], `Expected \`${key}\` to be a string, got ${show(text)}.`, 'Put it in quotes.')
}

interface ReadQuery {
  readonly query: EndpointDefinition['query']
  readonly path: readonly PathStep[]
  readonly queryFile?: QueryFile
}

/** Reads the query. As in PostHog's CLI, `query_definition` goes before `query`. */
function readQuery(
  value: Readonly<Record<string, unknown>>,
  readQueryFile: ReadQueryFile,
  report: Report,
): ReadQuery | undefined {
  const definition = value['query_definition'] ?? undefined
  const path = readText(value, 'query_file', report)
  const text = readText(value, 'query', report)
  if (path !== undefined) {
    const other = definition === undefined ? (text === undefined ? undefined : 'query') : 'query_definition'
    if (other !== undefined)
      return report(
        ['query_file'],
        `Got two queries: \`query_file\` and \`${other}\`.`,
        `Remove one of them.`,
      )
    const queryFile = readQueryFile(path)
    if (queryFile === undefined)
      return report(
        ['query_file'],
        `The file ${path} does not exist.`,
        'Write the path relative to the folder of this file.',
      )
    return { query: { kind: 'HogQLQuery', query: queryOfFile(queryFile) }, path: ['query_file'], queryFile }
  }
  if (definition === undefined) {
    if (text !== undefined)
      return { query: { kind: 'HogQLQuery', query: normalizeLines(text) }, path: ['query'] }
    if (value['query'] !== undefined && value['query'] !== null) return undefined
    return report([], 'The endpoint has no query.', 'Add `query`, `query_definition` or `query_file`.')
  }
  const { kind, ...settings } = isObject(definition) ? definition : {}
  if (typeof kind !== 'string')
    return report(
      ['query_definition'],
      `Expected \`query_definition\` to be a query with a \`kind\`, got ${show(definition)}.`,
      'Add `kind`, such as TrendsQuery.',
    )
  const { query: hogql, ...rest } = settings
  if (hogql !== undefined && typeof hogql !== 'string')
    return report(
      ['query_definition', 'query'],
      `Expected the query to be a string, got ${show(hogql)}.`,
      'Write its HogQL.',
    )
  return {
    query: { ...rest, kind, ...(hogql === undefined ? {} : { query: normalizeLines(hogql) }) },
    path: ['query_definition', 'query'],
  }
}

type Variable = EndpointDefinition['variables'][number]

function readVariables(value: unknown, report: Report): Variable[] {
  if (!Array.isArray(value)) {
    report(
      ['variables'],
      `Expected \`variables\` to be a list, got ${show(value)}.`,
      'Write `- name: …` and `type: …` for each variable.',
    )
    return []
  }
  const names = new Set<string>()
  return value.flatMap((item: unknown, index): Variable | never[] => {
    const { name, type, default: initial } = isObject(item) ? item : {}
    if (typeof name !== 'string' || name === '') {
      report(
        ['variables', index],
        'Expected a variable with `name` and `type`.',
        'Add `name`, the code name of the variable.',
      )
      return []
    }
    if (names.has(name))
      report(['variables', index, 'name'], `Got variable "${name}" twice.`, 'Remove one of them.')
    names.add(name)
    if (!isVariableType(type)) {
      const got = type === undefined ? 'none' : show(type)
      report(
        ['variables', index, 'type'],
        `Expected the type of variable "${name}", got ${got}.`,
        `Use one of: ${variableTypes.join(', ')}.`,
      )
      return []
    }
    if (!fitsType(type, initial)) {
      report(
        ['variables', index, 'default'],
        `Expected the default of variable "${name}" to be of the type ${type}, got ${show(initial)}.`,
        'Change the default or the type.',
      )
    } else if (typeof initial === 'number' && Number.isInteger(initial) && !Number.isSafeInteger(initial)) {
      report(
        ['variables', index, 'default'],
        `The default of variable "${name}" is too large for a JSON number, which would round it.`,
        'Use the type string, and convert the value in the query.',
      )
    }
    return { name, type, ...(initial === undefined || initial === null ? {} : { default: initial }) }
  })
}

function readMaterialization(value: unknown, report: Report): EndpointDefinition['materialization'] {
  if (value === undefined) return undefined
  const { enabled = false, schedule } = isObject(value) ? value : { enabled: value }
  if (typeof enabled !== 'boolean') {
    return report(
      ['materialization', 'enabled'],
      `Expected \`materialization\` to have \`enabled\`, a boolean, got ${show(enabled)}.`,
      'Write `enabled: true` or `enabled: false` below `materialization:`.',
    )
  }
  if (!isObject(value))
    return report(
      ['materialization'],
      `Expected \`materialization\` to be an object, got ${show(value)}.`,
      'Write `enabled: true` below it.',
    )
  if (schedule === undefined || schedule === null) return { enabled }
  if (isSchedule(schedule)) return { enabled, schedule }
  return report(
    ['materialization', 'schedule'],
    `PostHog has no schedule ${show(schedule)}.`,
    `Use one of: ${schedules.join(', ')}.`,
  )
}

/** Shows a value in a message, cut to a length that fits a line. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
