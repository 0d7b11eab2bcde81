import { createDownload } from '../src/cli/schema/download.ts'
import { countGrades } from '../src/codegen/change.ts'
import { diffDocuments } from '../src/codegen/schema/diff/diff-documents.ts'
import { renderChanges } from '../src/codegen/schema/diff/schema-change.ts'
import { loadNormalizedDocument } from '../src/codegen/schema/load/load-document.ts'
import { SchemaError } from '../src/codegen/schema/schema-error.ts'

// Usage: tsx scripts/schema-diff.ts <old> <new> [--json]. The exit code is 1 for breaking changes.
const json = process.argv.includes('--json')
const [older, newer] = process.argv.slice(2).filter((argument) => argument !== '--json')
if (older === undefined || newer === undefined) {
  console.error('Usage: schema-diff <old> <new> [--json]')
  process.exitCode = 2
} else {
  try {
    const load = { download: createDownload() }
    const changes = diffDocuments(
      await loadNormalizedDocument(older, load),
      await loadNormalizedDocument(newer, load),
    )
    console.log(json ? JSON.stringify(changes, null, 2) : renderChanges(changes))
    process.exitCode = countGrades(changes).breaking > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    console.error(error.message)
    process.exitCode = 2
  }
}
