import { readFile } from 'node:fs/promises'
import type { TypehogClient } from '../../src/client/create-client.ts'
import { parseLock } from '../../src/codegen/endpoints/lock.ts'
import { runNode, step, typeCheck } from './steps.ts'

/** Maximum number of endpoints to run, and of rows to show for each. */
const maxEndpoints = 3
const maxRows = 5

/** Pulls the endpoints of a real project, type-checks the module, and runs endpoints without variables. Read-only. */
export async function showAccount(posthog: TypehogClient, folder: string, cli: string): Promise<void> {
  const { host, projectId } = posthog.config
  step(`1. Endpoints of project ${projectId ?? '(none; set POSTHOG_PROJECT_ID)'} on ${host}`)
  await runNode([cli, 'endpoints', 'ls'], folder, {})

  step('2. Run typehog endpoints pull')
  await runNode([cli, 'endpoints', 'pull'], folder, {})
  const problems = typeCheck([`${folder}/posthog.endpoints.ts`])
  console.log(problems.length === 0 ? 'The module compiles.' : problems.join('\n'))

  step(`3. Run the pinned versions, at most ${maxRows} rows each`)
  const file = `${folder}/posthog.endpoints.lock.json`
  let runs = 0
  for (const [name, endpoint] of Object.entries(parseLock(await readFile(file, 'utf8'), file).endpoints)) {
    const required = Object.entries(endpoint.variables).flatMap(([variable, { required }]) =>
      required ? [variable] : [],
    )
    if (required.length > 0) {
      console.log(`Skipping ${name}, which needs ${required.join(', ')}.`)
    } else if (runs < maxEndpoints) {
      runs += 1
      const { rows, version } = await posthog.endpoints.run({ ...endpoint, name }, {})
      console.log(`${name}, version ${version}:`)
      console.table(rows.slice(0, maxRows))
    }
  }
}
