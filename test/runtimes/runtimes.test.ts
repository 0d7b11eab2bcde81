import { afterAll, beforeAll } from 'vitest'
import { installPackage, type Project } from '../package/project.ts'
import { describeDeno } from './checks/deno.ts'
import { describeRuntimeExamples } from './checks/examples.ts'
import { describeJsr } from './checks/jsr.ts'
import { describeProcesses } from './checks/processes.ts'
import { describeWorkerd } from './checks/workerd.ts'
import { ensureInstalled } from './install.ts'
import { type Account, startAccount } from './smoke/account.ts'

// The packed package on every runtime, by one suite that knows none of them.
let project: Project
let account: Account
beforeAll(async () => {
  await ensureInstalled()
  project = await installPackage()
  account = await startAccount()
})
afterAll(async () => {
  await account?.close()
  await project?.remove()
})

for (const describeRuntimes of [describeProcesses, describeDeno, describeWorkerd]) {
  describeRuntimes(
    () => project,
    () => account,
  )
}
describeJsr(() => project)
describeRuntimeExamples(() => project)
