import { describe, it } from 'vitest'
import { useProject } from '../package/project.ts'
import { binaries } from './binaries.ts'
import { expectAllOk, runProgram } from './run-program.ts'
import { useAccount } from './smoke/account.ts'
import { type Format, writeProgram } from './smoke/program.ts'

const formats: readonly Format[] = ['esm', 'cjs']

// Runtimes that resolve packages like Node.
const project = useProject()
const account = useAccount()

describe.each(['Node 20', 'Node 22', 'Node 24', 'Bun'] as const)('%s', (name) => {
  it.each(formats)('passes the suite as %s', async (format) => {
    const { folder } = project()
    const program = await writeProgram(project(), format, { ...account().target, folder })
    account().prepare()
    expectAllOk(await runProgram([binaries[name](), program], { folder }))
  })
})
