import { createClient } from '../../client/create-client.ts'
import { openEngine } from '../../local/engine/open-engine.ts'
import { isKey } from '../../local/http/auth.ts'
import { type LocalPostHog, type LocalServer, startLocalPostHog } from '../../local/local-posthog.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { setVariable } from '../output/shell.ts'
import { createSampleEndpoints } from './sample-endpoints.ts'

/** Options of `dev`. */
export interface DevOptions {
  readonly port: number
  readonly events: number
  readonly seed: number
  /** Ids of more projects. */
  readonly projects?: readonly number[]
  /** Personal API key. Default: a new random key for each start. */
  readonly key?: string
}

/** `typehog dev`: runs a local PostHog with sample data until Ctrl-C, then exits with 0. */
export async function dev(context: Context, options: DevOptions): Promise<ExitCode> {
  const { port, events, seed, projects = [], key } = options
  const { signal } = context.io
  if (key !== undefined && !isKey('personal', key)) {
    throw new UsageError(
      'Expected --key to be a personal API key.',
      'Pass phx_ followed by letters, digits, _ or -, or omit --key for a random key.',
    )
  }
  const engine = await openEngine(undefined, 'project_1')
  if (!engine.available) {
    throw new UsageError(
      'The local PostHog needs the optional package chdb, which is not installed.',
      'Install it: npm i -D chdb',
    )
  }
  const progress = context.rowProgress()
  const posthog = await startLocalPostHog({
    engine,
    events,
    seed,
    projects,
    personalApiKey: key,
    onSampleProgress: (fraction) => progress.update(Math.round(fraction * events), fraction),
  }).finally(() => progress.finish())
  try {
    const { url } = await listen(posthog, port)
    const { personalApiKey: apiKey, projectId } = posthog
    await createSampleEndpoints(createClient({ apiKey, projectId, host: url }), signal)
    await announce(context, posthog, url, options)
    await waitForAbort(signal)
    context.note('Stopped.')
    return exitCodes.ok
  } finally {
    await posthog.close()
  }
}

async function listen(posthog: LocalPostHog, port: number): Promise<LocalServer> {
  try {
    return await posthog.listen({ port, page: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') {
      throw new UsageError(
        `Port ${port} is already in use.`,
        'Pass another --port; 0 picks a free one.',
        error,
      )
    }
    if (code === 'EACCES') {
      throw new UsageError(`No permission to listen on port ${port}.`, 'Pass a --port from 1024.', error)
    }
    throw error
  }
}

async function announce(
  context: Context,
  posthog: LocalPostHog,
  url: string,
  { events, projects = [] }: DevOptions,
): Promise<void> {
  const { projectId, personalApiKey, projectSecretKey } = posthog
  if (context.options.json === true) {
    await context.printData({ host: url, projectId, projects, personalApiKey, projectSecretKey })
    return
  }
  context.note(`Local PostHog with ${events} sample events and the endpoints top-pages and plan-revenue.`)
  if (projects.length > 0)
    context.note(`More projects, each with its own sample data: ${projects.join(', ')}.`)
  context.note(`Open ${url} in a browser to run endpoints and SQL and to see requests.`)
  context.note('Press Ctrl-C to stop it and discard its data. To use it in another terminal:')
  context.note('')
  const { os } = context.io
  context.print(setVariable('POSTHOG_HOST', url, os))
  context.print(setVariable('POSTHOG_PROJECT_ID', String(projectId), os))
  // `print` would redact the key.
  await context.printData(`${setVariable('POSTHOG_PERSONAL_API_KEY', personalApiKey, os)}\n`)
}

function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
