import { version } from '../../client/version.ts'
import { replaceFiles } from '../../codegen/files.ts'
import { MissingGeneratorError } from '../../codegen/generate/hey-api.ts'
import { renderServerModule } from '../../codegen/generate/server-module.ts'
import { assertUsable } from '../../codegen/schema/check/check-document.ts'
import { operationsOf } from '../../codegen/schema/document.ts'
import { loadDocument } from '../../codegen/schema/load/load-document.ts'
import { normalizeDocument } from '../../codegen/schema/normalize/normalize-document.ts'
import { compareServer } from '../../codegen/schema/server/compare-server.ts'
import { renderServerLock, type ServerLock } from '../../codegen/schema/server/server-lock.ts'
import { readShippedSchema } from '../../codegen/schema/server/shipped-schema.ts'
import type { AreaReport } from '../area-report.ts'
import { exitCodes } from '../cli-io.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { assertGeneratedModule, type ModuleFiles, moduleFiles, readFileIfExists } from '../module-files.ts'
import { createDownload } from './download.ts'
import { resolveSource, serverSource, withUsageErrors } from './schema-source.ts'

/** Options of the files of a pulled schema. */
export interface SchemaFileOptions {
  readonly out: string
  readonly lock?: string
}

/** Options of `schema pull`. */
export interface SchemaPullOptions extends SchemaFileOptions {
  readonly force?: boolean
}

/** `typehog schema pull`: writes a module with the server's own operations and its lock file, both or neither. */
export async function pullSchemaCommand(
  context: Context,
  given: string | undefined,
  options: SchemaPullOptions,
): Promise<AreaReport> {
  const { cwd, signal } = context.io
  const files = moduleFiles(cwd, options)
  if (options.force !== true)
    assertGeneratedModule(files, await readFileIfExists(files.modulePath), 'typehog schema pull')
  const source = given ?? (await serverSource(context))
  context.note(`Loading ${source}`)
  const loaded = await withUsageErrors(source, async () => {
    const result = await loadDocument(resolveSource(source, cwd), { download: createDownload({ signal }) })
    assertUsable(result.document, result.source)
    return result
  })
  signal.throwIfAborted()
  const { document } = normalizeDocument(loaded.document)
  const difference = compareServer(document, await readShippedSchema())
  const text = await renderServerModule(difference.overlaid, loaded.source).catch((error: unknown) => {
    throw error instanceof MissingGeneratorError ? new UsageError(error.message, error.fix, error) : error
  })
  signal.throwIfAborted()
  const lock: ServerLock = {
    lockfileVersion: 1,
    typehog: version,
    source: loaded.source,
    day: loaded.retrievedAt.toISOString().slice(0, 10),
    sha256: loaded.sha256,
    counts: {
      server: difference.operations,
      written: [...operationsOf(difference.document)].length,
      missing: difference.missing.length,
    },
    missing: difference.missing,
    document: difference.document,
  }
  await replaceFiles([
    { path: files.modulePath, text },
    { path: files.lockPath, text: renderServerLock(lock) },
  ])
  return report(context, files, lock)
}

function report(
  context: Context,
  files: ModuleFiles,
  { source, day, sha256, counts }: ServerLock,
): AreaReport {
  const { module, lock } = files
  const lines = [
    `${source}: ${counts.server} operations, ${counts.written} of them absent from Typehog's snapshot or different.`,
    ...(counts.missing === 0 ? [] : [`The server lacks ${counts.missing} operations of the snapshot.`]),
    `Wrote ${module} and ${lock}. The compiler reads the module if your tsconfig.json includes it.`,
  ]
  return {
    exitCode: exitCodes.ok,
    json: { module, lock, source, day, sha256, counts },
    lines: context.options.quiet === true ? [] : lines,
  }
}
