import { copyFile } from 'node:fs/promises'
import { createSampleEndpoints } from '../../src/cli/dev/sample-endpoints.ts'
import { createClient } from '../../src/client/create-client.ts'
import { startLocalPostHog } from '../../src/local/local-posthog.ts'
import { runNode, step, typeCheck } from './steps.ts'

/** Creates, pulls, type-checks and runs endpoints of a local PostHog. */
export async function showSample(folder: string, cli: string): Promise<void> {
  step('1. Start a local PostHog with embedded ClickHouse and sample data')
  await using local = await startLocalPostHog()
  const { url } = await local.listen()
  const { personalApiKey: apiKey, projectId } = local
  const env = { POSTHOG_HOST: url, POSTHOG_PROJECT_ID: String(projectId), POSTHOG_PERSONAL_API_KEY: apiKey }
  console.log(`Listening on ${url}, project ${projectId}.`)

  step('2. Create two endpoints, one of them materialized')
  await createSampleEndpoints(createClient({ apiKey, projectId, host: url }))
  await runNode([cli, 'endpoints', 'ls'], folder, env)

  step('3. Run typehog endpoints pull')
  await runNode([cli, 'endpoints', 'pull'], folder, env)

  step('4. Type-check a program that uses the generated module')
  for (const name of ['program.ts', 'wrong-variable.ts']) {
    await copyFile(`examples/quickstart/${name}`, `${folder}/${name}`)
  }
  const problems = typeCheck([`${folder}/program.ts`])
  if (problems.length > 0) throw new Error(`program.ts does not compile:\n${problems.join('\n')}`)
  console.log('program.ts compiles. Compile errors of wrong calls:')
  for (const problem of typeCheck([`${folder}/wrong-variable.ts`])) console.log(`  ${problem}`)

  step('5. Run the program')
  await runNode(['--import', 'tsx', 'program.ts'], folder, env)
}
