import { describe, expect, it } from 'vitest'
import type { Project } from '../../package/project.ts'
import { serveWorker } from '../serve-worker.ts'
import type { Account } from '../smoke/account.ts'
import { bundledWorker, sharingWorker, splitWorker } from '../smoke/worker.ts'
import { allWell } from './all-well.ts'

/** Dates of workerd's rules: of the older one, a worker has nothing of Node's. */
const bare = '2025-01-01'
const recent = '2026-10-01'

/** Cloudflare's runtime. */
export function describeWorkerd(project: () => Project, account: () => Account): void {
  describe('workerd', () => {
    it.each([
      ['bundled into one file, without Node', bundledWorker, bare],
      ["as the package's files, without Node", splitWorker, bare],
      ["as the package's files, by recent rules", splitWorker, recent],
    ])('passes the suite %s', async (_, write, date) => {
      const modules = await write(project(), { ...account().target, tellsUnsent: false })
      await using worker = await serveWorker(project(), modules, date)
      account().prepare()
      const response = await fetch(worker.url, { signal: AbortSignal.timeout(30_000) })
      expect(await response.json()).toEqual({ lines: allWell, node: date === recent })
      expect(worker.complaints()).toBe('')
    })

    it('lets one client serve many requests at once', async () => {
      const modules = await sharingWorker(project(), account().target)
      await using worker = await serveWorker(project(), modules, recent)
      account().prepare()
      const signal = AbortSignal.timeout(30_000)
      // More than PostHog runs at once, so that requests wait for each other; and again, when those are long over.
      for (let round = 0; round < 3; round++) {
        const numbers = [...Array(12).keys()].map(String)
        const answer = async (n: string): Promise<string> =>
          (await fetch(`${worker.url}${n}`, { signal })).text()
        expect(await Promise.all(numbers.map(answer))).toEqual(numbers)
      }
      expect(worker.complaints()).toBe('')
    })
  })
}
