import { describe, expect, it } from 'vitest'
import { useProject } from '../package/project.ts'
import { allOk } from './run-program.ts'
import { serveWorker } from './serve-worker.ts'
import { useAccount } from './smoke/account.ts'
import { bundledWorker, sharingWorker, splitWorker } from './smoke/worker.ts'

/** Compatibility dates. With the older one, a worker has no Node APIs. */
const bare = '2025-01-01'
const recent = '2026-10-01'

const project = useProject()
const account = useAccount()

describe('workerd', () => {
  it.each([
    ['bundled into one file, without Node', bundledWorker, bare],
    ["as the package's files, without Node", splitWorker, bare],
    ["as the package's files, by recent rules", splitWorker, recent],
  ])('passes the suite %s', async (_, write, date) => {
    const modules = await write(project(), { ...account().target, reportsUnsent: false })
    await using worker = await serveWorker(project(), modules, date)
    account().prepare()
    const response = await fetch(worker.url, { signal: AbortSignal.timeout(30_000) })
    expect(await response.json()).toEqual({ lines: allOk, node: date === recent })
    expect(worker.output()).toBe('')
  })

  it('shares one client between concurrent requests', async () => {
    const modules = await sharingWorker(project(), account().target)
    await using worker = await serveWorker(project(), modules, recent)
    account().prepare()
    const signal = AbortSignal.timeout(30_000)
    // More requests than PostHog runs concurrently, so that some wait. Later rounds reuse the client.
    for (let round = 0; round < 3; round++) {
      const numbers = [...Array(12).keys()].map(String)
      const fetchNumber = async (n: string): Promise<string> =>
        (await fetch(`${worker.url}${n}`, { signal })).text()
      expect(await Promise.all(numbers.map(fetchNumber))).toEqual(numbers)
    }
    expect(worker.output()).toBe('')
  })
})
