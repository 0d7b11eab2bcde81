import { isPlainHogql, queryOfFile } from '../../../codegen/endpoint-files/endpoint-file.ts'
import { codeType, type ProjectVariable } from '../../../codegen/endpoint-files/variable-types.ts'
import { hogql } from '../../../runtime/hogql/hogql.ts'
import type { EndpointDefinition } from '../../../shared/endpoint-definition.ts'
import { type ExitCode, exitCodes } from '../../cli-io.ts'
import { connect } from '../../connect.ts'
import type { Context } from '../../context.ts'
import { UsageError } from '../../errors.ts'
import { printResult } from '../../output/result.ts'
import { summarize } from '../../query/query-command.ts'
import { readQuery } from '../../query/query-input.ts'
import type { RunCommandOptions } from '../run-command.ts'
import { readVariables } from '../variables.ts'
import { readEndpointFiles } from './read-files.ts'
import { listVariables } from './read-project.ts'

/** Label of these queries in PostHog's query log. */
const label = 'typehog_endpoints_run'

/**
 * `typehog endpoints run --file`: runs the query of an endpoint file or a `.sql` file as a query of the project. Creates
 * nothing.
 */
export async function runEndpointFile(
  context: Context,
  name: string | undefined,
  file: string,
  options: RunCommandOptions,
): Promise<ExitCode> {
  const { var: texts = [], varJson = [] } = options
  for (const [flag, isSet] of [
    ['--ver', options.ver !== undefined],
    ['--limit', options.limit !== undefined],
    ['--offset', options.offset !== undefined],
    ['--refresh', options.refresh !== undefined],
  ] as const) {
    if (isSet)
      throw new UsageError(
        `${flag} is for saved endpoints, not for files.`,
        `Remove ${flag}, or pass a name.`,
      )
  }
  const definition = await readDefinition(context, name, file)
  const text = await readText(context, file, definition)
  const connection = await connect(context)
  const { client } = connection
  const { signal } = context.io
  const declared = definition?.variables ?? []
  const project: ReadonlyMap<string, ProjectVariable> =
    declared.length === 0 ? new Map() : await listVariables(connection, signal)
  const { values, notes } = readVariables(
    texts,
    varJson,
    definition === undefined
      ? undefined
      : declared.map(({ name: variable, type }) => ({
          name: variable,
          type: codeType(type, project.get(variable)),
          required: false,
          nullable: true,
        })),
  )
  for (const note of notes) context.warn(note)
  const missing = declared.find(({ name: variable }) => !project.has(variable))
  if (missing !== undefined) {
    throw new UsageError(
      `The project has no SQL variable "${missing.name}" yet.`,
      'Push the file, which creates it, or create it in PostHog.',
    )
  }
  const variables = { ...defaultsOf(definition, project), ...values }
  const result = await client.hogql<Record<string, unknown>>(hogql.text(text, {}), {
    signal,
    int64: 'bigint',
    name: label,
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
  })
  await printResult(context, result, options, summarize(result, context.flags))
  return exitCodes.ok
}

/** Returns the values that a run of the endpoint has for variables that it does not set: null without a default. */
function defaultsOf(
  definition: EndpointDefinition | undefined,
  project: ReadonlyMap<string, ProjectVariable>,
): Record<string, unknown> {
  return Object.fromEntries(
    (definition?.variables ?? []).map(({ name, default: value }) => [
      name,
      value ?? project.get(name)?.defaultValue ?? null,
    ]),
  )
}

async function readText(
  context: Context,
  file: string,
  definition: EndpointDefinition | undefined,
): Promise<string> {
  if (definition === undefined) {
    return queryOfFile({ file, text: await readQuery(context.io, undefined, file) })
  }
  const { query } = definition
  if (isPlainHogql(definition) && query.query !== undefined) return query.query
  const problem = query.kind === 'HogQLQuery' ? 'a query with other settings' : `a ${query.kind}`
  throw new UsageError(
    `${file} has ${problem}. Only plain HogQL runs from a file.`,
    'Push the file, then run the endpoint by its name.',
  )
}

/** Reads the endpoint of a file. Undefined for a `.sql` file. */
async function readDefinition(
  context: Context,
  name: string | undefined,
  file: string,
): Promise<EndpointDefinition | undefined> {
  if (/\.sql$/i.test(file)) return undefined
  const endpoints = await readEndpointFiles(context, [file])
  const found =
    name === undefined && endpoints.length === 1
      ? endpoints[0]
      : endpoints.find(({ definition }) => definition.name === name)
  if (found !== undefined) return found.definition
  const names = endpoints.map(({ definition }) => definition.name).join(', ')
  throw new UsageError(
    name === undefined ? `${file} has several endpoints: ${names}.` : `${file} has no endpoint "${name}".`,
    `Pass the name of one of them: ${names}.`,
  )
}
