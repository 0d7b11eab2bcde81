import { parseArgs } from 'node:util'
import { bundleSize } from '../test/package/bundle-size.ts'
import { consumerFolder } from './harness/consumer-folder.ts'
import { table } from './harness/table.ts'

// Bytes of programs, minified and compressed. See README.md beside this file.

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })

const programs: Readonly<Record<string, string>> = {
  'a client with all resources': `import { createClient } from 'typehog'\nglobalThis.client = createClient()`,
  'one operation of typehog/api': `import { listCohorts } from 'typehog/api'\nglobalThis.run = (client) => listCohorts({ client })`,
  'one validator': `import { zCohort } from 'typehog/zod'\nglobalThis.run = (value) => zCohort.parse(value)`,
  ky: `import ky from 'ky'\nglobalThis.run = (url) => ky.get(url).json()`,
  openai: `import OpenAI from 'openai'\nglobalThis.client = new OpenAI()`,
}

await using project = await consumerFolder()
const results: { readonly name: string; readonly bytes: number }[] = []
for (const [name, program] of Object.entries(programs)) {
  results.push({ name, bytes: await bundleSize(project, program) })
}
if (values.json) console.log(JSON.stringify({ node: process.version, results }, null, 2))
else
  console.log(
    table(
      ['', 'bytes'],
      results.map(({ name, bytes }) => [name, String(bytes)]),
    ),
  )
