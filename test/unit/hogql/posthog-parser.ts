import { Worker } from 'node:worker_threads'

/** The longest time for one query, in milliseconds. PostHog's grammar takes minutes for some nested queries. */
const LIMIT_MS = 2_000

/** PostHog's own parser in a thread that is stopped when a query takes too long. */
export class PosthogParser {
  private worker: Worker | undefined

  /** Parses a query to PostHog's tree. Undefined: PostHog's parser exceeds the time limit. */
  async parse(query: string): Promise<Record<string, unknown> | undefined> {
    const worker = await this.start()
    worker.postMessage(query)
    const answer = await nextMessage(worker, LIMIT_MS)
    if (answer === undefined) await this.close()
    return answer === undefined ? undefined : (JSON.parse(answer) as Record<string, unknown>)
  }

  async close(): Promise<void> {
    await this.worker?.terminate()
    this.worker = undefined
  }

  private async start(): Promise<Worker> {
    if (this.worker !== undefined) return this.worker
    this.worker = new Worker(new URL('./posthog-parser-worker.mjs', import.meta.url))
    // The worker loads the WebAssembly module before it says that it is ready.
    await nextMessage(this.worker, 30_000)
    return this.worker
  }
}

function nextMessage(worker: Worker, limit: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(undefined), limit)
    const done = (message: string | undefined): void => {
      clearTimeout(timer)
      worker.off('message', done).off('error', reject)
      resolve(message)
    }
    worker.once('message', done).once('error', reject)
  })
}
