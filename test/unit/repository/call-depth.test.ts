import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

/** Maximum number of source files that a warm call runs, so that a reader can follow it. */
const maxFiles = { get: 16, list: 20, query: 28, run: 21 }

describe('the depth of calls', () => {
  it('stays within the number of files that a reader can follow', async () => {
    const { stdout } = await promisify(execFile)('node_modules/.bin/tsx', [
      'test/unit/repository/call-depth.ts',
    ])
    const files = JSON.parse(stdout)
    for (const [call, max] of Object.entries(maxFiles)) {
      expect(files[call].length, call).toBeGreaterThan(5)
      expect(files[call].length, `${call}: ${files[call].join(', ')}`).toBeLessThanOrEqual(max)
    }
  }, 60_000)
})
