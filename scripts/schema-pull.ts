import { nodeLoadIo } from '../src/codegen/schema/load/load-io.ts'
import { SchemaError } from '../src/codegen/schema/schema-error.ts'
import { pullSchema } from '../src/codegen/schema/snapshot/pull-schema.ts'
import { renderPull } from '../src/codegen/schema/snapshot/render-pull.ts'

// Usage: tsx scripts/schema-pull.ts <host | address | file> [folder]
const [source, folder = 'openapi'] = process.argv.slice(2)
if (source === undefined) {
  console.error('Usage: schema-pull <host | address | file> [folder]')
  process.exitCode = 2
} else {
  try {
    console.log(renderPull(await pullSchema(source, folder, nodeLoadIo())))
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
