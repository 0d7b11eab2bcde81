import { copyFile, mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createSampleEndpoints } from '../../src/cli/dev/sample-endpoints.ts'
import { createClient } from '../../src/client/create-client.ts'
import { startLocalPostHog } from '../../src/local/local-posthog.ts'
import { showAccount } from './account.ts'
import { runNode, step } from './steps.ts'
import { typeCheck } from './type-check.ts'

// From nothing to typed rows, as a user of the package goes there: the built CLI pulls, the compiler checks a program
// against what it wrote, Node runs it. With POSTHOG_* set it reads from that account and writes nothing there.

const folder = resolve('.tmp/quickstart')
const cli = resolve('dist/cli.js')
await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })

const account = createClient.optional()
if (account !== undefined) {
  await showAccount(account, folder, cli)
} else {
  step('1. A local PostHog, on embedded ClickHouse, with sample data')
  const local = await startLocalPostHog()
  const { url } = await local.listen()
  try {
    const env = {
      POSTHOG_HOST: url,
      POSTHOG_PROJECT_ID: String(local.projectId),
      POSTHOG_PERSONAL_API_KEY: local.personalApiKey,
    }
    console.log(`Listening on ${url}, project ${local.projectId}.`)

    step('2. Two endpoints in it, one of them materialised')
    const { personalApiKey: apiKey, projectId } = local
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
  } finally {
    await local.close()
  }
}
console.log(`\nThe generated module and its lock file are in ${folder.replace(process.cwd(), '.')}.`)
