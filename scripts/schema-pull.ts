import { createDownload } from '../src/cli/schema/download.ts'
import { SchemaError } from '../src/codegen/schema/schema-error.ts'
import { pullSchema, renderPull } from '../src/codegen/schema/snapshot/pull-schema.ts'

// Usage: tsx scripts/schema-pull.ts <host | URL | file> [folder]
const [source, folder = 'openapi'] = process.argv.slice(2)
if (source === undefined) {
  console.error('Usage: schema-pull <host | URL | file> [folder]')
  process.exitCode = 2
} else {
  try {
    console.log(renderPull(await pullSchema(source, folder, { download: createDownload() })))
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
