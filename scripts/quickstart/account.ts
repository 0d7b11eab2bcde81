import type { TypehogClient } from '../../src/client/create-client.ts'
import { runNode, step } from './steps.ts'
import { typeCheck } from './type-check.ts'

/** Pulls an account's endpoints, type-checks the module, and runs those that need no variable. Only reads. */
export async function showAccount(posthog: TypehogClient, folder: string, cli: string): Promise<void> {
  const { host, projectId } = posthog.config
  step(`1. Endpoints of project ${projectId ?? '(none: set POSTHOG_PROJECT_ID)'} on ${host}`)
  await runNode([cli, 'endpoints', 'ls'], folder, {})

  step('2. typehog endpoints pull')
  await runNode([cli, 'endpoints', 'pull'], folder, {})
  const problems = typeCheck([`${folder}/posthog.endpoints.ts`])
  console.log(problems.length === 0 ? 'The module compiles.' : problems.join('\n'))

  step('3. Runs of endpoints that need no variable, five rows each')
  let shown = 0
  for await (const { name } of posthog.endpoints.list({ isActive: true })) {
    if (shown >= 3) break
    const endpoint = { name, kind: 'unknown', materialized: false, columns: [] }
    try {
      const { rows, version } = await posthog.endpoints.run(endpoint, {})
      console.log(`${name}, version ${version}:`)
      console.table(rows.slice(0, 5))
      shown += 1
    } catch (error) {
      console.log(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
