import { type EndpointDescription, readListedEndpoint } from '../../codegen/endpoints/describe-endpoint.ts'
import type { EndpointRefresh, RunOptions } from '../../resources/endpoints/run-endpoint.ts'
import { NotFoundError, PermissionError } from '../../runtime/errors/api-errors.ts'
import { type Connection, connect } from '../connect.ts'
import type { Context } from '../context.ts'
import { closest } from '../did-you-mean.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { printResult } from '../output/print-result.ts'
import type { RowFormat } from '../output/render-rows.ts'
import { UsageError } from '../usage-error.ts'
import { describe } from './read-endpoint.ts'
import { runSummary } from './run-summary.ts'
import { readVariables } from './variables.ts'

/** Options of `endpoints run`. */
export interface RunCommandOptions {
  readonly var?: readonly string[]
  readonly varJson?: readonly string[]
  readonly ver?: number
  readonly limit?: number
  readonly offset?: number
  readonly refresh?: EndpointRefresh
  readonly format?: RowFormat
  readonly rawCsv?: boolean
}

/** `typehog endpoints run`: rows to stdout, one line about them to stderr. */
export async function runEndpointCommand(
  context: Context,
  name: string,
  options: RunCommandOptions,
): Promise<ExitCode> {
  const { var: texts = [], varJson = [], ver, limit, offset, refresh } = options
  if (offset !== undefined && limit === undefined) {
    throw new UsageError(
      '--offset needs --limit.',
      'PostHog skips rows only when it is told how many to return.',
    )
  }
  const { signal } = context.io
  const connection = await connect(context)
  const known = texts.length === 0 ? undefined : await typesOf(context, connection, name, ver)
  const { values, notes } = readVariables(texts, varJson, known)
  for (const note of notes) context.warn(note)

  const run: RunOptions = {
    signal,
    int64: 'bigint',
    ...(ver === undefined ? {} : { version: ver }),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    ...(refresh === undefined ? {} : { refresh }),
  }
  const endpoint = { name, kind: 'unknown', materialized: false, columns: [] }
  const variables = Object.keys(values).length === 0 ? undefined : values
  const result = await helpWithName(context, connection, name, () =>
    connection.client.endpoints.run(endpoint, variables, run),
  )
  await printResult(context, result, options, runSummary(result, limit))
  return exitCodes.ok
}

/** Variables by the endpoint's own document; undefined, with a note, when the key may not read it. */
async function typesOf(
  context: Context,
  connection: Connection,
  name: string,
  ver: number | undefined,
): Promise<EndpointDescription['variables'] | undefined> {
  const { client } = connection
  const asText = 'Values are sent as text: the key cannot read the endpoint, which tells their types.'
  if (client.config.keyKind === 'project_secret') {
    context.warn(`${asText} Use --var-json for others.`)
    return undefined
  }
  const at = ver === undefined ? {} : { version: ver }
  const { signal } = context.io
  try {
    return await helpWithName(context, connection, name, async () => {
      const endpoint = await client.endpoints.get(name, at, { signal })
      return describe(name, endpoint, await client.endpoints.openapi(name, at, { signal })).variables
    })
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error
    context.warn(`${asText} Use --var-json for others.`)
    return undefined
  }
}

/** Adds the nearest name to "not found", for keys that may list names. */
async function helpWithName<T>(
  context: Context,
  { client }: Connection,
  name: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const mayList = client.config.keyKind !== 'project_secret'
    if (!(error instanceof NotFoundError) || error.routeUnknown || !mayList) throw error
    const names: string[] = []
    try {
      for await (const one of client.endpoints.list({}, { signal: context.io.signal })) {
        names.push(readListedEndpoint(one).name)
      }
    } catch {
      // The list was only to help: what went wrong first is what the user has to know.
      throw error
    }
    const meant = closest(name, names)
    if (names.includes(name)) throw error
    throw new UsageError(
      `There is no endpoint "${name}" in this project.`,
      meant === undefined ? 'See `typehog endpoints ls`.' : `Did you mean "${meant}"?`,
      error,
    )
  }
}
