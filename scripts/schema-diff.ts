import { diffDocuments } from '../src/codegen/schema/diff/diff-documents.ts'
import { loadForDiff } from '../src/codegen/schema/diff/load-for-diff.ts'
import { countGrades, renderChanges } from '../src/codegen/schema/diff/render-changes.ts'
import { nodeLoadIo } from '../src/codegen/schema/load/load-io.ts'
import { SchemaError } from '../src/codegen/schema/schema-error.ts'

// Usage: tsx scripts/schema-diff.ts <old> <new> [--json]. Exit code 1 when something breaks.
const json = process.argv.includes('--json')
const [older, newer] = process.argv.slice(2).filter((argument) => argument !== '--json')
if (older === undefined || newer === undefined) {
  console.error('Usage: schema-diff <old> <new> [--json]')
  process.exitCode = 2
} else {
  try {
    const io = nodeLoadIo()
    const changes = diffDocuments(await loadForDiff(older, io), await loadForDiff(newer, io))
    console.log(json ? JSON.stringify(changes, null, 2) : renderChanges(changes))
    process.exitCode = countGrades(changes).breaking > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    console.error(error.message)
    process.exitCode = 2
  }
}
