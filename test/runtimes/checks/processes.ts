import { describe, expect, it } from 'vitest'
import type { Project } from '../../package/project.ts'
import { binaries } from '../binaries.ts'
import { type Printed, runProgram } from '../run-program.ts'
import type { Account } from '../smoke/account.ts'
import { checks } from '../smoke/checks.ts'
import { type Format, writeProgram } from '../smoke/program.ts'

/** Milliseconds that a program may go on after its last line: none of the client's timers keeps it. */
const longest = 2_000
const formats: readonly Format[] = ['esm', 'cjs']

/** What a suite prints when nothing is wrong. */
export const allWell: readonly string[] = Object.keys(checks).map((name) => `${name}: ok`)

/** A program printed that every check went well, complained about nothing and ended by itself. */
export function expectAllWell({ lines, complaints, lingered }: Printed): void {
  expect(lines).toEqual(allWell)
  expect(complaints).toBe('')
  expect(lingered).toBeLessThan(longest)
}

/** Runtimes that find packages as Node does. */
export function describeProcesses(project: () => Project, account: () => Account): void {
  describe.each(['Node 20', 'Node 22', 'Node 24', 'Bun'])('%s', (name) => {
    it.each(formats)('passes the suite as %s', async (format) => {
      const { folder } = project()
      const program = await writeProgram(project(), format, { ...account().target, folder })
      account().prepare()
      expectAllWell(await runProgram([binaries[name]?.() ?? name, program], { folder }))
    })
  })
}
