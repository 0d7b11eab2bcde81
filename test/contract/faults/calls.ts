import type { TypehogClient } from '../../../src/index.ts'

type Run = (posthog: TypehogClient, signal: AbortSignal) => Promise<unknown>

/** Reads a list. */
export const read: Run = (posthog, signal) =>
  posthog.request('GET /api/projects/{project_id}/endpoints/', {}, { signal })

/** Creates a variable, which must not happen twice. */
export const write: Run = (posthog, signal) =>
  posthog.request(
    'POST /api/projects/{project_id}/insight_variables/',
    { body: { name: `v${++created}`, type: 'String' } },
    { signal },
  )

let created = 0

/** Loops over a list and gives its names. */
export const loop: Run = async (posthog, signal) => {
  const names: string[] = []
  for await (const { name } of posthog.endpoints.list({}, { signal })) names.push(name)
  return names
}

export const reading = 'GET /api/projects/1/endpoints/'
export const writing = 'POST /api/projects/1/insight_variables/'
