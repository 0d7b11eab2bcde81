import { createClient as createRedis } from 'redis'
import { createClient } from '../../../src/index.ts'
import { redisLimits } from '../../../src/redis.ts'

/** The work of one process. */
export interface Work {
  readonly url: string
  readonly redis: string
  readonly key: string
  readonly rates: readonly { readonly requests: number; readonly seconds: number }[]
  readonly route: 'GET /api/projects/{project_id}/cohorts/' | 'POST /api/projects/{project_id}/query/'
  readonly requests: number
  /** Concurrent calls. */
  readonly workers: number
}

// One of several processes that share limits through Redis. Its argument is a `Work` as JSON.
const {
  url,
  redis: address,
  key,
  rates,
  route,
  requests,
  workers,
} = JSON.parse(process.argv[2] ?? '') as Work
const redis = createRedis({ url: address })
await redis.connect()
const posthog = createClient({
  apiKey: key,
  projectId: 1,
  host: url,
  totalTimeout: 600_000,
  retry: false,
  limits: {
    mode: 'count',
    rates: { default: rates, query: rates },
    store: redisLimits(redis),
    storeTimeout: 10_000,
  },
})
const call = async (): Promise<void> => {
  if (route.startsWith('GET')) await posthog.request('GET /api/projects/{project_id}/cohorts/')
  else {
    const query = { kind: 'HogQLQuery', query: 'select 1' } as const
    await posthog.request('POST /api/projects/{project_id}/query/', { body: { query } })
  }
}
let remaining = requests
const work = async (): Promise<void> => {
  while (remaining > 0) {
    remaining -= 1
    await call()
  }
}
// The first call of a process loads code. Concurrent requests would arrive later than their reservation by more than
// the margin of a window of a few seconds.
remaining -= 1
await call()
await Promise.all(Array.from({ length: workers }, work))
redis.destroy()
