import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFolder } from '../files.ts'
import type { OpenApiDocument } from '../schema/document.ts'
import { emitApiEntry, emitResponseValidators, emitZodEntry } from './emit-entries.ts'
import { emitOperations } from './emit-operations.ts'
import { emitRules, emitScopes } from './emit-rules.ts'
import { generationView } from './generation-view.ts'
import { type GeneratedSymbol, runHeyApi } from './hey-api.ts'
import { placeSymbols } from './placement.ts'
import { removeContentType, typeValidators, validatorModule } from './rewrite-output.ts'
import { type TypeSources, typeSources } from './type-sources.ts'

/** Counts of the generated code. */
export interface GenerationReport {
  readonly operations: number
  readonly types: number
  readonly validators: number
  readonly folders: number
}

/**
 * Generates code for a normalized document with its overlays applied. Replaces the whole folder; on failure the folder
 * is unchanged.
 */
export async function generate(document: OpenApiDocument, folder: string): Promise<GenerationReport> {
  let report: GenerationReport | undefined
  await replaceFolder(folder, async (temporary) => {
    const view = generationView(document)
    const symbols = await runHeyApi(view, temporary, placeSymbols(view))
    const sources = await readTypes(temporary, symbols)
    const emitted: Readonly<Record<string, string>> = {
      'api.gen.ts': emitApiEntry(view, symbols),
      'zod.gen.ts': emitZodEntry(view, symbols),
      'operations.gen.ts': emitOperations(view, symbols, sources),
      'rules.gen.ts': emitRules(view),
      'scopes.gen.ts': emitScopes(view),
      'response-validators.gen.ts': emitResponseValidators(view, symbols),
      'validator.gen.ts': validatorModule,
    }
    for (const [name, text] of Object.entries(emitted)) await writeFile(join(temporary, name), text)
    const withFile = (file: GeneratedSymbol['file']): readonly GeneratedSymbol[] => {
      return symbols.filter((symbol) => symbol.file === file)
    }
    const rewrite = async (
      file: GeneratedSymbol['file'],
      change: (text: string, resource: string) => string,
    ): Promise<void> => {
      for (const resource of new Set(withFile(file).map((symbol) => symbol.folder))) {
        const path = join(temporary, resource, `${file}.gen.ts`)
        await writeFile(path, change(await readFile(path, 'utf8'), resource))
      }
    }
    await rewrite('sdk', removeContentType)
    await rewrite('zod', (text, resource) => typeValidators(text, resource, symbols))
    report = {
      operations: withFile('sdk').length,
      types: withFile('types').length,
      validators: withFile('zod').length,
      folders: new Set(symbols.map((symbol) => symbol.folder)).size,
    }
  })
  if (report === undefined) throw new Error('The generator wrote nothing.')
  return report
}

/** The generated types of all resources. Their names are unique. */
async function readTypes(folder: string, symbols: readonly GeneratedSymbol[]): Promise<TypeSources> {
  const folders = new Set(symbols.filter(({ file }) => file === 'types').map((symbol) => symbol.folder))
  const files = [...folders].map((resource) => readFile(join(folder, resource, 'types.gen.ts'), 'utf8'))
  return typeSources((await Promise.all(files)).join('\n'))
}
