import { readFile } from 'node:fs/promises'
import type { TypehogClient } from '../../src/client/create-client.ts'
import { parseLock } from '../../src/codegen/endpoints/lock.ts'
import { runNode, step } from './steps.ts'
import { typeCheck } from './type-check.ts'

/** Endpoints that are run, and rows of each that are shown. */
const shownEndpoints = 3
const shownRows = 5

/** Pulls an account's endpoints, type-checks the module, and runs those that need no variable. Only reads. */
export async function showAccount(posthog: TypehogClient, folder: string, cli: string): Promise<void> {
  const { host, projectId } = posthog.config
  step(`1. Endpoints of project ${projectId ?? '(none: set POSTHOG_PROJECT_ID)'} on ${host}`)
  await runNode([cli, 'endpoints', 'ls'], folder, {})

  step('2. typehog endpoints pull')
  await runNode([cli, 'endpoints', 'pull'], folder, {})
  const problems = typeCheck([`${folder}/posthog.endpoints.ts`])
  console.log(problems.length === 0 ? 'The module compiles.' : problems.join('\n'))

  step(`3. Runs at the pinned versions, ${shownRows} rows each`)
  const file = `${folder}/posthog.endpoints.lock.json`
  let runs = 0
  for (const [name, endpoint] of Object.entries(parseLock(await readFile(file, 'utf8'), file).endpoints)) {
    const required = Object.entries(endpoint.variables).flatMap(([variable, { required }]) =>
      required ? [variable] : [],
    )
    if (required.length > 0) {
      console.log(`${name} needs ${required.join(', ')}: left out here.`)
    } else if (runs < shownEndpoints) {
      runs += 1
      const { rows, version } = await posthog.endpoints.run({ ...endpoint, name }, {})
      console.log(`${name}, version ${version}:`)
      console.table(rows.slice(0, shownRows))
    }
  }
}
