import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'

/** Runs a program in a worker thread and returns its message and exit code. */
async function inWorker(program: string): Promise<{ readonly message: unknown; readonly code: unknown }> {
  const entry = new URL('../../../src/testing.ts', import.meta.url).href
  const source = `
    const { parentPort } = require('node:worker_threads')
    import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(entry)}, ${JSON.stringify(entry)}))
      .then(async ({ startLocalPostHog }) => { ${program} })
      .catch((error) => parentPort.postMessage('error ' + error.message))`
  const worker = new Worker(source, { eval: true })
  const exited = once(worker, 'exit')
  const [message] = await once(worker, 'message')
  const [code] = await exited
  return { message, code }
}

describe('a local PostHog in a worker thread', () => {
  it('names the required setting before the embedded engine can crash the process', async () => {
    const { message, code } = await inWorker(`
      await startLocalPostHog({ events: 0 })
      parentPort.postMessage('started')`)
    expect(message).toMatch(/^error .*worker thread.*pool: 'forks'/)
    expect(code).toBe(0)
  })

  it('runs with a custom engine', async () => {
    const { message } = await inWorker(`
      const nothing = async () => {}
      const engine = { database: 'db', available: false, query: nothing, command: nothing, insert: nothing, close: nothing }
      const local = await startLocalPostHog({ engine })
      parentPort.postMessage('project ' + local.projectId)
      await local.close()`)
    expect(message).toBe('project 1')
  })
})
