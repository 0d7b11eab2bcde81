import { readEndpointState } from '../../../codegen/endpoint-files/endpoint-state.ts'
import { type ExitCode, exitCodes } from '../../cli-io.ts'
import { connectWithPersonalKey } from '../../connect.ts'
import type { Context } from '../../context.ts'
import { UsageError } from '../../errors.ts'
import { openInBrowser } from '../../open-url.ts'
import { withNameSuggestion } from '../suggest-endpoint.ts'

/** Options of `endpoints open`. */
export interface OpenOptions {
  readonly print?: boolean
}

/** `typehog endpoints open`: prints the URL of an endpoint in PostHog's app, and opens it on a terminal. */
export async function openEndpoint(
  context: Context,
  name: string,
  { print }: OpenOptions,
): Promise<ExitCode> {
  const connection = await connectWithPersonalKey(context)
  const { signal, isTTY, openUrl = openInBrowser } = context.io
  const endpoint = await withNameSuggestion(context, connection, name, () =>
    connection.client.endpoints.get(name, {}, { signal }),
  )
  const { uiUrl } = readEndpointState(endpoint)
  const { host, projectId } = connection
  // Older servers return no URL.
  const url = new URL(uiUrl ?? `${host}/project/${projectId}/endpoints/${encodeURIComponent(name)}`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new UsageError(`PostHog returned ${url.href}, which is not a web page.`, 'Check `--host`.')
  }
  if (context.options.json === true) context.printJson({ name, url: url.href })
  else context.print(url.href)
  const opens = print !== true && context.options.json !== true && isTTY.stdout
  if (opens && !(await openUrl(url.href))) context.note('No browser could be opened: open the URL yourself.')
  return exitCodes.ok
}
