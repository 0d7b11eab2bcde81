import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenApiDocument } from '../schema/document.ts'
import { commentText, quoted } from '../source-text.ts'
import { generationView } from './generation-view.ts'
import { runHeyApi } from './hey-api.ts'
import { itemTypeSource, typedOperations } from './typed-operations.ts'

/**
 * Renders the module that adds a server's operations to `client.request` and `client.list`. It has types only.
 *
 * @param document the operations to add, normalized and with overlays
 * @param source host, URL or file of the document
 * @throws MissingGeneratorError when `@hey-api/openapi-ts` is not installed
 */
export async function renderServerModule(document: OpenApiDocument, source: string): Promise<string> {
  const header = `// Written by \`typehog schema pull\` from ${commentText(source)}. Do not edit: pull again.\n`
  if (Object.keys(document.paths).length === 0) {
    return `${header}// The snapshot of Typehog has all operations of this server.\n\nexport {}\n`
  }
  const folder = await mkdtemp(join(tmpdir(), 'typehog-schema-'))
  try {
    const view = generationView(document)
    const symbols = await runHeyApi(view, folder, oneFile, 'types')
    const types = await readFile(join(folder, 'server', 'types.gen.ts'), 'utf8')
    const operations = typedOperations(view, symbols)
    const rows = operations.map(({ route, input, output }) => {
      return `    ${quoted(route)}: { readonly input: ${input.name}; readonly output: ${output?.name ?? 'unknown'} }`
    })
    const lists = operations.flatMap(({ route, output, isList }) =>
      isList ? [`    ${quoted(route)}: ItemOf<${output?.name}>`] : [],
    )
    return `${header}
declare module 'typehog' {
  interface ServerOperations {
${rows.join('\n')}
  }
${lists.length === 0 ? '' : `\n  interface ServerLists {\n${lists.join('\n')}\n  }\n`}}

${lists.length === 0 ? '' : `${itemTypeSource}\n`}${types.slice(types.indexOf('export '))}`
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Puts all types into one file. */
const oneFile = { ofPath: () => 'server', ofComponent: () => 'server' }
