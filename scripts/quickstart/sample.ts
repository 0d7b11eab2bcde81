import { copyFile } from 'node:fs/promises'
import { createSampleEndpoints } from '../../src/cli/dev/sample-endpoints.ts'
import { createClient } from '../../src/client/create-client.ts'
import { startLocalPostHog } from '../../src/local/local-posthog.ts'
import { runNode, step } from './steps.ts'
import { typeCheck } from './type-check.ts'

/** The whole way on a local PostHog: create, pull, compile, run. */
export async function showSample(folder: string, cli: string): Promise<void> {
  step('1. A local PostHog, on embedded ClickHouse, with sample data')
  await using local = await startLocalPostHog()
  const { url } = await local.listen()
  const { personalApiKey: apiKey, projectId } = local
  const env = { POSTHOG_HOST: url, POSTHOG_PROJECT_ID: String(projectId), POSTHOG_PERSONAL_API_KEY: apiKey }
  console.log(`Listening on ${url}, project ${projectId}.`)

  step('2. Two endpoints in it, one of them materialised')
  await createSampleEndpoints(createClient({ apiKey, projectId, host: url }))
  await runNode([cli, 'endpoints', 'ls'], folder, env)

  step('3. typehog endpoints pull')
  await runNode([cli, 'endpoints', 'pull'], folder, env)

  step('4. A program against the generated module')
  for (const name of ['program.ts', 'wrong-variable.ts']) {
    await copyFile(`examples/quickstart/${name}`, `${folder}/${name}`)
  }
  const problems = typeCheck([`${folder}/program.ts`])
  if (problems.length > 0) throw new Error(`program.ts does not compile:\n${problems.join('\n')}`)
  console.log('program.ts compiles. What wrong calls look like at compile time:')
  for (const problem of typeCheck([`${folder}/wrong-variable.ts`])) console.log(`  ${problem}`)

  step('5. The program runs')
  await runNode(['--import', 'tsx', 'program.ts'], folder, env)
}
