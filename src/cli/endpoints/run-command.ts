import type { EndpointDescription } from '../../codegen/endpoints/describe-endpoint.ts'
import type { EndpointResult } from '../../resources/endpoints/endpoint-result.ts'
import type { EndpointRefresh, RunOptions } from '../../resources/endpoints/run-options.ts'
import { PermissionError } from '../../runtime/errors/api-errors.ts'
import type { ChartKind } from '../chart/chart.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { type Connection, connect } from '../connect.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { formatRowCount, printResult, type ResultSummary, type RowFormat } from '../output/result.ts'
import { toDescription } from './read-endpoints.ts'
import { withNameSuggestion } from './suggest-endpoint.ts'
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
  readonly chart?: ChartKind
}

/** `typehog endpoints run`: prints rows to stdout and a summary to stderr. */
export async function runEndpointCommand(
  context: Context,
  name: string,
  options: RunCommandOptions,
): Promise<ExitCode> {
  const { var: texts = [], varJson = [], ver, limit, offset, refresh } = options
  if (offset !== undefined && limit === undefined) {
    throw new UsageError('--offset requires --limit.', 'Add --limit: PostHog ignores an offset without it.')
  }
  const { signal } = context.io
  const connection = await connect(context)
  const declared = texts.length === 0 ? undefined : await fetchVariables(context, connection, name, ver)
  const { values, notes } = readVariables(texts, varJson, declared)
  for (const note of notes) context.warn(note)

  const runOptions: RunOptions = {
    signal,
    int64: 'bigint',
    ...(ver === undefined ? {} : { version: ver }),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    ...(refresh === undefined ? {} : { refresh }),
  }
  const endpoint = { name, kind: 'unknown', materialized: false, columns: [] }
  const variables = Object.keys(values).length === 0 ? undefined : values
  const result = await withNameSuggestion(context, connection, name, () =>
    connection.client.endpoints.run(endpoint, variables, runOptions),
  )
  await printResult(context, result, options, summarize(result, limit))
  return exitCodes.ok
}

/** Fetches the variables that the endpoint declares. Returns undefined, with a warning, if the key cannot read them. */
async function fetchVariables(
  context: Context,
  connection: Connection,
  name: string,
  ver: number | undefined,
): Promise<EndpointDescription['variables'] | undefined> {
  const { client } = connection
  const warning =
    'The key cannot read the types of variables, so all values are sent as text. Use --var-json for other types.'
  if (client.config.keyKind === 'project_secret') {
    context.warn(warning)
    return undefined
  }
  const filters = ver === undefined ? {} : { version: ver }
  const { signal } = context.io
  try {
    return await withNameSuggestion(context, connection, name, async () => {
      const endpoint = await client.endpoints.get(name, filters, { signal })
      return toDescription(name, endpoint, await client.endpoints.openapi(name, filters, { signal }))
        .variables
    })
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error
    context.warn(warning)
    return undefined
  }
}

type SummarizedResult = Pick<
  EndpointResult<unknown>,
  'rows' | 'complete' | 'version' | 'materialized' | 'cache'
>

/** Summarizes a run in one line. The user intends `--limit`; any other limit may hide rows. */
function summarize(
  { rows, complete, version, materialized, cache }: SummarizedResult,
  limit: number | undefined,
): ResultSummary {
  const intended = complete !== true && complete.reason === 'page' && limit !== undefined
  const text = [
    formatRowCount(rows.length),
    version === undefined ? 'version unknown' : `version ${version}`,
    materialized ? 'from the materialized table' : 'not materialized',
    ...(cache.hit ? ['cached'] : []),
    complete === true ? 'complete' : `${intended ? '' : 'INCOMPLETE: '}${limitMessage(complete)}`,
  ].join(', ')
  return { text, incomplete: complete !== true && !intended }
}

function limitMessage({ reason, limit }: Exclude<SummarizedResult['complete'], true>): string {
  switch (reason) {
    case 'page':
      return `more rows follow after the limit of ${limit} (continue with --offset)`
    case 'row_limit':
      return `PostHog returns ${limit} rows by default (request more with --limit)`
    case 'row_cap':
      return `PostHog never returns more than ${limit} rows (page with --limit and --offset)`
  }
}
