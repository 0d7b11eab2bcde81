import { describe, expect, it } from 'vitest'
import type { Project } from '../../package/project.ts'
import { serveWorker } from '../serve-worker.ts'
import type { Account } from '../smoke/account.ts'
import { bundledWorker, splitWorker } from '../smoke/worker.ts'
import { allWell } from './all-well.ts'

/** Cloudflare's runtime, which has the Web's interfaces and, unless asked for, none of Node's. */
export function describeWorkerd(project: () => Project, account: () => Account): void {
  describe('workerd', () => {
    it.each([
      ['bundled into one file', bundledWorker],
      ['as the files that the package has', splitWorker],
    ])('passes the suite %s', async (_, workerOf) => {
      await using worker = await serveWorker(project(), await workerOf(project(), account().target))
      account().prepare()
      const response = await fetch(worker.url, { signal: AbortSignal.timeout(30_000) })
      expect((await response.text()).split('\n')).toEqual(allWell)
      expect(worker.complaints()).toBe('')
    })
  })
}
