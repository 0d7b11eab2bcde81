import { describe, it } from 'vitest'
import type { Project } from '../../package/project.ts'
import { binaries } from '../binaries.ts'
import { runProgram } from '../run-program.ts'
import type { Account } from '../smoke/account.ts'
import { type Format, writeProgram } from '../smoke/program.ts'
import { expectAllWell } from './all-well.ts'

const formats: readonly Format[] = ['esm', 'cjs']

/** Runtimes that find packages as Node does. */
export function describeProcesses(project: () => Project, account: () => Account): void {
  describe.each(['Node 20', 'Node 22', 'Node 24', 'Bun'] as const)('%s', (name) => {
    it.each(formats)('passes the suite as %s', async (format) => {
      const { folder } = project()
      const program = await writeProgram(project(), format, { ...account().target, folder })
      account().prepare()
      expectAllWell(await runProgram([binaries[name](), program], { folder }))
    })
  })
}
