import { afterAll, beforeAll } from 'vitest'
import { createClient } from '../../../src/index.ts'
import { type LocalPostHog, startLocalPostHog } from '../../../src/testing.ts'
import type { Target } from './suite.ts'

/** A local PostHog with the data that the checks expect. */
export interface Account {
  readonly target: Target
  /** Restores the faults that a program used up. Call it before each program. */
  readonly prepare: () => void
  readonly close: () => Promise<void>
}

/** Starts an account for the tests of a file and closes it after them. Returns a function for the account. */
export function useAccount(): () => Account {
  let account: Account | undefined
  beforeAll(async () => {
    account = await startAccount()
  })
  afterAll(() => account?.close())
  return () => {
    if (account === undefined) throw new Error('The account exists while tests run.')
    return account
  }
}

async function startAccount(): Promise<Account> {
  const events = 250
  const local = await startLocalPostHog({ events, throttle: false, pageSize: 2 })
  const [{ url }, closed] = [await local.listen(), await local.listen()]
  await closed.close()
  const { personalApiKey: apiKey, projectId } = local
  const target = { host: url, unreachableUrl: closed.url, apiKey, projectId, events }
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
    // In the body: before it, Bun and Deno retry by themselves.
    { method: 'GET', path: '/endpoints/browsers/', reset: 'mid-body' },
    { path: '/cohorts/', status: 200, body: { results: [] }, stall: 'body', times: Number.POSITIVE_INFINITY },
    // PostHog compresses too: each runtime has to decompress a stream.
    { path: '/query/', gzip: true, times: Number.POSITIVE_INFINITY },
  )
}
