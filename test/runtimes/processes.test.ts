import { describe, expect, it } from 'vitest'
import { useProject } from '../package/project.ts'
import { binaries } from './install.ts'
import { expectAllOk, runProgram } from './run-program.ts'
import { useAccount } from './smoke/account.ts'
import { type Format, writeProgram } from './smoke/program.ts'
import { checks, type PackageUnderTest, smoke } from './smoke/suite.ts'

/** A value whose properties and calls all return the value itself. As an iterable it is empty. */
const nothing: object = new Proxy(() => nothing, {
  get: (_, name) => (name === 'then' || name === Symbol.toPrimitive ? undefined : nothing),
})

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

it('every check of the suite fails with a package that does nothing', async () => {
  const unreachableUrl = 'http://127.0.0.1:1'
  const target = { host: unreachableUrl, unreachableUrl, apiKey: 'phx_x', projectId: 1, events: 1 }
  // The cast hides that the package has none of these functions.
  const lines = await smoke({ typehog: nothing, api: nothing } as PackageUnderTest, target)
  expect(lines).toHaveLength(Object.keys(checks).length)
  expect(lines.filter((line) => line.endsWith(': ok'))).toEqual([])
})
