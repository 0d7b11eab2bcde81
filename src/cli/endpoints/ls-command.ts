import { type ExitCode, exitCodes } from '../cli-io.ts'
import { connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { renderTable } from '../output/table.ts'

/** An endpoint in the output of `endpoints ls`. */
interface EndpointSummary {
  readonly name: string
  readonly description: string
  /** Latest version; null when the server reports no number. */
  readonly version: number | null
  /** Kind of the saved query, such as `HogQLQuery`. */
  readonly kind: string
  readonly materialized: boolean
  readonly active: boolean
  /** Names of the variables of a run. */
  readonly variables: readonly string[]
  /** ISO 8601. PostHog updates it at most every 30 minutes. Null when no API key has run the endpoint. */
  readonly lastRunAt: string | null
}

const header = ['name', 'version', 'kind', 'materialized', 'active', 'variables', 'last run']

/** `typehog endpoints ls`: lists the endpoints of the project, sorted by name. */
export async function listEndpoints(context: Context): Promise<ExitCode> {
  const { client, projectId } = await connectWithPersonalKey(context)
  const byName = new Map<string, EndpointSummary>()
  for await (const endpoint of client.endpoints.list({}, { signal: context.io.signal })) {
    const summary = summarize(endpoint)
    byName.set(summary.name, summary)
  }
  const summaries = [...byName.values()].sort((left, right) => (left.name < right.name ? -1 : 1))
  if (context.options.json === true) context.printJson(summaries)
  else if (summaries.length === 0) context.note(`Project ${projectId} has no endpoints.`)
  else context.print(...renderTable(header, summaries.map(toRow), context.io.columns).split('\n'))
  return exitCodes.ok
}

function toRow(summary: EndpointSummary): unknown[] {
  const { name, version, kind, materialized, active, variables, lastRunAt } = summary
  const lastRun = lastRunAt === null ? 'never' : `${lastRunAt.slice(0, 16).replace('T', ' ')}`
  const yesOrNo = (flag: boolean): string => (flag ? 'yes' : 'no')
  return [name, version, kind, yesOrNo(materialized), yesOrNo(active), variables.join(', '), lastRun]
}

type Fields = Readonly<Record<string, unknown>>

/** Summarizes an endpoint of unknown shape: an unexpected field must not hide the other endpoints. */
function summarize(endpoint: unknown): EndpointSummary {
  const { query: savedQuery, ...rest } = toFields(endpoint)
  const query = toFields(savedQuery)
  const kind = toText(query['kind']) ?? 'unknown'
  const version = rest['current_version']
  const materialized = rest['is_materialized'] === true
  return {
    name: toText(rest['name']) ?? '?',
    description: toText(rest['description']) ?? '',
    version: typeof version === 'number' ? version : null,
    kind,
    materialized,
    active: rest['is_active'] !== false,
    variables: kind === 'HogQLQuery' ? hogqlVariables(query) : insightVariables(query, materialized),
    lastRunAt: toText(rest['last_executed_at']) ?? null,
  }
}

function hogqlVariables(query: Fields): string[] {
  const variables = Object.values(toFields(query['variables']))
  return onlyTexts(variables.map((variable) => toFields(variable)['code_name']))
}

/** The variables of an insight are its breakdowns, and a date range unless it is materialized. */
function insightVariables(query: Fields, materialized: boolean): string[] {
  const filter = toFields(query['breakdownFilter'])
  const breakdowns = Array.isArray(filter['breakdowns']) ? filter['breakdowns'] : []
  const names =
    breakdowns.length > 0
      ? breakdowns.map((breakdown) => toFields(breakdown)['property'])
      : [filter['breakdown']].flat()
  return [...onlyTexts(names), ...(materialized ? [] : ['date_from', 'date_to'])]
}

const toText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const onlyTexts = (values: readonly unknown[]): string[] =>
  values.filter((value) => typeof value === 'string')

function toFields(value: unknown): Fields {
  // Every object is a record of unknown values.
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
