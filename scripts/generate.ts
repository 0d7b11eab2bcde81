import { readFile } from 'node:fs/promises'
import { hashTree, sha256 } from '../src/codegen/files.ts'
import { generate } from '../src/codegen/generate/generate.ts'
import { recordGeneration } from '../src/codegen/schema/snapshot/lock-file.ts'
import { readSnapshot } from '../src/codegen/schema/snapshot/read-snapshot.ts'

// Generates src/generated from openapi/posthog.json and its overlays, and records the hashes of input and output.
// With --check it only compares: the exit code is 1 when the committed output is out of date.

const snapshotFolder = 'openapi'
const outputFolder = 'src/generated'
const check = process.argv.includes('--check')

const before = await hashTree(outputFolder)
const { document } = await readSnapshot(snapshotFolder)
const target = check ? '.tmp/generated-check' : outputFolder
const report = await generate(document, target)
const after = await hashTree(target)

if (check) {
  console.log(
    before === after
      ? `${outputFolder} is up to date.`
      : `${outputFolder} is out of date: run npm run generate.`,
  )
  process.exitCode = before === after ? 0 : 1
} else {
  const snapshot = sha256(await readFile(`${snapshotFolder}/posthog.json`))
  await recordGeneration(`${snapshotFolder}/lock.json`, { input: snapshot, output: after })
  const { operations, types, validators, folders } = report
  console.log(`${operations} operations, ${types} types, ${validators} validators in ${folders} folders.`)
  console.log(before === after ? 'No change.' : `${outputFolder} was replaced.`)
}
