import { mkdir, rm } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { createClient } from '../../src/client/create-client.ts'
import { showAccount } from './account.ts'
import { showSample } from './sample.ts'

// The quick start follows the steps of a user: the built CLI pulls endpoints, the compiler checks a program against the
// generated module, and Node runs it. If POSTHOG_* is set, it reads from that account and writes nothing there.

const folder = resolve('.tmp/quickstart')
const cli = resolve('dist/cli.js')
try {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const account = createClient.optional()
  await (account === undefined ? showSample(folder, cli) : showAccount(account, folder, cli))
  console.log(`\nThe generated module and its lock file are in ${relative('.', folder)}.`)
} catch (error) {
  console.error(`\nThe quick start stopped: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
