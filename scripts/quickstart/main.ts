import { mkdir, rm } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { createClient } from '../../src/client/create-client.ts'
import { showAccount } from './account.ts'
import { showSample } from './sample.ts'

// Shows the first steps of a new user: pull endpoints with the built CLI, type-check a program, run it. With POSTHOG_*
// set, it uses that project read-only. Otherwise it starts a local PostHog.

const folder = resolve('.tmp/quickstart')
const cli = resolve('dist/cli.js')
try {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const account = createClient.optional()
  await (account === undefined ? showSample(folder, cli) : showAccount(account, folder, cli))
  console.log(`\nThe generated module and its lock file are in ${relative('.', folder)}/.`)
} catch (error) {
  console.error(`\nThe quickstart failed: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
