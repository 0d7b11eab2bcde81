import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { generate } from '../src/codegen/generate/generate.ts'
import { hashTree } from '../src/codegen/generate/hash-tree.ts'
import { recordGeneration } from '../src/codegen/generate/record-generation.ts'
import { readSnapshot } from '../src/codegen/schema/snapshot/read-snapshot.ts'

// Writes src/generated from openapi/posthog.json and its overlays, and records what it was made of.
// With --check nothing is kept: it exits 1 when the committed output differs from what would be written.

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
  const snapshot = createHash('sha256')
    .update(await readFile(`${snapshotFolder}/posthog.json`))
    .digest('hex')
  await recordGeneration(`${snapshotFolder}/lock.json`, { input: snapshot, output: after })
  const { operations, types, validators, folders } = report
  console.log(`${operations} operations, ${types} types, ${validators} validators in ${folders} folders.`)
  console.log(before === after ? 'No change.' : `${outputFolder} was replaced.`)
}
