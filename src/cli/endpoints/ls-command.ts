import { connectToRead } from '../connect.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { renderTable } from '../output/table.ts'
import { type EndpointSummary, summarizeEndpoint } from './summarize-endpoint.ts'

const heads = ['name', 'version', 'kind', 'materialized', 'active', 'variables', 'last run']

/** `typehog endpoints ls`: every endpoint of the project, by name. */
export async function listEndpoints(context: Context): Promise<ExitCode> {
  const { client, projectId } = await connectToRead(context)
  const found = new Map<string, EndpointSummary>()
  for await (const endpoint of client.endpoints.list({}, { signal: context.io.signal })) {
    const summary = summarizeEndpoint(endpoint)
    found.set(summary.name, summary)
  }
  const summaries = [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1))
  if (context.options.json === true) context.printJson(summaries)
  else if (summaries.length === 0) context.note(`Project ${projectId} has no endpoints.`)
  else context.print(...renderTable(heads, summaries.map(toRow), context.io.columns).split('\n'))
  return exitCodes.ok
}

function toRow(summary: EndpointSummary): unknown[] {
  const { name, version, kind, materialized, active, variables, lastRunAt } = summary
  const lastRun = lastRunAt === null ? 'never' : `${lastRunAt.slice(0, 16).replace('T', ' ')}`
  const yes = (flag: boolean): string => (flag ? 'yes' : 'no')
  return [name, version, kind, yes(materialized), yes(active), variables.join(', '), lastRun]
}
