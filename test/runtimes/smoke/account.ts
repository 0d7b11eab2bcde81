import { createClient } from '../../../src/index.ts'
import { type LocalPostHog, startLocalPostHog } from '../../../src/testing.ts'
import type { Target } from './package-under-test.ts'

/** A PostHog that listens on this machine, with what the checks look for. */
export interface Account {
  readonly target: Target
  /** Makes it ready for one more program. */
  readonly prepare: () => void
  readonly close: () => Promise<void>
}

/** Starts it. */
export async function startAccount(): Promise<Account> {
  const events = 250
  const local = await startLocalPostHog({ events, throttle: false, pageSize: 2 })
  const [{ url }, left] = [await local.listen(), await local.listen()]
  await left.close()
  const { personalApiKey: apiKey, projectId } = local
  const target = { host: url, nowhere: left.url, apiKey, projectId, events }
  await fill(target)
  return { target, prepare: () => addFaults(local), close: () => local.close() }
}

async function fill({ host, apiKey, projectId }: Target): Promise<void> {
  const { request } = createClient({ host, apiKey, projectId })
  for (const name of ['country', 'least', 'plan']) {
    const type =
      name === 'least' ? ({ type: 'Number', default_value: 0 } as const) : ({ type: 'String' } as const)
    await request('POST /api/projects/{project_id}/insight_variables/', {
      body: { name, ...type },
    })
  }
  const query = `select properties.$browser as browser, count() as views from events group by browser
having views >= {variables.least} order by views desc`
  await request('POST /api/projects/{project_id}/endpoints/', {
    body: { name: 'browsers', query: { kind: 'HogQLQuery', query } },
  })
}

function addFaults({ faults }: LocalPostHog): void {
  faults.clear()
  faults.add(
    // In the body: before that, Bun and Deno ask again by themselves.
    { method: 'GET', path: '/endpoints/browsers/', reset: 'mid-body' },
    { path: '/cohorts/', status: 200, body: { results: [] }, stall: 'body', times: Number.POSITIVE_INFINITY },
    // As PostHog does: each runtime has to unpack what arrives piece by piece.
    { path: '/query/', gzip: true, times: Number.POSITIVE_INFINITY },
  )
}
