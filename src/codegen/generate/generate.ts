import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenApiDocument } from '../schema/document.ts'
import { emitApiEntry, emitZodEntry } from './emit-entries.ts'
import { emitOperations } from './emit-operations.ts'
import { emitResponseValidators } from './emit-response-validators.ts'
import { emitRules, emitScopes } from './emit-rules.ts'
import { generationView } from './generation-view.ts'
import { runHeyApi } from './hey-api.ts'
import { placeSymbols } from './placement.ts'
import { typeValidators, validatorModule } from './typed-validators.ts'
import { withoutContentType } from './without-content-type.ts'
import { replaceFolder } from './write-tree.ts'

/** Counts of what a generation wrote. */
export interface GenerationReport {
  readonly operations: number
  readonly types: number
  readonly validators: number
  readonly folders: number
}

/**
 * Writes the generated layer for a normalised document with its overlays applied. Either the whole folder is
 * replaced or, when anything fails, none of it.
 */
export async function generate(document: OpenApiDocument, folder: string): Promise<GenerationReport> {
  let report: GenerationReport | undefined
  await replaceFolder(folder, async (temporary) => {
    const view = generationView(document)
    const symbols = await runHeyApi(view, temporary, placeSymbols(view))
    const emitted: Readonly<Record<string, string>> = {
      'api.gen.ts': emitApiEntry(view, symbols),
      'zod.gen.ts': emitZodEntry(view, symbols),
      'operations.gen.ts': emitOperations(view, symbols),
      'rules.gen.ts': emitRules(view),
      'scopes.gen.ts': emitScopes(view),
      'response-validators.gen.ts': emitResponseValidators(view, symbols),
      'validator.gen.ts': validatorModule,
    }
    for (const [name, text] of Object.entries(emitted)) await writeFile(join(temporary, name), text)
    for (const folder of new Set(
      symbols.filter(({ file }) => file === 'sdk').map((symbol) => symbol.folder),
    )) {
      const file = join(temporary, folder, 'sdk.gen.ts')
      await writeFile(file, withoutContentType(await readFile(file, 'utf8')))
    }
    for (const folder of new Set(
      symbols.filter(({ file }) => file === 'zod').map((symbol) => symbol.folder),
    )) {
      const file = join(temporary, folder, 'zod.gen.ts')
      await writeFile(file, typeValidators(await readFile(file, 'utf8'), folder, symbols))
    }
    const count = (file: string): number => symbols.filter((symbol) => symbol.file === file).length
    report = {
      operations: count('sdk'),
      types: count('types'),
      validators: count('zod'),
      folders: new Set(symbols.map((symbol) => symbol.folder)).size,
    }
  })
  if (report === undefined) throw new Error('The generator wrote nothing.')
  return report
}
