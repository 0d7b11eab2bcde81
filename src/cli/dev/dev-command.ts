import { createClient } from '../../client/create-client.ts'
import { openEngine } from '../../local/engine/open-engine.ts'
import { isKey } from '../../local/http/auth/keys.ts'
import { type LocalPostHog, type LocalServer, startLocalPostHog } from '../../local/local-posthog.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { UsageError } from '../usage-error.ts'
import { createSampleEndpoints } from './sample-endpoints.ts'

/** Options of `dev`. */
export interface DevOptions {
  readonly port: number
  readonly events: number
  readonly seed: number
  /** Fixes the key; without it each start has a random one. */
  readonly key?: string
}

/** `typehog dev`: a local PostHog with sample data until Ctrl-C, which is its ordinary end. */
export async function dev(context: Context, { port, events, seed, key }: DevOptions): Promise<ExitCode> {
  const { signal } = context.io
  if (key !== undefined && !isKey('personal', key)) {
    throw new UsageError(
      '--key is not a personal API key.',
      'Pass one that begins with phx_ and goes on with letters, digits, _ or -; without --key a random one is made.',
    )
  }
  const engine = await openEngine(undefined, 'project_1')
  if (!engine.available) {
    throw new UsageError(
      'The local PostHog runs SQL on the optional package chdb, which is not installed.',
      'Install it: npm i -D chdb',
    )
  }
  const posthog = await startLocalPostHog({
    engine,
    events,
    seed,
    ...(key === undefined ? {} : { personalApiKey: key }),
  })
  try {
    const { url } = await listenOn(posthog, port)
    const { personalApiKey: apiKey, projectId } = posthog
    await createSampleEndpoints(createClient({ apiKey, projectId, host: url }), signal)
    await announce(context, posthog, url, events)
    await aborted(signal)
    context.note('Stopped.')
    return exitCodes.ok
  } finally {
    await posthog.close()
  }
}

async function listenOn(posthog: LocalPostHog, port: number): Promise<LocalServer> {
  try {
    return await posthog.listen({ port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') {
      throw new UsageError(
        `Port ${port} is in use.`,
        'Name another with --port; 0 takes any that is free.',
        error,
      )
    }
    if (code === 'EACCES') {
      throw new UsageError(`Port ${port} may not be opened.`, 'Name one from 1024 with --port.', error)
    }
    throw error
  }
}

async function announce(context: Context, posthog: LocalPostHog, url: string, events: number): Promise<void> {
  const { projectId, personalApiKey, projectSecretKey } = posthog
  if (context.options.json === true) {
    await context.printData({ host: url, projectId, personalApiKey, projectSecretKey })
    return
  }
  context.note(`A local PostHog with ${events} sample events and the endpoints top-pages and plan-revenue.`)
  context.note('Ctrl-C stops it; nothing is kept. In another terminal:')
  context.note('')
  context.print(`export POSTHOG_HOST=${url}`)
  context.print(`export POSTHOG_PROJECT_ID=${projectId}`)
  // Lines show no keys; this one is to be seen.
  await context.printData(`export POSTHOG_PERSONAL_API_KEY=${personalApiKey}\n`)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
